"""Take a step in a case: the machine first, then one transaction.

Rule 1: whatever a screen shows, a step that the machine does not list is refused here.
Rule 2: record, journal entry and audit line are one transaction.
Rule 3: refusals and what changes a legal period are a supervisor's, and never of the
        operator who took the papers in.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from desk_app.services import catalogue, journalling, standing
from desk_app.services.hands import Workplace
from desk_app.store import audit, cases
from desk_app.store.vault import Transaction
from schemas.case import CaseResubmitted, CaseState
from schemas.casework import FOR_SUPERVISORS, MOVES, after_step
from schemas.problems import Code, Problem
from schemas.steps import CaseStep, PapersMoved


@dataclass(frozen=True, slots=True)
class Before:
    """What a step is built from: the case as it stands, and the moment."""

    record: cases.CaseRecord
    kept: standing.KeptStanding
    at: datetime


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
        kept = standing.read(record)
        step = build(Before(record, kept, now))
        _require(place, step.kind, record)
        before = standing.standing_of(record)
        after = after_step(before, step)
        if isinstance(after, Code):
            raise Problem(after)
        day = standing.local_day(now)
        entry = journalling.append(tx, place, step, number=number)
        moved = replace(
            record,
            state=after.state,
            standing=standing.with_step(kept, after, step, day).model_dump_json(),
            last_epoch=entry.epoch,
            last_sequence=entry.sequence,
        )
        if isinstance(step, PapersMoved):
            moved = replace(moved, papers=step.to, bag=step.bag)
        if also is not None:
            moved = also(tx, moved)
        item = edition.item(record.item_code)
        cases.stepped(tx, standing.with_due(moved, item, calendar, today=day))
        audit.note(tx, step.kind, number, operator=place.operator, now=now)
    return after.state


def resubmitted(
    place: Workplace, tx: Transaction, record: cases.CaseRecord, body: CaseResubmitted
) -> None:
    """Write a correction down in the caller's transaction."""
    if CaseState(record.state) not in MOVES["case_resubmitted"][0]:
        raise Problem(Code.CASE_NOT_RETURNED)
    edition, calendar = catalogue.in_use(place)
    day = standing.local_day(body.resubmitted_at)
    entry = journalling.append(tx, place, body, number=record.number)
    kept = standing.read(record)
    after = replace(standing.standing_of(record), state=CaseState.RESUBMITTED)
    moved = replace(
        record,
        state=CaseState.RESUBMITTED,
        revision=body.revision,
        standing=standing.with_step(kept, after, body, day).model_dump_json(),
        last_epoch=entry.epoch,
        last_sequence=entry.sequence,
    )
    item = edition.item(record.item_code)
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
    decides = kind in {"case_not_accepted", "case_sent_back"}
    return (
        Code.SAME_PERSON if decides and record.received_by == place.operator else None
    )


def _require(place: Workplace, kind: str, record: cases.CaseRecord) -> None:
    code = may(place, kind, record)
    if code is Code.NOT_ALLOWED:
        raise Problem(code, role="supervisor")
    if code is not None:
        raise Problem(code)
