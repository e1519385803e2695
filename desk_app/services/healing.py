"""Heal after a rollback: leave the epoch, take back what was held, offer again.

Rule 1: nothing is decided on the answer to an old greeting: a newer one has gone out.
Rule 2: an entry of a left epoch is held by the district byte for byte, or it is offered
        again in the new epoch with its operator, clocks and id; there is no third.
Rule 3: a number on two papers stays valid on both: the district's case keeps it, the
        other gets a new one, and a task says so until the applicant was told.
"""

from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from desk_app.services import freezing, fresh_keys, journalling, leaning, pending
from desk_app.services.access import require_supervisor
from desk_app.services.hands import Workplace
from desk_app.services.journalling import require_setting
from desk_app.services.refiling import rebuild
from desk_app.services.reporting import report_answers
from desk_app.store import (
    audit,
    incidents,
    journal,
    numbers,
    outbox,
    pages,
    quarantine,
    returned,
    settings,
)
from desk_app.store.vault import Transaction
from desk_app.text.words import CHINA
from schemas.base import utc_text
from schemas.contact import JournalHead, Verdict, Welcome
from schemas.feed import FeedBody
from schemas.healing import AnswersWanted, EntriesReturned, EpochStarted
from schemas.ids import read_case_number
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem
from sync.protocol.chain import chain_next, chain_start
from sync.protocol.returning import unpack
from sync.seal import suite1

if TYPE_CHECKING:
    from schemas.encoding import JsonObject

_STATE: Final = "healing"
_GIVES_NUMBERS: Final = frozenset({"case_received", "number_voided"})
# What speaks of an epoch or of a day's sums has no meaning in another epoch.
_LEFT_BEHIND: Final = frozenset({"epoch_started", "day_closed", "day_compared"})


class Claims(BaseModel):
    """What the last greeting claimed: the answer is held against it."""

    model_config = ConfigDict(frozen=True)

    counter: int
    epoch: int
    receipted: dict[int, int]


class Healing(BaseModel):
    """A healing under way: which epoch began it, and up to where both sides agree."""

    model_config = ConfigDict(frozen=True)

    since: int
    from_epoch: int
    agreed: int
    position: int
    frozen_day: str | None = None


def claim(tx: Transaction, counter: int, epoch: int) -> None:
    """Write down what a greeting claims, in its own transaction."""
    known = range(1, epoch + 1)
    receipted = {each: pending.held_through(tx, each) for each in known}
    claims = Claims(counter=counter, epoch=epoch, receipted=receipted)
    settings.put(tx, "contact_claims", claims.model_dump_json())


def state_in(tx: Transaction) -> Healing | None:
    """Return the healing under way, or None."""
    kept = settings.get(tx, _STATE)
    return Healing.model_validate_json(kept) if kept else None


def consider(
    place: Workplace, tx: Transaction, welcome: Welcome, verdict: Verdict
) -> None:
    """Act on what a welcome shows, in the transaction that keeps it."""
    kept = settings.get(tx, "contact_claims")
    claims = Claims.model_validate_json(kept) if kept else None
    if claims is None or claims.counter != welcome.counter:
        return
    if verdict is Verdict.CLONED:
        _cloned(place, tx)
        return
    settings.put(tx, "cloned_at", "")
    _offer_what_was_lost(place, tx, claims, welcome)
    # What overlaps with kept batches, and is not known here as sent, was sent by a
    # history that this vault has lost: nothing after it would ever be filed.
    parted = outbox.has_refusal(tx, claims.epoch, int(Code.BATCH_OVERLAPS))
    if parted or verdict in {Verdict.DESK_BEHIND, Verdict.FORKED}:
        why = "forked" if verdict is Verdict.FORKED else "desk_behind"
        agreed = _agreed(tx, claims, welcome.held, parted=parted)
        _leave_epoch(place, tx, claims.epoch, welcome, why=why, agreed=agreed)


def _cloned(place: Workplace, tx: Transaction) -> None:
    if settings.get(tx, "cloned_at"):
        return
    now = place.hands.now()
    settings.put(tx, "cloned_at", utc_text(now))
    freezing.freeze_in(tx, "cloned", until_after=None)
    incidents.add(tx, "cloned", {}, now=now)
    audit.note(tx, "cloned", "", operator=None, now=now)


