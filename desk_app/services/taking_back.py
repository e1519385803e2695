"""Take back what the district held of a left epoch, offer the rest again, end it.

Rule 1: an entry of a left epoch is held by the district byte for byte, or it is offered
        again in the new epoch with its operator, clocks and id; there is no third.
Rule 2: what comes back in another order than it was written is kept all the same: a
        stick, or a healing that this vault has forgotten, may be first.
"""

from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from desk_app.services import freezing, fresh_keys, healing, journalling, pending
from desk_app.services.hands import Workplace
from desk_app.services.journalling import require_setting
from desk_app.services.refiling import rebuild
from desk_app.services.renumbering import recalled, renumber, renumbered
from desk_app.services.reporting import report_answers
from desk_app.store import audit, incidents, journal, numbers, returned, settings
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.feed import FeedBody
from schemas.healing import AnswersWanted, EntriesReturned
from schemas.ids import read_case_number
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem
from sync.protocol.chain import chain_next, chain_start
from sync.protocol.returning import unpack
from sync.seal import suite1

if TYPE_CHECKING:
    from schemas.encoding import JsonObject

_GIVES_NUMBERS: Final = frozenset({"case_received", "number_voided"})
# What speaks of an epoch or of a day's sums has no meaning in another epoch.
_LEFT_BEHIND: Final = frozenset({"epoch_started", "day_closed", "day_compared"})


def take(place: Workplace, tx: Transaction, body: FeedBody, position: int) -> None:
    """Do what a feed message says of a healing, in its cursor's transaction."""
    if isinstance(body, EntriesReturned):
        _take_returned(place, tx, body, position)
    elif isinstance(body, AnswersWanted):
        report_answers(place, tx, after=body.after, through=body.through)


def _take_returned(
    place: Workplace, tx: Transaction, body: EntriesReturned, position: int
) -> None:
    state = healing.state_in(tx)
    ours = state is not None and state.since == body.since
    raws = unpack(body)
    if state is not None and not ours:
        # A healing that this vault has forgotten: the one under way brings it again,
        # whole and in order, for it was filed before that one began.
        raws = tuple(raw for raw in raws if not _comes_again(tx, state, raw))
    touched = {_keep(place, tx, raw, position) for raw in raws}
    if state is not None and ours:
        if state.position == 0:
            state = state.model_copy(update={"position": position})
            healing.keep_state(tx, state)
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


def _comes_again(tx: Transaction, state: healing.Healing, raw: bytes) -> bool:
    entry = _read(raw)
    later = (entry.epoch, entry.sequence) > (state.from_epoch, state.agreed)
    return entry.device == require_setting(tx, "device") and later


def _keep(place: Workplace, tx: Transaction, raw: bytes, position: int) -> str | None:
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
    on_paper = (entry.body.model_extra or {}).get("paper_number")
    if number and isinstance(on_paper, str):
        # This vault may have forgotten that it gave the case another number.
        recalled(place, tx, on_paper, number)
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


def _finish(place: Workplace, tx: Transaction, state: healing.Healing) -> None:
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
    tx: Transaction, device: str, state: healing.Healing
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
        renumbered(place, tx, old, new)
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


def _end(
    place: Workplace,
    tx: Transaction,
    state: healing.Healing,
    *,
    offered: int,
    renamed: int,
) -> None:
    now = place.hands.now()
    healing.keep_state(tx, None)
    settings.put(tx, "healing_from", "")
    freezing.thaw_in(tx)
    if state.frozen_day is not None:
        # What the district never had is known to the paper register alone.
        freezing.freeze_in(tx, "restored", until_after=state.frozen_day)
    back = returned.count_since(tx, state.position) if state.position else 0
    detail = {"back": str(back), "offered": str(offered), "renamed": str(renamed)}
    incidents.add(tx, "healed", detail, now=now)
    audit.note(tx, "healed", str(state.since), operator=None, now=now)
