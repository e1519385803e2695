"""The legal days of a case, as lamps: pure, from T0, the item and the calendar.

Five working days to notify what is missing, else the case counts as accepted from T0
(Administrative Licensing Law 32(1)(4)); the limits are the catalogue's.
"""

from datetime import date, datetime
from typing import Final, Literal

from desk_app.services.shown import DeadlineShown, Lamp
from desk_app.text.words import CHINA
from schemas.calendars import WorkingCalendar
from schemas.case import CaseState
from schemas.catalogue import Item

NOTICE_DAYS: Final = 5
_CLOSED: Final = frozenset({CaseState.GRANTED, CaseState.REFUSED})
_RED: Final = 1
_AMBER: Final = 3


def deadlines_of(
    item: Item, received_at: datetime, calendar: WorkingCalendar, *, today: date
) -> tuple[DeadlineShown, ...]:
    """Return every legal day of a case, the nearest first."""
    start = received_at.astimezone(CHINA).date()
    wanted: list[tuple[Literal["notice", "promised", "statutory"], int | None]] = [
        ("notice", NOTICE_DAYS),
        ("promised", item.promised_limit.days),
        ("statutory", item.statutory_limit.days),
    ]
    shown = []
    for what, days in wanted:
        if days is None:
            continue
        last = calendar.after(start, days)
        left = calendar.between(today, last.day)
        shown.append(DeadlineShown(what, last.day, left, lamp(left), last.provisional))
    return tuple(sorted(shown, key=lambda each: each.day))


def lamp(working_days_left: int) -> Lamp:
    """Return the lamp for so many working days left."""
    if working_days_left < 0:
        return "overdue"
    if working_days_left <= _RED:
        return "red"
    return "amber" if working_days_left <= _AMBER else "green"


def running(state: CaseState, shown: tuple[DeadlineShown, ...]) -> DeadlineShown | None:
    """Return the deadline that presses now: none once decided.

    Once the district has answered at all, the five-day notice is no longer owed.
    """
    if state in _CLOSED:
        return None
    owed = [each for each in shown if each.what != "notice"]
    return next(iter(shown if state is CaseState.RECEIVED else owed), None)