def declare_only(place: Workplace) -> None:
    """A supervisor's word that the other copy is out of use: heal at the next contact.

    Should the other one still be used, it is the one that is refused from then on.
    """
    require_supervisor(place)
    now = place.hands.now()
    with place.vault.write() as tx:
        settings.put(tx, "cloned_at", "")
        freezing.put_back_in(tx, now=now)
        who = place.operator
        audit.note(tx, "only_copy_declared", "", operator=who, now=now)


def _offer_what_was_lost(
    place: Workplace, tx: Transaction, claims: Claims, welcome: Welcome
) -> None:
    held = dict(welcome.held_before)
    held[claims.epoch] = welcome.held.sequence if welcome.held else 0
    now = place.hands.now()
    lost = 0
    for epoch, receipted in claims.receipted.items():
        if receipted > held.get(epoch, 0):
            after = held.get(epoch, 0)
            lost += receipted - after
            _keep_as_cut(tx, epoch, after)
            outbox.lose(tx, epoch=epoch, after=after, at=utc_text(now))
            if epoch != claims.epoch:
                pending.hold_through(tx, epoch, after)
    if lost:
        leaning.begin_anew(tx)
        incidents.add(tx, "district_behind", {"entries": str(lost)}, now=now)
        audit.note(tx, "receipts_lost", str(lost), operator=None, now=now)


def _keep_as_cut(tx: Transaction, epoch: int, after: int) -> None:
    """Let what may have arrived without a receipt go again as the piece that it was."""
    for each in outbox.all_waiting(tx):
        is_cut = quarantine.cut_at(tx, epoch, each.first) is not None
        if each.epoch == epoch and each.last > after and not is_cut:
            cut = quarantine.Cut(epoch, each.first, each.last, withheld=False)
            quarantine.cut(tx, cut)


def _leave_epoch(
    place: Workplace, tx: Transaction, epoch: int, welcome: Welcome, *,
    why: str, agreed: int,
) -> None:  # fmt: skip
    before, from_epoch = state_in(tx), epoch
    if before is not None:
        from_epoch, agreed = before.from_epoch, before.agreed
    head = journal.head(tx, epoch)
    restored_from = settings.get(tx, "restored_from")
    restored = bool(settings.get(tx, "restored_at"))
    started = EpochStarted(
        why="restored" if restored else why,
        from_epoch=from_epoch,
        agreed=agreed,
        own=head.sequence if head else 0,
        held=welcome.held,
        restored_from=restored_from if restored else None,
    )
    since = max(epoch, welcome.newest_epoch) + 1
    outbox.give_up(tx, epoch)
    settings.put(tx, "epoch", str(since))
    settings.put(tx, "restored_at", "")
    now = place.hands.now()
    frozen = freezing.frozen_in(tx, now=now)
    day = frozen.until_after if frozen else None
    state = Healing(
        since=since, from_epoch=from_epoch, agreed=agreed, position=0,
        frozen_day=day or (before.frozen_day if before else None),
    )  # fmt: skip
    settings.put(tx, _STATE, state.model_dump_json())
    settings.put(tx, "healing_from", str(from_epoch))
    freezing.freeze_in(tx, "healing", until_after=None)
    journalling.append(tx, place, started, number="")
    detail = {"epoch": str(since), "why": started.why}
    incidents.add(tx, "desk_behind", detail, now=now)
    audit.note(tx, "epoch_started", str(since), operator=None, now=now)


def _agreed(
    tx: Transaction, claims: Claims, held: JournalHead | None, *, parted: bool
) -> int:
    """Return up to where the desk's own epoch is the district's, proved by chains.

    Where histories parted, of what is kept and not signed for the bytes that come back
    are the proof.
    """
    if held is None:
        return 0
    own = journal.chain_at(tx, epoch=claims.epoch, sequence=held.sequence)
    if own == held.chain and not parted:
        return held.sequence
    return min(claims.receipted.get(claims.epoch, 0), held.sequence)


def take(place: Workplace, tx: Transaction, body: FeedBody, position: int) -> None:
    """Do what a feed message says of a healing, in its cursor's transaction."""
    if isinstance(body, EntriesReturned):
        _take_returned(place, tx, body, position)
    elif isinstance(body, AnswersWanted):
        report_answers(place, tx, after=body.after, through=body.through)


