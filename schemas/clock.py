"""The legal days of a case: pure, from T0, the steps taken, the item, the calendar.

- Five working days from T0 to tell what is missing; without a notice the case counts as
  accepted from T0 (Administrative Licensing Law 32(1)(4)).
- The limits run from acceptance. Time of the special procedures of art. 45 is not
  counted; ten more days by art. 42; ten to deliver by art. 44.
- A renewal not decided when the old licence ends counts as granted (art. 50(2)).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from schemas.calendars import LegalDay, WorkingCalendar
from schemas.case import CaseState
from schemas.casework import DECIDED, OPEN

NOTICE_DAYS: Final = 5
EXTENSION_DAYS: Final = 10
DELIVERY_DAYS: Final = 10
RENEWAL_LEAD: Final = timedelta(days=30)
What = Literal[
    "notice", "correction", "deferred", "promised", "statutory", "deliver", "renewal"
]


@dataclass(frozen=True, slots=True)
class Stop:
    """A special procedure; `ended` is None while it lasts."""

    began: date
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """What the clock is read from; days are local (China)."""

    state: CaseState
    received_on: date
    promised_days: int | None
    statutory_days: int | None
    accepted_on: date | None = None
    resubmitted_on: date | None = None
    correction_due: date | None = None
    deferred_due: date | None = None
    decided_on: date | None = None
    old_licence_ends: date | None = None
    extended: bool = False
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """A legal day; `left` in working days, negative once it is past."""

    what: What
    day: date
    left: int
    provisional: bool
    paused: bool = False


def deemed_accepted(facts: ClockFacts, calendar: WorkingCalendar, today: date) -> bool:
    """Say whether the law counts the case as accepted from T0: nobody gave notice."""
    if facts.state not in {CaseState.RECEIVED, CaseState.AT_DISTRICT}:
        return False
    return today > calendar.after(facts.received_on, NOTICE_DAYS).day


def deemed_renewed(facts: ClockFacts, today: date) -> bool:
    """Say whether the law counts the renewal as granted: not decided in time.

    Only for who applied in time, thirty days before the licence ended (art. 50(1)).
    """
    ends = facts.old_licence_ends
    if ends is None or facts.state not in OPEN:
        return False
    return today > ends and facts.received_on <= ends - RENEWAL_LEAD


def deadlines(
    facts: ClockFacts, calendar: WorkingCalendar, *, today: date
) -> tuple[Deadline, ...]:
    """Return the legal days that run now, the nearest first."""
    found: list[tuple[What, LegalDay]] = []
    state = facts.state
    if state in {CaseState.RECEIVED, CaseState.AT_DISTRICT, CaseState.RESUBMITTED}:
        start = facts.resubmitted_on or facts.received_on
        found.append(("notice", calendar.after(start, NOTICE_DAYS)))
    if state is CaseState.CORRECTION_REQUESTED and facts.correction_due:
        found.append(("correction", _given(facts.correction_due, calendar)))
    if state is CaseState.ACCEPTED_DEFERRED and facts.deferred_due:
        found.append(("deferred", _given(facts.deferred_due, calendar)))
    if state in OPEN and state is not CaseState.CORRECTION_REQUESTED:
        found += _limits(facts, calendar, today)
    ends = facts.old_licence_ends
    if state in OPEN and ends and facts.received_on <= ends:
        found.append(("renewal", _given(ends, calendar)))
    if state in DECIDED and facts.decided_on:
        found.append(("deliver", calendar.after(facts.decided_on, DELIVERY_DAYS)))
    paused = any(stop.ended is None for stop in facts.stops)
    shown = [
        Deadline(
            what,
            legal.day,
            calendar.between(today, legal.day),
            legal.provisional,
            paused=paused and what in {"promised", "statutory"},
        )
        for what, legal in found
    ]
    return tuple(sorted(shown, key=lambda each: (each.paused, each.day)))


def _limits(
    facts: ClockFacts, calendar: WorkingCalendar, today: date
) -> list[tuple[What, LegalDay]]:
    start = facts.accepted_on or facts.resubmitted_on or facts.received_on
    more = EXTENSION_DAYS if facts.extended else 0
    limits: list[tuple[What, LegalDay]] = []
    if facts.promised_days is not None:
        limits.append(
            ("promised", _counted(facts, calendar, start, facts.promised_days, today))
        )
    if facts.statutory_days is not None:
        days = facts.statutory_days + more
        limits.append(("statutory", _counted(facts, calendar, start, days, today)))
    return limits


def _given(day: date, calendar: WorkingCalendar) -> LegalDay:
    return LegalDay(day, day > calendar.holidays.complete_through)


def _counted(
    facts: ClockFacts, calendar: WorkingCalendar, start: date, days: int, today: date
) -> LegalDay:
    """Count working days after `start`, leaving out the days of special procedures."""
    if not facts.stops:
        return calendar.after(start, days)
    stops = [(stop.began, stop.ended or max(today, stop.began)) for stop in facts.stops]
    day, left = start, days
    while left > 0:
        day += timedelta(days=1)
        stopped = any(began < day <= ended for began, ended in stops)
        left -= calendar.is_working_day(day) and not stopped
    known = calendar.holidays.complete_from <= start
    return LegalDay(day, not known or day > calendar.holidays.complete_through)
