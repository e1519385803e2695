"""Look at days: what belongs to them, how they stand, what the district said.

Which entries belong to a day is `sync.protocol.statement`'s to say; here it is noted
in the vault as the journal grows, a part at a time.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import ValidationError

from desk_app.services.hands import Workplace
from desk_app.services.journalling import require_setting
from desk_app.services.shown import DaysOwed
from desk_app.services.standing import local_day
from desk_app.store import days, journal, operators, outbox, settings
from desk_app.store.vault import Transaction
from schemas.problems import Code, Problem
from schemas.statement import (
    Agreement,
    DayClosed,
    Place,
    RecordDifference,
    Statement,
    StatementAgreed,
    StatementDiffers,
)
from sync.protocol.statement import (
    Closing,
    DayRecord,
    days_of,
    is_offered,
    leaves_of,
    numbers_in,
    range_digest,
    received_in,
    statement_of,
)
from sync.seal import suite1

DayState = Literal["open", "reopened", "closed", "differs", "agreed"]
_AT_ONCE = 500
_ON_BOARD = 100
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class DayRow:
    """One line of the list of days; `late` entries came after the last closing."""

    day: str
    state: DayState
    entries: int
    version: int
    late: int
    closed_at: datetime | None
    closed_by: str
    sent: bool


@dataclass(frozen=True, slots=True)
class NamedDifference:
    """A record on which the sides differ, as this desk knows it."""

    difference: RecordDifference
    number: str
    kind: str


@dataclass(frozen=True, slots=True)
class DayView:
    """All of one day. `statement` is what would be (or was last) closed."""

    row: DayRow
    statement: Statement
    closings: tuple[DayClosed, ...]
    agreement: Agreement | None
    agreement_genuine: bool
    differences: tuple[NamedDifference, ...]
    asking: bool


def parse_day(text: str) -> str:
    """Return a day as typed; `Problem(DAY_MALFORMED)`."""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise Problem(Code.DAY_MALFORMED, day=text[:20]) from error


def catch_up(place: Workplace, *, limit: int | None = None) -> bool:
    """Note the days of new entries; True when all are noted."""
    done = 0
    while limit is None or done < limit:
        with place.vault.read() as tx:
            if not _new_entries(tx, 1):
                return True
        room = _AT_ONCE if limit is None else min(_AT_ONCE, limit - done)
        with place.vault.write() as tx:
            done += note_new(tx, room)
    with place.vault.read() as tx:
        return not _new_entries(tx, 1)


def note_new(tx: Transaction, limit: int) -> int:
    """Note the days of up to `limit` new entries; returns how many were read."""
    new = _new_entries(tx, limit)
    for kept in new:
        if is_offered(kept.entry):
            continue
        for day in days_of(kept.entry):
            days.note(tx, day, kept.epoch, kept.sequence)
    if new:
        days.noted_through(tx, new[-1].epoch, new[-1].sequence)
    return len(new)


def _new_entries(tx: Transaction, limit: int) -> tuple[journal.KeptEntry, ...]:
    epoch = int(settings.get(tx, "epoch") or 1)
    for each in range(1, epoch + 1):
        seen = days.indexed(tx, each)
        new = journal.after(tx, epoch=each, sequence=seen, limit=limit)
        if new:
            return new
    return ()


def records_of(tx: Transaction, day: str) -> tuple[DayRecord, ...]:
    """Return the records of a day as this desk holds them.

    Those of its own that a restore lost and the district gave back are held, too.
    """
    back = [each for each in days.came_back(tx) if day in days_of(each[2])]
    return tuple(DayRecord(*each) for each in (*days.entries_of(tx, day), *back))


def statement_in(tx: Transaction, closing: Closing) -> Statement:
    """Return this desk's statement of a closing."""
    records = records_of(tx, closing.day)
    items: dict[str, str] = {}
    for number in numbers_in(records):
        entry = days.receipt_of(tx, number)
        received = received_in(entry) if entry else None
        if received:
            items.setdefault(*received)
    return statement_of(records, closing, items=items, digest=suite1.digest)


def list_days(place: Workplace, *, limit: int = _SHOWN) -> tuple[DayRow, ...]:
    """Return the latest days, the newest first; today is always there."""
    catch_up(place)
    today = local_day(place.hands.now()).isoformat()
    with place.vault.read() as tx:
        names = _names(tx)
        counts = dict(days.counts(tx, limit=limit))
        found = sorted({*counts, today}, reverse=True)[:limit]
        return tuple(_row(tx, day, counts.get(day, 0), names) for day in found)


