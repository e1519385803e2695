"""A case's standing: a projection of its steps, kept for the machine and the clock.

Pure: JSON in, JSON out; the journal stays the truth. Days are local (China).
"""

from dataclasses import replace
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from desk_app.store.cases import CaseRecord
from desk_app.text.words import CHINA
from schemas.base import utc_text
from schemas.calendars import WorkingCalendar
from schemas.case import Answer, Application, CaseResubmitted, CaseState
from schemas.casework import DECIDED, Standing, after_answer
from schemas.catalogue import Item
from schemas.clock import ClockFacts, Deadline, Stop, deadlines, deemed_accepted
from schemas.steps import (
    CaseAccepted,
    CaseStep,
    ClockResumed,
    ClockStopped,
    CorrectionRequested,
    DeferralExtended,
    PapersAt,
)


class KeptStanding(BaseModel):
    """What is kept of a case between its steps."""

    model_config = ConfigDict(frozen=True)

    version: int = 1
    forwarded_only: bool = False
    told_once: bool = False
    extended: bool = False
    rated: bool = False
    deemed: bool = False
    deferral_extended: bool = False
    owed: dict[str, date] = {}
    accepted_on: date | None = None
    resubmitted_on: date | None = None
    correction_due: date | None = None
    decided_on: date | None = None
    old_licence_ends: date | None = None
    stops: tuple[tuple[date, date | None], ...] = ()
    true_received_on: date | None = None
    """The day of T0 by proved time, where the PC's clock was wrong (P9)."""


def local_day(moment: datetime) -> date:
    """Return the day of a moment as the window reads it."""
    return moment.astimezone(CHINA).date()


def first_standing(item: Item, application: Application) -> KeptStanding:
    """Return the standing of a case that was just received."""
    ends = application.form.get("old_cert_expiry")
    known = date.fromisoformat(ends) if item.renewal and isinstance(ends, str) else None
    return KeptStanding(forwarded_only=item.forwarded, old_licence_ends=known)


def read(record: CaseRecord) -> KeptStanding:
    """Return what is kept of a case."""
    return KeptStanding.model_validate_json(record.standing)


def standing_of(
    record: CaseRecord, item: Item | None, calendar: WorkingCalendar, *, day: date
) -> Standing:
    """Return what the machine needs, on the day of the step (not of its entry)."""
    kept = read(record)
    facts = facts_of(record, item)
    late = [
        due for due in kept.owed.values() if day > calendar.working_day_from(due).day
    ]
    return Standing(
        state=CaseState(record.state),
        forwarded_only=kept.forwarded_only,
        told_once=kept.told_once,
        clock_stopped=any(ended is None for _, ended in kept.stops),
        extended=kept.extended,
        rated=kept.rated,
        deemed=deemed_accepted(facts, calendar, day),
        deferral_extended=kept.deferral_extended,
        owed_overdue=bool(late),
        papers=PapersAt(record.papers),
        owed=frozenset(kept.owed),
    )


def received_on(record: CaseRecord) -> date:
    """Return the local day of T0; by proved time, where the PC's clock was wrong."""
    day = local_day(datetime.fromisoformat(record.received_at))
    return read(record).true_received_on or day


def truly_received(record: CaseRecord, day: date) -> CaseRecord:
    """Return the case with the day on which it was truly received."""
    kept = read(record).model_copy(update={"true_received_on": day})
    return replace(record, standing=kept.model_dump_json())


def facts_of(record: CaseRecord, item: Item | None) -> ClockFacts:
    """Return what the clock is read from."""
    kept = read(record)
    return ClockFacts(
        state=CaseState(record.state),
        received_on=received_on(record),
        promised_days=item.promised_limit.days if item else None,
        statutory_days=item.statutory_limit.days if item else None,
        accepted_on=kept.accepted_on,
        resubmitted_on=kept.resubmitted_on,
        correction_due=kept.correction_due,
        deferred_due=min(kept.owed.values(), default=None),
        decided_on=kept.decided_on,
        old_licence_ends=kept.old_licence_ends,
        extended=kept.extended,
        forwarded_only=kept.forwarded_only,
        stops=tuple(Stop(began, ended) for began, ended in kept.stops),
    )


def with_step(
    kept: KeptStanding,
    after: Standing,
    step: CaseStep | CaseResubmitted,
    *,
    day: date,
    received_on: date,
) -> KeptStanding:
    """Return what is kept after a step of a day that the machine admitted."""
    owed = {key: due for key, due in kept.owed.items() if key in after.owed}
    changes: dict[str, object] = {
        "told_once": after.told_once,
        "extended": after.extended,
        "rated": after.rated,
        "deferral_extended": after.deferral_extended,
        "owed": owed,
    }
    match step:
        case CaseAccepted(owed=promised):
            changes["accepted_on"] = received_on if step.deemed else day
            changes["deemed"] = step.deemed
            changes["owed"] = {
                each.material: date.fromisoformat(each.due) for each in promised
            }
        case DeferralExtended(owed=later):
            moved = {each.material: date.fromisoformat(each.due) for each in later}
            changes["owed"] = owed | moved
        case CorrectionRequested(due=due):
            changes["correction_due"] = date.fromisoformat(due)
        case CaseResubmitted():
            changes["resubmitted_on"] = day
        case ClockStopped():
            changes["stops"] = (*kept.stops, (day, None))
        case ClockResumed():
            *before, (began, _) = kept.stops
            changes["stops"] = (*before, (began, day))
        case _:
            pass
    return kept.model_copy(update=changes)


def answered(record: CaseRecord, answer: Answer, at: datetime) -> CaseRecord:
    """Return the case after a district's answer; the state as the machine says."""
    state = after_answer(CaseState(record.state), answer)
    kept = read(record)
    if state in DECIDED:
        kept = kept.model_copy(update={"decided_on": local_day(at)})
    return replace(
        record,
        state=state or record.state,
        standing=kept.model_dump_json(),
        answered_at=utc_text(at),
    )


def with_due(
    record: CaseRecord, item: Item | None, calendar: WorkingCalendar, *, today: date
) -> CaseRecord:
    """Return the case with the legal day that comes first, for the board's order."""
    found = pressing(deadlines(facts_of(record, item), calendar, today=today))
    return replace(
        record,
        due_day=found.day.isoformat() if found else None,
        due_what=found.what if found else None,
    )


def pressing(found: tuple[Deadline, ...]) -> Deadline | None:
    """Return the deadline that presses most: the first that is not paused."""
    return next((each for each in found if not each.paused), None)
