"""Working days by law: dated holidays and make-up days, and what follows from them.

The day of receipt is not counted; days are working days (Administrative Licensing Law
82; Civil Code 201 and 203 by analogy). Beyond the loaded calendar a result is marked
provisional: the year's arrangement is not known yet, weekends are assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from pydantic import JsonValue

from schemas.base import Frozen

_SATURDAY = 5
_KEPT_PERIODS = 4096


class Holidays(Frozen):
    """The arranged days off and make-up workdays of the years that are known."""

    format: Literal["island-desk/holidays/1"]
    source: str
    complete_from: date
    complete_through: date
    off: tuple[date, ...]
    workdays_on_weekend: tuple[date, ...]


class ClosedSeasons(Frozen):
    """Closed-season rules by year, area and gear, each with certainty and source."""

    format: Literal["island-desk/closed-seasons/1"]
    seasons: tuple[Mapping[str, JsonValue], ...]


@dataclass(frozen=True, slots=True)
class LegalDay:
    """The last day of a period; provisional where a calendar was missing."""

    day: date
    provisional: bool


@dataclass(frozen=True)
class WorkingCalendar:
    """Counts working days over dated holidays."""

    holidays: Holidays

    @cached_property
    def _off(self) -> frozenset[date]:
        return frozenset(self.holidays.off)

    @cached_property
    def _work(self) -> frozenset[date]:
        return frozenset(self.holidays.workdays_on_weekend)

    def is_working_day(self, day: date) -> bool:
        """Say whether offices work on this day."""
        if day in self._work:
            return True
        return day.weekday() < _SATURDAY and day not in self._off

    @cached_property
    def _counted(self) -> dict[tuple[date, int], LegalDay]:
        return {}

    def after(self, start: date, working_days: int) -> LegalDay:
        """Return the last day of a period of working days that begins after `start`."""
        found = self._counted.get((start, working_days))
        if found is None:
            # One day's cases share their periods; a long life must not gather them.
            if len(self._counted) >= _KEPT_PERIODS:
                self._counted.clear()
            found = self._counted[start, working_days] = self._count(
                start, working_days
            )
        return found

    def _count(self, start: date, working_days: int) -> LegalDay:
        day = start
        left = working_days
        while left > 0:
            day += timedelta(days=1)
            left -= self.is_working_day(day)
        known = self.holidays.complete_from <= start
        return LegalDay(day, not known or day > self.holidays.complete_through)

    def working_day_from(self, day: date) -> LegalDay:
        """Return a day, or the next working day where it is none (Civil Code 203).

        Provisional where the calendar ends before it.
        """
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return LegalDay(day, day > self.holidays.complete_through)

    @cached_property
    def _left(self) -> dict[tuple[date, date], int]:
        return {}

    def between(self, today: date, last: date) -> int:
        """Return how many working days are left; negative when it is past."""
        found = self._left.get((today, last))
        if found is None:
            if len(self._left) >= _KEPT_PERIODS:
                self._left.clear()
            found = self._left[today, last] = self._between(today, last)
        return found

    def _between(self, today: date, last: date) -> int:
        step = 1 if last >= today else -1
        low, high = sorted((today, last))
        days = range(1, (high - low).days + 1)
        return step * sum(self.is_working_day(low + timedelta(days=n)) for n in days)