def view_day(place: Workplace, day: str) -> DayView:
    """Return all of one day; `Problem(DAY_MALFORMED)`."""
    day = parse_day(day)
    catch_up(place)
    with place.vault.read() as tx:
        counts = days.after(tx, day, 0, 0)
        row = _row(tx, day, counts, _names(tx))
        kept = days.closings_of(tx, day)
        closings = tuple(DayClosed.model_validate_json(each.body) for each in kept)
        verdicts = [v for v in days.verdicts_of(tx, day) if v.version == row.version]
        fresh = not closings or row.state == "reopened"
        statement = (
            statement_in(tx, next_closing(tx, day)) if fresh else closings[-1].statement
        )
        differences = _differences(tx, verdicts)
    agreed = [v for v in verdicts if v.kind == "statement_agreed"]
    return DayView(
        row=row,
        statement=statement,
        closings=closings,
        agreement=_signed(agreed[-1].body) if agreed else None,
        agreement_genuine=bool(agreed) and agreed[-1].genuine,
        differences=differences,
        asking=any(v.kind == "day_question" for v in verdicts)
        and not any(v.kind != "day_question" for v in verdicts),
    )


def _signed(body: str) -> Agreement | None:
    """Return what the district signed; None where it is nothing that can be read.

    Such a document is kept like any other, and is never genuine.
    """
    said = StatementAgreed.model_validate_json(body)
    try:
        return Agreement.model_validate(said.document)
    except ValidationError:
        return None


def owed(place: Workplace) -> DaysOwed:
    """Return the days that are not yet agreed, for the board."""
    counted = catch_up(place, limit=_ON_BOARD)
    today = local_day(place.hands.now()).isoformat()
    by_state: dict[DayState, list[str]] = {}
    with place.vault.read() as tx:
        if settings.get(tx, "terminal") is None:
            return DaysOwed((), (), (), counted)
        for day in days.not_agreed(tx, before=today, limit=_SHOWN):
            by_state.setdefault(_row(tx, day, 0, {}).state, []).append(day)
    return DaysOwed(
        unclosed=tuple(sorted(by_state.get("open", []) + by_state.get("reopened", []))),
        waiting=tuple(by_state.get("closed", [])),
        differing=tuple(by_state.get("differs", [])),
        counted=counted,
    )


def next_closing(tx: Transaction, day: str) -> Closing:
    """Return the closing that would come next: after the journal's last entry."""
    epoch = int(require_setting(tx, "epoch"))
    head = journal.head(tx, epoch)
    before = days.closings_of(tx, day)
    return Closing(
        device=require_setting(tx, "device"),
        day=day,
        version=before[-1].version + 1 if before else 1,
        before=Place(epoch=epoch, sequence=head.sequence + 1 if head else 1),
    )


def _row(tx: Transaction, day: str, count: int, names: dict[str, str]) -> DayRow:
    closings = days.closings_of(tx, day)
    if not closings:
        return DayRow(day, "open", count, 0, 0, None, "", sent=False)
    last = closings[-1]
    late = days.after(tx, day, last.epoch, last.sequence)
    state: DayState = "closed"
    for verdict in days.verdicts_of(tx, day):
        if verdict.version == last.version and verdict.genuine:
            state = _said(verdict.kind) or state
    lost = state != "agreed" and cannot_agree(tx, last)
    closed = DayClosed.model_validate_json(last.body)
    return DayRow(
        day=day,
        state="reopened" if late or lost else state,
        entries=count,
        version=last.version,
        late=late,
        closed_at=closed.closed_at,
        closed_by=names.get(last.operator, closed.operator_name),
        sent=outbox.is_receipted(tx, epoch=last.epoch, sequence=last.sequence),
    )


def cannot_agree(tx: Transaction, last: days.ClosingRecord) -> bool:
    """Say whether a closing can be agreed no more, so that its day is closed again.

    It was closed before a restore; or it differs, and its own records are not those any
    more that were closed: what the district held of a lost history came back since.
    """
    if last.epoch < int(require_setting(tx, "epoch")):
        return True
    verdicts = days.verdicts_of(tx, last.day)
    if ("statement_differs", last.version) not in {
        (v.kind, v.version) for v in verdicts
    }:
        return False
    before = Place(epoch=last.epoch, sequence=last.sequence)
    closing = Closing(require_setting(tx, "device"), last.day, last.version, before)
    leaves = leaves_of(records_of(tx, last.day), closing, suite1.digest)
    closed = DayClosed.model_validate_json(last.body).statement
    return range_digest(leaves, suite1.digest) != closed.root


def _said(kind: str) -> DayState | None:
    if kind == "statement_agreed":
        return "agreed"
    return "differs" if kind == "statement_differs" else None


def _differences(
    tx: Transaction, verdicts: list[days.VerdictRecord]
) -> tuple[NamedDifference, ...]:
    found = []
    for verdict in verdicts:
        if verdict.kind == "statement_differs":
            said = StatementDiffers.model_validate_json(verdict.body)
            found += [_named(tx, each) for each in said.differences]
    return tuple(found)


def _named(tx: Transaction, difference: RecordDifference) -> NamedDifference:
    label = journal.label_of(tx, epoch=difference.epoch, sequence=difference.sequence)
    return NamedDifference(
        difference,
        (label.number or "") if label else "",
        label.kind if label else "",
    )


def _names(tx: Transaction) -> dict[str, str]:
    return {each.operator_id: each.name for each in operators.all_of(tx)}
