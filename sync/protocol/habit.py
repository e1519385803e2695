"""When a desk will call again, from its hours and from how it has called so far: pure.

The district lists who has not called by then. So the promise is generous enough that a
line that breaks every day names nobody, and ends at the next opening at the latest.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from statistics import median
from typing import Final

from schemas.calendars import WorkingCalendar
from schemas.statement import CHINA_TIME

OPENS: Final = time(8, 0)
CLOSES: Final = time(18, 0)
# After the doors open: boats land, people log in.
SETTLING: Final = timedelta(hours=2)
LEAST: Final = timedelta(hours=1)
MOST: Final = timedelta(hours=8)
_SLACK: Final = 3
KEPT_GAPS: Final = 15


def next_contact_by(
    now: datetime, gaps_s: Sequence[int], calendar: WorkingCalendar
) -> datetime:
    """Return by when a desk that calls now will have called again.

    `gaps_s` are the seconds between its latest calls. Within office hours it is three
    times their median, between one and eight hours; where that ends after closing, two
    hours after the next opening.
    """
    usual = timedelta(seconds=median(gaps_s) * _SLACK) if gaps_s else MOST
    due = now + min(max(usual, LEAST), MOST)
    local = due.astimezone(CHINA_TIME)
    if calendar.is_working_day(local.date()) and OPENS <= local.time() < CLOSES:
        return due
    opening = local.date()
    if local.time() >= CLOSES or not calendar.is_working_day(opening):
        opening = calendar.after(opening, 1).day
    return datetime.combine(opening, OPENS, CHINA_TIME) + SETTLING


def with_gap(gaps_s: Sequence[int], seconds: int) -> tuple[int, ...]:
    """Return the latest gaps after one more; one that a set clock made is left out."""
    if not 0 < seconds <= 14 * 24 * 3600:
        return tuple(gaps_s)
    return (*gaps_s, seconds)[-KEPT_GAPS:]
