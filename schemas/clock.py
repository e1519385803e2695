"""The legal days of a case: pure, from T0, the steps taken, the item, the calendar.

- Five working days from T0 to tell what is missing; without a notice the case counts as
  accepted from T0 (Administrative Licensing Law 32(1)(4)). Where that day is only
  provisional, so is the consequence: nothing is refused for it.
- The limits run from acceptance. Time of the special procedures of art. 45 is not
  counted; ten more days by art. 42; ten to deliver by art. 44.
- What is only forwarded has a day to forward it by, and none after that: whoever
  decides above has a clock of its own (art. 35, 43).
- A renewal not decided when the old licence ends counts as granted (art. 50(2)).
- A day that people were told and that is no working day ends on the next (Civil Code
  203); a licence ends on its own day.
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
    "notice",
    "correction",
    "deferred",
    "promised",
    "forward",
    "statutory",
    "deliver",
    "renewal",
    "expiry",
]
_UNDECIDED: Final = frozenset({CaseState.RECEIVED, CaseState.AT_DISTRICT})


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
    forwarded_only: bool = False
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """A legal day; `left` in working days, negative once it is past.

    `past` says so even on the free days after it, when no working day has gone by.
    """

    what: What
    day: date
    left: int
    provisional: bool
    paused: bool = False
    past: bool = False


def notice_lapsed(
    facts: ClockFacts, calendar: WorkingCalendar, today: date
) -> LegalDay | None:
    """Return the day by which a notice was owed, once it passed without one."""
    if facts.state not in _UNDECIDED:
        return None
    last = calendar.after(facts.received_on, NOTICE_DAYS)
    return last if today > last.day else None


def deemed_accepted(facts: ClockFacts, calendar: WorkingCalendar, today: date) -> bool:
    """Say whether the law counts the case as accepted from T0: nobody gave notice.

    Never by a provisional day: a holiday that nobody knows of yet may come before it.
    """
    last = notice_lapsed(facts, calendar, today)
    return last is not None and not last.provisional


def applied_in_time(facts: ClockFacts) -> bool:
    """Say whether a renewal was asked for thirty days before the end (art. 50(1))."""
    ends = facts.old_licence_ends
    return ends is not None and facts.received_on <= ends - RENEWAL_LEAD


def deemed_renewed(facts: ClockFacts, today: date) -> bool:
    """Say whether the law counts the renewal as granted: not decided in time.

    Only for who applied in time. A decision that came after the end does not undo it.
    """
    ends = facts.old_licence_ends
    if ends is None or not applied_in_time(facts):
        return False
    late = facts.decided_on is not None and facts.decided_on > ends
    return late or (facts.state in OPEN and today > ends)


def deadlines(
    facts: ClockFacts, calendar: WorkingCalendar, *, today: date
) -> tuple[Deadline, ...]:
    """Return the legal days that run now, the nearest first."""
    found: list[tuple[What, LegalDay]] = []
    state = facts.state
    if state in _UNDECIDED | {CaseState.RESUBMITTED}:
        start = facts.resubmitted_on or facts.received_on
        found.append(("notice", calendar.after(start, NOTICE_DAYS)))
    if state is CaseState.CORRECTION_REQUESTED and facts.correction_due:
        due = calendar.working_day_from(facts.correction_due)
        found.append(("correction", due))
    if state is CaseState.ACCEPTED_DEFERRED and facts.deferred_due:
        due = calendar.working_day_from(facts.deferred_due)
        found.append(("deferred", due))
    if state in OPEN and state is not CaseState.CORRECTION_REQUESTED:
        found += _limits(facts, calendar, today)
    ends = facts.old_licence_ends
    if state in OPEN and ends and facts.received_on <= ends:
        # The licence's own day is certain, whatever calendar is loaded.
        what: What = "renewal" if applied_in_time(facts) else "expiry"
        found.append((what, LegalDay(ends, provisional=False)))
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
            past=today > legal.day,
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
    if facts.state is CaseState.FORWARDED:
        return limits
    if facts.promised_days is not None:
        what: What = "forward" if facts.forwarded_only else "promised"
        last = _counted(facts, calendar, start, facts.promised_days, today)
        limits.append((what, last))
    if facts.statutory_days is not None:
        days = facts.statutory_days + more
        limits.append(("statutory", _counted(facts, calendar, start, days, today)))
    return limits


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
