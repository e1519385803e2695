"""A desk promises its next call by its hours and habit, never by a wrong clock's."""

import json
from datetime import UTC, datetime, timedelta
from importlib.resources import files

from hypothesis import given
from hypothesis import strategies as st

from schemas.calendars import Holidays, WorkingCalendar
from schemas.statement import CHINA_TIME
from sync.protocol.habit import LEAST, MOST, next_contact_by, with_gap

TEXT = files("assets").joinpath("catalogue", "holidays.json").read_text("utf-8")
CALENDAR = WorkingCalendar(Holidays.model_validate(json.loads(TEXT)))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA_TIME)


def test_within_hours_the_habit_decides() -> None:
    monday = at("2026-11-23T09:00")
    assert next_contact_by(monday, [30] * 9, CALENDAR) == monday + LEAST
    hourly = next_contact_by(monday, [3600] * 9, CALENDAR)
    assert hourly == monday + timedelta(hours=3)
    assert next_contact_by(monday, [90_000] * 3, CALENDAR) == monday + MOST


def test_after_hours_it_is_the_next_opening() -> None:
    assert next_contact_by(at("2026-11-23T17:30"), [30], CALENDAR) == at(
        "2026-11-24T10:00"
    )
    # Before a weekend and before the long holiday of October.
    assert next_contact_by(at("2026-11-27T17:30"), [30], CALENDAR) == at(
        "2026-11-30T10:00"
    )
    assert next_contact_by(at("2026-09-30T17:59"), [30], CALENDAR) == at(
        "2026-10-08T10:00"
    )
    assert next_contact_by(at("2026-11-24T05:00"), [30], CALENDAR) == at(
        "2026-11-24T10:00"
    )


def test_a_clock_that_was_set_teaches_nothing() -> None:
    assert with_gap([30, 31], -5) == (30, 31)
    assert with_gap([30, 31], 10**9) == (30, 31)
    assert with_gap([30] * 15, 40)[-1] == 40
    assert len(with_gap([30] * 15, 40)) == 15


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 20)),  # noqa: DTZ001
    st.lists(st.integers(1, 10**6), max_size=15),
)
def test_the_promise_lies_ahead_and_within_office_hours(
    moment: datetime, gaps: list[int]
) -> None:
    now = moment.replace(tzinfo=UTC)
    due = next_contact_by(now, gaps, CALENDAR)
    assert due > now
    local = due.astimezone(CHINA_TIME)
    assert CALENDAR.is_working_day(local.date())
    assert 8 <= local.hour < 18
