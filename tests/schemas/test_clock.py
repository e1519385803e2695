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
    notice_lapsed,
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


def test_by_a_provisional_calendar_nothing_is_accepted_by_law_yet() -> None:
    """A holiday of 2027 that nobody knows of may still lengthen the five days."""
    facts = dataclasses.replace(FACTS, received_on=date(2026, 12, 30))
    lapsed = notice_lapsed(facts, CALENDAR, date(2027, 1, 20))
    assert lapsed is not None
    assert lapsed.provisional
    assert not deemed_accepted(facts, CALENDAR, date(2027, 1, 20))


def test_a_day_is_past_on_the_free_days_after_it() -> None:
    """Due on Friday: overdue on Saturday, though no working day has gone by."""
    friday = dataclasses.replace(FACTS, received_on=date(2026, 11, 20))
    found = by_name(friday, date(2026, 11, 28))["notice"]
    assert (found.day, found.left, found.past) == (date(2026, 11, 27), 0, True)
    assert not by_name(friday, date(2026, 11, 27))["notice"].past


def test_a_day_told_that_is_free_ends_on_the_next_working_day() -> None:
    """Civil Code 203: 1 January is free (and 2027 provisional), a Saturday is too."""
    asked = dataclasses.replace(
        FACTS, state=CaseState.CORRECTION_REQUESTED, correction_due=date(2026, 12, 5)
    )
    assert by_name(asked)["correction"].day == date(2026, 12, 7)


def test_what_is_forwarded_has_a_day_to_forward_by_and_none_after() -> None:
    upward = dataclasses.replace(FACTS, forwarded_only=True)
    found = by_name(upward)
    assert "promised" not in found
    assert found["forward"].day == date(2026, 11, 30)
    sent = dataclasses.replace(upward, state=CaseState.FORWARDED)
    assert by_name(sent) == {}


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
    assert "renewal" not in by_name(late)
    assert by_name(late)["expiry"].day == date(2026, 12, 20)
    after = dataclasses.replace(FACTS, old_licence_ends=date(2026, 11, 1))
    assert not {"renewal", "expiry"} & set(by_name(after))


def test_a_late_decision_does_not_undo_a_deemed_renewal() -> None:
    ends = date(2026, 12, 24)
    renewal = dataclasses.replace(FACTS, old_licence_ends=ends, state=CaseState.REFUSED)
    in_time = dataclasses.replace(renewal, decided_on=ends)
    late = dataclasses.replace(renewal, decided_on=date(2026, 12, 25))
    assert not deemed_renewed(in_time, date(2027, 1, 5))
    assert deemed_renewed(late, date(2027, 1, 5))


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
