"""Take a step in a case: the machine first, then one transaction.

Rule 1: whatever a screen shows, a step that the machine does not list is refused here.
Rule 2: record, journal entry and audit line are one transaction.
Rule 3: refusals and what changes a legal period are a supervisor's, and never of the
        operator who took the papers in.
Rule 4: a step entered later than it was taken (`Workplace.entering_later`) counts from
        the day it was taken; its reason and the real time are part of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desk_app.services import catalogue, journalling, standing
from desk_app.services.hands import Workplace
from desk_app.store import audit, cases
from desk_app.store.vault import Transaction
from schemas.case import BackEntry, CaseResubmitted, CaseState
from schemas.casework import FOR_SUPERVISORS, MOVES, Standing, after_step
from schemas.problems import Code, Problem
from schemas.steps import CaseStep, PapersMoved


@dataclass(frozen=True, slots=True)
class Before:
    """What a step is built from: the case as it stands, and when the step was taken."""

    record: cases.CaseRecord
    now: Standing
    at: datetime


# A desk's clock may run a little behind the one that a paper was dated by.
_TOLERANCE = timedelta(minutes=2)
_DECISIONS = frozenset({"case_not_accepted", "case_sent_back"})
Build = Callable[[Before], CaseStep]
Also = Callable[[Transaction, cases.CaseRecord], cases.CaseRecord]


def take_step(
    place: Workplace, number: str, build: Build, *, also: Also | None = None
) -> CaseState:
    """Take the step that `build` makes of the case; returns the state after it.

    `also` changes the record further in the same transaction (a new revision). Raises
    the `Problem` that says why the step is not admitted; nothing is changed then.
    """
    edition, calendar = catalogue.in_use(place)
    now = place.hands.now()
    with place.vault.write() as tx:
        record = known(tx, number)
        at, back_entry = taken_at(place, record, now)
        day, item = standing.local_day(at), edition.item(record.item_code)
        before = standing.standing_of(record, item, calendar, day=day)
        step = build(Before(record, before, at))
        step = step.model_copy(update={"back_entry": back_entry})
        _require(place, step.kind, record)
        after = after_step(before, step)
        if isinstance(after, Code):
            raise Problem(after)
        kept = standing.with_step(
            standing.read(record), after, step, day=day,
            received_on=standing.received_on(record),
        )  # fmt: skip
        entry = journalling.append(tx, place, step, number=number)
        moved = replace(
            record,
            state=after.state,
            standing=kept.model_dump_json(),
            last_epoch=entry.epoch,
            last_sequence=entry.sequence,
        )
        if isinstance(step, PapersMoved):
            moved = replace(moved, papers=step.to, bag=step.bag)
        if also is not None:
            moved = also(tx, moved)
        today = standing.local_day(now)
        cases.stepped(tx, standing.with_due(moved, item, calendar, today=today))
        audit.note(tx, step.kind, number, operator=place.operator, now=now)
    return after.state


def taken_at(
    place: Workplace, record: cases.CaseRecord, now: datetime
) -> tuple[datetime, BackEntry | None]:
    """Return when a step was taken, and its mark if it is entered later than that.

    `Problem(BACK_ENTRY_NEEDS_REASON)`, `Problem(STEP_TIME_WRONG)`: not before T0.
    """
    earlier = place.earlier
    if earlier is None:
        return now, None
    if len(earlier.reason.strip()) < 2:  # noqa: PLR2004 - a word
        raise Problem(Code.BACK_ENTRY_NEEDS_REASON)
    received_at = datetime.fromisoformat(record.received_at)
    if not received_at - _TOLERANCE <= earlier.at <= now + _TOLERANCE:
        raise Problem(Code.STEP_TIME_WRONG)
    return earlier.at, BackEntry(
        reason=earlier.reason.strip(), entered_at=now, control=earlier.control.strip()
    )


def resubmitted(
    place: Workplace, tx: Transaction, record: cases.CaseRecord, body: CaseResubmitted
) -> None:
    """Write a correction down in the caller's transaction."""
    if CaseState(record.state) not in MOVES["case_resubmitted"][0]:
        raise Problem(Code.CASE_NOT_RETURNED)
    edition, calendar = catalogue.in_use(place)
    day, item = standing.local_day(body.resubmitted_at), edition.item(record.item_code)
    entry = journalling.append(tx, place, body, number=record.number)
    before = standing.standing_of(record, item, calendar, day=day)
    kept = standing.with_step(
        standing.read(record), replace(before, state=CaseState.RESUBMITTED), body,
        day=day, received_on=standing.received_on(record),
    )  # fmt: skip
    moved = replace(
        record,
        state=CaseState.RESUBMITTED,
        revision=body.revision,
        standing=kept.model_dump_json(),
        last_epoch=entry.epoch,
        last_sequence=entry.sequence,
    )
    cases.stepped(tx, standing.with_due(moved, item, calendar, today=day))


def known(tx: Transaction, number: str) -> cases.CaseRecord:
    """Return a case; `Problem(CASE_UNKNOWN)`."""
    record = cases.get(tx, number)
    if record is None:
        raise Problem(Code.CASE_UNKNOWN, number=number)
    return record


def may(place: Workplace, kind: str, record: cases.CaseRecord) -> Code | None:
    """Return why this operator may not take a step, or None."""
    if kind not in FOR_SUPERVISORS:
        return None
    if place.role != "supervisor":
        return Code.NOT_ALLOWED
    decides = kind in _DECISIONS
    return (
        Code.SAME_PERSON if decides and record.received_by == place.operator else None
    )


def _require(place: Workplace, kind: str, record: cases.CaseRecord) -> None:
    code = may(place, kind, record)
    if code is Code.NOT_ALLOWED:
        raise Problem(code, role="supervisor")
    if code is not None:
        raise Problem(code)
