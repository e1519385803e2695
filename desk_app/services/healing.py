"""Decide by a welcome whether histories parted, and leave the epoch where they did.

Rule 1: nothing is decided on the answer to an old greeting: a newer one has gone out.
Rule 2: what the two sides agree on is proved by chains, signed receipts or the very
        bytes, never by a count.

What the district held then comes back (`taking_back`).
"""

from typing import Final

from pydantic import BaseModel, ConfigDict

from desk_app.services import freezing, journalling, leaning, pending
from desk_app.services.access import require_supervisor
from desk_app.services.hands import Workplace
from desk_app.store import (
    audit,
    incidents,
    journal,
    outbox,
    quarantine,
    settings,
)
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.contact import JournalHead, Verdict, Welcome
from schemas.healing import EpochStarted
from schemas.problems import Code

_STATE: Final = "healing"


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


def keep_state(tx: Transaction, state: Healing | None) -> None:
    """Keep how far a healing is; None where it is over."""
    settings.put(tx, _STATE, state.model_dump_json() if state else "")


def consider(
    place: Workplace, tx: Transaction, welcome: Welcome, verdict: Verdict
) -> None:
    """Act on what a welcome shows, in the transaction that keeps it."""
    kept = settings.get(tx, "contact_claims")
    claims = Claims.model_validate_json(kept) if kept else None
    if claims is None or claims.counter != welcome.counter:
        return
    # An answer comes twice (the line, and a stick): the second says nothing new.
    settings.put(tx, "contact_claims", "")
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
    keep_state(tx, state)
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
