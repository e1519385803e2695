"""Working days by law: what holidays and make-up days do to a period."""

from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.calendars import ClosedSeasons, Holidays, WorkingCalendar

HOLIDAYS = Holidays.model_validate_json(
    files("assets").joinpath("catalogue", "holidays.json").read_text("utf-8")
)
CALENDAR = WorkingCalendar(HOLIDAYS)
VECTORS = [
    ("2025-04-25", 5, "2025-05-06"),
    ("2025-09-26", 5, "2025-10-10"),
    ("2026-02-13", 5, "2026-02-27"),
    ("2026-04-30", 5, "2026-05-11"),
    ("2026-05-02", 5, "2026-05-11"),
    ("2026-09-18", 5, "2026-09-24"),
    ("2026-09-30", 5, "2026-10-13"),
    ("2026-02-13", 20, "2026-03-19"),
    ("2026-09-30", 20, "2026-11-03"),
    ("2026-11-23", 20, "2026-12-21"),
]
DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(("start", "days", "last"), VECTORS)
def test_working_days_follow_the_verified_calendar(
    start: str, days: int, last: str
) -> None:
    legal = CALENDAR.after(date.fromisoformat(start), days)
    assert legal.day.isoformat() == last
    assert not legal.provisional


@given(DAYS, st.integers(1, 40))
def test_the_day_of_receipt_is_not_counted_and_every_other_one_is(
    start: date, days: int
) -> None:
    last = CALENDAR.after(start, days).day
    counted = [
        day
        for n in range(1, (last - start).days + 1)
        if CALENDAR.is_working_day(day := start + timedelta(days=n))
    ]
    assert (len(counted), counted[-1]) == (days, last)


@given(DAYS, st.integers(0, 60))
def test_what_is_left_and_what_is_past_are_the_same_days(start: date, on: int) -> None:
    end = start + timedelta(days=on)
    left = CALENDAR.between(start, end)
    assert CALENDAR.between(end, start) == -left
    if left:
        assert CALENDAR.after(start, left).day <= end


def test_a_make_up_saturday_is_worked_and_a_holiday_monday_is_not() -> None:
    saturday = HOLIDAYS.workdays_on_weekend[0]
    assert saturday.weekday() >= 5
    assert CALENDAR.is_working_day(saturday)
    free = next(day for day in HOLIDAYS.off if day.weekday() < 5)
    assert not CALENDAR.is_working_day(free)


def test_a_period_that_ends_on_a_free_day_ends_on_the_next_working_day() -> None:
    """Civil Code 203."""
    assert CALENDAR.working_day_from(date(2026, 12, 5)).day == date(2026, 12, 7)
    assert CALENDAR.working_day_from(date(2026, 12, 7)).day == date(2026, 12, 7)


def test_outside_the_loaded_years_a_day_is_provisional() -> None:
    assert CALENDAR.after(date(2026, 12, 20), 20).provisional
    assert CALENDAR.after(HOLIDAYS.complete_from - timedelta(days=9), 1).provisional
    assert CALENDAR.working_day_from(date(2027, 1, 4)).provisional
    assert not CALENDAR.working_day_from(HOLIDAYS.complete_through).provisional


def test_a_long_life_gathers_no_periods() -> None:
    """What was counted is kept, but not for ever; counted again it is the same."""
    calendar = WorkingCalendar(HOLIDAYS)
    first = calendar.after(date(2026, 1, 5), 1)
    for n in range(4200):
        calendar.after(date(2025, 1, 1) + timedelta(days=n % 600), n // 600)
        calendar.between(date(2025, 1, 1), date(2025, 1, 1) + timedelta(days=n % 7))
    assert len(calendar._counted) <= 4096
    assert calendar.after(date(2026, 1, 5), 1) == first


def test_a_calendar_of_another_format_is_refused() -> None:
    text = HOLIDAYS.model_dump_json().replace("holidays/1", "holidays/2")
    with pytest.raises(ValidationError, match="holidays/1"):
        Holidays.model_validate_json(text)
    seasons = files("assets").joinpath("catalogue", "closed_seasons.json")
    assert ClosedSeasons.model_validate_json(seasons.read_text("utf-8")).seasons