def _take_returned(
    place: Workplace, tx: Transaction, body: EntriesReturned, position: int
) -> None:
    state = state_in(tx)
    ours = state is not None and state.since == body.since
    raws = unpack(body)
    if state is not None and not ours:
        # A healing that this vault has forgotten: the one under way brings it again,
        # whole and in order, for it was filed before that one began.
        raws = tuple(raw for raw in raws if not _comes_again(tx, state, raw))
    touched = {_keep(tx, raw, position) for raw in raws}
    if state is not None and ours:
        if state.position == 0:
            state = state.model_copy(update={"position": position})
            settings.put(tx, _STATE, state.model_dump_json())
        if body.final:
            _finish(place, tx, state)
        return
    # It came late (a stick of the lost machine), or to a desk that succeeded another.
    for number in touched:
        if number:
            rebuild(place, tx, number)
    if body.final and touched:
        now = place.hands.now()
        incidents.add(tx, "entries_back", {"entries": str(len(touched))}, now=now)


def _read(raw: bytes) -> JournalEntry:
    try:
        return JournalEntry.model_validate_json(raw)
    except ValidationError as error:
        raise Problem(Code.RETURNED_ENTRY_FALSE) from error


def _comes_again(tx: Transaction, state: Healing, raw: bytes) -> bool:
    entry = _read(raw)
    later = (entry.epoch, entry.sequence) > (state.from_epoch, state.agreed)
    return entry.device == require_setting(tx, "device") and later


def _keep(tx: Transaction, raw: bytes, position: int) -> str | None:
    entry = _read(raw)
    own = entry.device == require_setting(tx, "device")
    number = getattr(entry.body, "number", None)
    chain = _chain_before(tx, entry, own=own)
    if chain is not None:
        link = chain and chain_next(suite1.digest, chain, raw)
        kept = returned.ReturnedEntry(
            entry.device, entry.epoch, entry.sequence, raw, link,
            utc_text(entry.clocks.wall), entry.body.kind, number, position, own,
        )  # fmt: skip
        returned.add(tx, kept)
    if number and entry.body.kind in _GIVES_NUMBERS:
        numbers.keep(tx, read_case_number(number))
    return number if isinstance(number, str) else None


def _chain_before(tx: Transaction, entry: JournalEntry, *, own: bool) -> str | None:
    """Return the chain that an entry follows; None where it came back before.

    A later part may have come first, by a stick: what is missing before it still comes.
    """
    place = (entry.epoch, entry.sequence)
    if returned.entry_at(tx, entry.device, *place) is not None:
        return None
    if entry.sequence == 1:
        return chain_start(suite1.digest, entry.device, entry.epoch)
    before = returned.last_before(tx, entry.device, *place)
    if before is not None:
        # What the district never had (a stub) leaves a gap: the chain is not known.
        return before[1] if entry.sequence == before[0] + 1 else ""
    last = {"epoch": entry.epoch, "sequence": entry.sequence - 1}
    return (journal.chain_at(tx, **last) if own else None) or ""


def _finish(place: Workplace, tx: Transaction, state: Healing) -> None:
    device = require_setting(tx, "device")
    displaced: list[JournalEntry] = []
    touched = set(returned.numbers_since(tx, state.position))
    elsewhere = _acts_elsewhere(tx, device, state)
    for kept in journal.between(
        tx, epoch=state.from_epoch, sequence=state.agreed, before=state.since
    ):
        back = returned.entry_at(tx, device, kept.epoch, kept.sequence)
        if back == kept.entry:
            returned.settle(tx, kept.epoch, kept.sequence, "held")
            continue
        returned.settle(tx, kept.epoch, kept.sequence, "offered_again")
        entry = JournalEntry.model_validate_json(kept.entry)
        # The machine that is lost had offered it again already, perhaps renumbered.
        there = elsewhere.get(journalling.original_id(entry))
        if there is None:
            displaced.append(entry)
        else:
            touched |= _stands_there(place, tx, entry, there)
    for epoch in range(state.from_epoch, state.since):
        last = returned.last_chain(tx, device, epoch)
        agreed = state.agreed if epoch == state.from_epoch else 0
        pending.hold_through(tx, epoch, last[0] if last else agreed)
    renamed: dict[str, str] = {}
    for entry in displaced:
        touched |= _offer_again(place, tx, entry, renamed)
    for number in sorted(touched):
        rebuild(place, tx, number)
    _end(place, tx, state, offered=len(displaced), renamed=len(renamed))


