"""Let go of what was set aside once what it missed is there; ask for what is missing.

An entry is set aside for what it is, or for what this record lacks: its case, or what
happened to it before. After a district and a desk were put back the second kind is
honest work that waits (docs/adr/0020).

Rule 1: whenever a desk sent something, what of it waits is judged once more, where its
        case is filed: without one the verdict would be the same.
Rule 2: an act that was filed at another place is healed by that, and has no second
        effect.
Rule 3: what still waits is asked for, once in each epoch of its desk: the whole case,
        or the range of a batch that did not open. What the desk offers in answer and is
        set aside itself waits with its case, and does not ask for it again.
Rule 4: nothing is taken out of sight: a healed place names what healed it, and the desk
        is told.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from schemas.base import utc_text
from schemas.healing import CaseWanted, EntryReleased
from schemas.problems import Code
from schemas.quarantine import BatchUnreadable, EntryOffered
from sync.district.ledger.asides import Aside, Place, heal
from sync.district.ledger.healing import keep_id
from sync.district.ledger.record import Also, EntryFiled, Record
from sync.district.ledger.sealed import SealedLedger
from sync.district.ledger.sending import queue_message
from sync.district.reconcile.bridging import supplied
from sync.district.reconcile.judging import Judged, Sender, judge
from sync.district.reconcile.rules import Filed, read_entry
from sync.seal.batches import read_batch

# What the record may lack. A step that the state does not admit is looked at again only
# where lost history of its case has just come back: else it was refused for good.
_LACKING: Final = frozenset({int(Code.CASE_UNKNOWN), int(Code.CHAIN_BROKEN)})
_GAP: Final = int(Code.BATCH_UNREADABLE)
# In the bytes of what brings lost history back.
_BRINGS_BACK: Final = (b'"again":', b'"answer_reported"', b'"entry_offered"')


def restored_number(raw: bytes) -> str | None:
    """Return the case whose lost history an entry may bring back, if it does."""
    if not any(each in raw for each in _BRINGS_BACK):
        return None
    entry = read_entry(raw)
    while entry is not None and isinstance(entry.body, EntryOffered):
        entry = supplied(entry)
    number = getattr(entry.body, "number", None) if entry else None
    return number if isinstance(number, str) else None


def healing_by(
    kept: EntryFiled, judged: Judged, also: Also | None, record: Record, *,
    now: datetime,
) -> Also:  # fmt: skip
    """Return what is kept with an entry that is filed: its act, and what that heals."""
    by, at = (kept.epoch, kept.sequence), utc_text(now)
    open_ones = record.asides.of_act(kept.device, judged.act) if judged.act else ()
    # A gap has no act: it is healed by what says that it stood there.
    places = {each.place for each in open_ones} | {by} | set(judged.supplies)
    told = [
        EntryReleased(
            epoch=each.epoch, sequence=each.sequence, by_epoch=by[0], by_sequence=by[1]
        ).model_dump_json()
        for each in open_ones
    ]

    def everything(connection: Connection) -> None:
        if also is not None:
            also(connection)
        if judged.act is not None:
            keep_id(
                connection, judged.act, device=kept.device, epoch=kept.epoch,
                sequence=kept.sequence,
            )  # fmt: skip
        heal(connection, kept.device, places, by=by, at=at)
        for message in told:
            queue_message(connection, kept.device, message)

    return everything


def release(
    desk: Sender, record: Record, restored: frozenset[str], *, now: datetime
) -> int:
    """Judge again what of a desk waits, until nothing moves; ask for what is left.

    `restored` are the cases whose lost history may have come back just now. Returns how
    many entries were filed.
    """
    filed = 0
    while moved := _look_again(desk, record, restored, now=now):
        filed += moved
    _ask(desk, record, now=now)
    return filed


def _look_again(
    desk: Sender, record: Record, restored: frozenset[str], *, now: datetime
) -> int:
    filed = 0
    for each in record.asides.may_go_on(
        desk.device.device, lacking=_LACKING, restored=restored
    ):
        line = EntryFiled(
            each.device, each.epoch, each.sequence, each.entry, each.number, None, ""
        )
        judged = judge(line, desk, record, now=now)
        if isinstance(judged.verdict, Filed):
            record.file_late(
                each.device,
                case=judged.verdict.case,
                feedback=judged.follows.feedback,
                also=healing_by(line, judged, judged.follows.also, record, now=now),
            )
            filed += 1
    return filed


def _ask(desk: Sender, record: Record, *, now: datetime) -> None:
    device = desk.device.device
    asked: dict[Place, str | None] = {}
    waiting = record.asides.not_asked(device, _LACKING | {_GAP})
    cases = record.asides.cases_asked(device) if waiting else frozenset()
    for each in waiting:
        if each.problem == _GAP:
            if each.place not in asked:
                asked |= _range_wanted(each, desk.sealed)
        elif each.number:
            again = each.number in cases
            wanted = CaseWanted(number=each.number).model_dump_json()
            asked[each.place] = None if again else wanted
            cases |= {each.number}
    if asked:
        record.asides.ask(device, asked, at=utc_text(now))


def _range_wanted(gap: Aside, sealed: SealedLedger) -> dict[Place, str | None]:
    """Ask for the range of the batch that a gap is in; its heads say which history."""
    raw = sealed.batch_over(gap.device, gap.epoch, gap.sequence)
    if raw is None:
        return {}
    header = read_batch(raw).header
    wanted = BatchUnreadable(
        epoch=header.epoch,
        first=header.first,
        last=header.last,
        problem=gap.problem,
        reason=gap.reason,
        chain_before=header.chain_before,
        chain_after=header.chain_after,
    )
    asked: dict[Place, str | None] = {
        (header.epoch, each): None for each in range(header.first, header.last + 1)
    }
    return asked | {gap.place: wanted.model_dump_json()}
