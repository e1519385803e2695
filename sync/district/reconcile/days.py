"""Look at days from the district's side: who closed what, what agrees, what differs."""

from dataclasses import dataclass
from typing import Literal

from schemas.statement import Agreement, DayClosed, Statement
from sync.district.ledger.days import ClosingFiled
from sync.district.ledger.findings import FindingKept
from sync.district.ledger.record import Record
from sync.district.reconcile.comparing import differences_of
from sync.protocol.statement import late as late_in

DayState = Literal["open", "reopened", "asking", "differs", "agreed"]


@dataclass(frozen=True, slots=True)
class DayLine:
    """How one device's day stands; `late` entries came after its last closing."""

    device: str
    day: str
    state: DayState
    entries: int
    version: int
    late: int
    closed_at: str
    operator_name: str
    differences: int


@dataclass(frozen=True, slots=True)
class DayPage:
    """All of a day: the desk's statement beside the district's own."""

    line: DayLine
    theirs: Statement | None
    ours: Statement | None
    closings: tuple[DayClosed, ...]
    agreement: Agreement | None
    findings: tuple[FindingKept, ...]
    rounds: int


def list_days(record: Record, *, limit: int = 200) -> tuple[DayLine, ...]:
    """Return the latest days of every desk, the latest first."""
    for device in record.days.devices():
        record.days.catch_up(device)
    counts = {
        (device, day): count for device, day, count in record.days.counts(limit=limit)
    }
    both = {*counts, *record.days.closed_days(limit=limit)}
    found = sorted(both, key=lambda key: (key[1], key[0]), reverse=True)[:limit]
    return tuple(_line(record, *key, counts.get(key, 0)) for key in found)


def view_day(record: Record, device: str, day: str) -> DayPage:
    """Return all of one day of a desk."""
    record.days.catch_up(device)
    count = len(record.days.records(device, day))
    line = _line(record, device, day, count)
    closings = record.days.closings(device, day)
    last = closings[-1] if closings else None
    bodies = tuple(DayClosed.model_validate_json(each.body) for each in closings)
    document = record.days.agreement(last.key) if last else None
    return DayPage(
        line=line,
        theirs=bodies[-1].statement if bodies else None,
        ours=Statement.model_validate_json(last.own) if last else None,
        closings=bodies,
        agreement=Agreement.model_validate_json(document) if document else None,
        findings=record.findings.of(device=device, day=day),
        rounds=record.days.search(last.key).rounds if last else 0,
    )


def _line(record: Record, device: str, day: str, count: int) -> DayLine:
    closings = record.days.closings(device, day)
    if not closings:
        return DayLine(device, day, "open", count, 0, 0, "", "", 0)
    last = closings[-1]
    body = DayClosed.model_validate_json(last.body)
    # What only carries an earlier entry again has its own place before the closing.
    late = record.days.after(last.key) and late_in(
        record.days.records(device, day), (last.key.epoch, last.key.sequence)
    )
    return DayLine(
        device=device,
        day=day,
        state="reopened" if late else _state(record, last),
        entries=count,
        version=last.version,
        late=late,
        closed_at=body.closed_at.isoformat(),
        operator_name=body.operator_name,
        differences=len(differences_of(record, last.key)),
    )


def _state(record: Record, closing: ClosingFiled) -> DayState:
    if record.days.agreement(closing.key) is not None:
        return "agreed"
    return "asking" if record.days.search(closing.key).asking else "differs"
