"""The legal clock: notices, limits, stops, extensions, renewals, lamps' days."""

import dataclasses
from datetime import date, timedelta
from importlib.resources import files

from hypothesis import given
from hypothesis import strategies as st

from schemas.calendars import Holidays, WorkingCalendar
from schemas.case import CaseState
from schemas.clock import (
    ClockFacts,
    Deadline,
    Stop,
    deadlines,
    deemed_accepted,
    deemed_renewed,
)

_TEXT = files("assets").joinpath("catalogue", "holidays.json").read_text("utf-8")
CALENDAR = WorkingCalendar(Holidays.model_validate_json(_TEXT))
T0 = date(2026, 11, 23)
FACTS = ClockFacts(CaseState.RECEIVED, T0, promised_days=5, statutory_days=20)


def by_name(facts: ClockFacts, today: date = T0) -> dict[str, Deadline]:
    return {each.what: each for each in deadlines(facts, CALENDAR, today=today)}


def test_a_received_case_owes_a_notice_within_five_working_days() -> None:
    found = by_name(FACTS)
    assert found["notice"].day == date(2026, 11, 30)
    assert found["statutory"].day == date(2026, 12, 21)
    assert not found["statutory"].provisional


def test_without_a_notice_it_counts_as_accepted_from_t0() -> None:
    """The law's own consequence, shown by the app: art. 32(1)(4)."""
    assert not deemed_accepted(FACTS, CALENDAR, date(2026, 11, 30))
    assert deemed_accepted(FACTS, CALENDAR, date(2026, 12, 1))
    told = dataclasses.replace(FACTS, state=CaseState.CORRECTION_REQUESTED)
    assert not deemed_accepted(told, CALENDAR, date(2027, 3, 1))


def test_the_limits_run_from_acceptance() -> None:
    accepted = dataclasses.replace(
        FACTS, state=CaseState.ACCEPTED, accepted_on=date(2026, 11, 25)
    )
    found = by_name(accepted)
    assert "notice" not in found
    assert found["promised"].day == date(2026, 12, 2)
    assert found["statutory"].day == date(2026, 12, 23)


def test_ten_days_more_are_working_days_and_cross_into_an_unknown_year() -> None:
    extended = dataclasses.replace(
        FACTS, state=CaseState.ACCEPTED, accepted_on=T0, extended=True
    )
    found = by_name(extended)["statutory"]
    assert found.day > date(2026, 12, 31)
    assert found.provisional


def test_a_special_procedure_stops_the_clock_and_nothing_else_does() -> None:
    stopped = dataclasses.replace(
        FACTS, state=CaseState.ACCEPTED, accepted_on=T0,
        stops=(Stop(date(2026, 11, 24), date(2026, 11, 27)),),
    )  # fmt: skip
    # Wednesday to Friday are not counted: three working days later.
    assert by_name(stopped)["promised"].day == date(2026, 12, 3)
    open_stop = dataclasses.replace(stopped, stops=(Stop(date(2026, 11, 24)),))
    paused = by_name(open_stop, date(2026, 12, 10))["promised"]
    assert paused.paused
    assert paused.day > date(2026, 12, 10)


def test_days_that_people_were_told_are_shown_as_told() -> None:
    due = date(2026, 12, 4)
    asked = dataclasses.replace(
        FACTS, state=CaseState.CORRECTION_REQUESTED, correction_due=due
    )
    assert by_name(asked) == {"correction": Deadline("correction", due, 9, False)}
    owed = dataclasses.replace(
        FACTS, state=CaseState.ACCEPTED_DEFERRED, accepted_on=T0, deferred_due=due
    )
    assert by_name(owed)["deferred"].day == due


def test_a_decision_is_delivered_within_ten_working_days() -> None:
    decided = dataclasses.replace(FACTS, state=CaseState.GRANTED, decided_on=T0)
    assert by_name(decided)["deliver"].day == date(2026, 12, 7)
    assert by_name(dataclasses.replace(FACTS, state=CaseState.CLOSED)) == {}


def test_a_renewal_not_decided_in_time_counts_as_granted() -> None:
    renewal = dataclasses.replace(
        FACTS, state=CaseState.ACCEPTED, accepted_on=T0,
        old_licence_ends=date(2026, 12, 24),
    )  # fmt: skip
    assert by_name(renewal)["renewal"].day == date(2026, 12, 24)
    assert not deemed_renewed(renewal, date(2026, 12, 24))
    assert deemed_renewed(renewal, date(2026, 12, 25))
    decided = dataclasses.replace(renewal, state=CaseState.GRANTED)
    assert not deemed_renewed(decided, date(2026, 12, 25))


def test_who_applied_late_has_no_deemed_renewal() -> None:
    """Thirty days before the end is what the law asks (art. 50(1))."""
    late = dataclasses.replace(FACTS, old_licence_ends=date(2026, 12, 20))
    assert not deemed_renewed(late, date(2027, 1, 5))
    after = dataclasses.replace(FACTS, old_licence_ends=date(2026, 11, 1))
    assert "renewal" not in by_name(after)


DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 1))


@given(DAYS, st.integers(1, 30), st.integers(0, 40), st.integers(0, 40))
def test_a_stop_never_shortens_and_counts_working_days_exactly(
    start: date, limit: int, after: int, length: int
) -> None:
    stop = Stop(start + timedelta(days=after), start + timedelta(days=after + length))
    facts = ClockFacts(
        CaseState.ACCEPTED, start, limit, None, accepted_on=start, stops=(stop,)
    )
    found = by_name(facts, start)["promised"].day
    plain = CALENDAR.after(start, limit).day
    assert found >= plain
    counted = [
        day
        for n in range(1, (found - start).days + 1)
        if CALENDAR.is_working_day(day := start + timedelta(days=n))
        and not stop.began < day <= (stop.ended or day)
    ]
    assert len(counted) == limit


@given(DAYS, st.integers(0, 60))
def test_left_is_what_remains_and_turns_negative_when_past(
    start: date, passed: int
) -> None:
    today = start + timedelta(days=passed)
    found = by_name(ClockFacts(CaseState.RECEIVED, start, None, None), today)["notice"]
    assert (found.left < 0) == (
        today > found.day and CALENDAR.between(today, found.day) < 0
    )
    assert CALENDAR.is_working_day(found.day)