def _acts_elsewhere(
    tx: Transaction, device: str, state: Healing
) -> dict[str, JournalEntry]:
    """Return what came back at a later place than where it was done, by its act."""
    entries = (
        JournalEntry.model_validate_json(raw)
        for raw in returned.own_of(tx, device, from_epoch=state.from_epoch)
    )
    return {each.again.entry_id: each for each in entries if each.again}


def _stands_there(
    place: Workplace, tx: Transaction, entry: JournalEntry, there: JournalEntry
) -> set[str]:
    """Follow an act to its later place, where its case may bear another number."""
    numbers = [getattr(each.body, "number", None) for each in (entry, there)]
    old, new = (each if isinstance(each, str) else "" for each in numbers)
    if entry.body.kind == "case_received" and old != new:
        _renumbered(place, tx, old, new)
    return {old, new} - {""}


def _offer_again(
    place: Workplace, tx: Transaction, entry: JournalEntry, renamed: dict[str, str]
) -> set[str]:
    body: JsonObject = entry.body.model_dump(mode="json")
    kind, number = entry.body.kind, body.get("number")
    if kind in _LEFT_BEHIND:
        return set()
    if kind == "device_keys_renewed" and not fresh_keys.may_offer(tx, body):
        # The keys that it names are nobody's next ones any more.
        return set()
    if not isinstance(number, str) or not number:
        journalling.append_again(tx, place, body, number="", was=entry)
        return set()
    if kind in _GIVES_NUMBERS and returned.gave(tx, number):
        if kind == "number_voided":
            # The number that was voided here is a case's: nothing is void.
            return {number}
        renamed[number] = renumber(place, tx, number)
        body["paper_number"] = number
    new = renamed.get(number, number)
    body["number"] = new
    journalling.append_again(tx, place, body, number=new, was=entry)
    return {number, new}


def renumber(place: Workplace, tx: Transaction, old: str) -> str:
    """Give a case whose paper bears a number another one; a task says so."""
    now = place.hands.now()
    town, terminal = require_setting(tx, "town"), require_setting(tx, "terminal")
    day = now.astimezone(CHINA).date()
    new = numbers.take(tx, town=town, terminal=terminal, day=day)
    _renumbered(place, tx, old, new)
    return new


def _renumbered(place: Workplace, tx: Transaction, old: str, new: str) -> None:
    now = place.hands.now()
    returned.renumber(tx, old=old, new=new, at=utc_text(now))
    pages.move(tx, old, new)
    incidents.add(tx, "number_on_two_papers", {"old": old, "new": new}, now=now)
    audit.note(tx, "renumbered", f"{old} {new}", operator=None, now=now)


def _end(
    place: Workplace, tx: Transaction, state: Healing, *, offered: int, renamed: int
) -> None:
    now = place.hands.now()
    settings.put(tx, _STATE, "")
    settings.put(tx, "healing_from", "")
    freezing.thaw_in(tx)
    if state.frozen_day is not None:
        # What the district never had is known to the paper register alone.
        freezing.freeze_in(tx, "restored", until_after=state.frozen_day)
    back = returned.count_since(tx, state.position) if state.position else 0
    detail = {"back": str(back), "offered": str(offered), "renamed": str(renamed)}
    incidents.add(tx, "healed", detail, now=now)
    audit.note(tx, "healed", str(state.since), operator=None, now=now)


def told(place: Workplace, new_number: str) -> None:
    """Note that an applicant knows the new number; `Problem(CASE_UNKNOWN)`."""
    now = place.hands.now()
    with place.vault.write() as tx:
        done = returned.told(tx, new_number, by=place.operator, at=utc_text(now))
        if not done:
            raise Problem(Code.CASE_UNKNOWN, number=new_number)
        who = place.operator
        audit.note(tx, "renumbering_told", new_number, operator=who, now=now)
