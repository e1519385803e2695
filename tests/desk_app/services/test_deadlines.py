"""Legal days as screens show them: lamps, and what the law itself made of a case."""

import dataclasses
from datetime import date, timedelta
from typing import Any

import pytest

from desk_app.services import deadlines
from desk_app.services.catalogue import shipped
from desk_app.services.standing import KeptStanding
from desk_app.store.cases import CaseRecord
from schemas.calendars import Holidays, WorkingCalendar
from schemas.case import CaseState
from schemas.catalogue import Edition, Item
from tests.support.counter import ITEM

MONDAY = date(2026, 6, 1)
CALENDAR = WorkingCalendar(Holidays.model_validate_json(shipped("holidays")))


@pytest.fixture(scope="module")
def item() -> Item:
    found = Edition.model_validate_json(shipped("edition")).item(ITEM)
    assert found is not None
    return found


def _case(state: CaseState = CaseState.RECEIVED, **standing: Any) -> CaseRecord:
    return CaseRecord(
        "n", ITEM, "林海生", "P", "1", "2026-06-01T02:00:00.000Z", "2026-06-01", state,
        0, 1, 1, standing=KeptStanding(**standing).model_dump_json(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("left", "shown"),
    [(9, "green"), (4, "green"), (3, "amber"), (2, "amber"), (1, "red"), (0, "red"),
     (-1, "overdue")],
)  # fmt: skip
def test_a_lamp_by_the_working_days_that_are_left(left: int, shown: str) -> None:
    assert deadlines.lamp(left) == shown


def test_on_the_free_days_after_a_legal_day_it_is_overdue() -> None:
    """No working day has gone by since, and the day is past all the same."""
    assert deadlines.lamp(0, past=True) == "overdue"


def test_the_notice_presses_first_and_its_lamp_turns(item: Item) -> None:
    shown = [
        deadlines.deadlines_of(_case(), item, CALENDAR, today=MONDAY + timedelta(n))[0]
        for n in (0, 2, 4, 7, 8)
    ]
    assert {each.what for each in shown} == {"notice"}
    assert {each.day for each in shown} == {date(2026, 6, 8)}
    assert [(each.working_days_left, each.lamp) for each in shown] == [
        (5, "green"), (3, "amber"), (1, "red"), (0, "red"), (-1, "overdue"),
    ]  # fmt: skip


def test_a_stopped_clock_shows_no_lamp(item: Item) -> None:
    stopped = _case(CaseState.ACCEPTED, accepted_on=MONDAY, stops=((MONDAY, None),))
    shown = deadlines.deadlines_of(stopped, item, CALENDAR, today=MONDAY)
    assert shown
    assert {(each.paused, each.lamp) for each in shown} == {(True, "none")}


def test_an_item_that_is_not_known_any_more_still_owes_a_notice() -> None:
    shown = deadlines.deadlines_of(_case(), None, CALENDAR, today=MONDAY)
    assert [each.what for each in shown] == ["notice"]


def test_the_law_accepts_what_nobody_answered_in_time(item: Item) -> None:
    def effects(record: CaseRecord, today: date) -> tuple[str, ...]:
        return deadlines.effects_of_law(record, item, CALENDAR, today=today)

    assert effects(_case(), date(2026, 6, 8)) == ()
    assert effects(_case(), date(2026, 6, 9)) == ("deemed_accepted",)
    accepted = _case(CaseState.ACCEPTED, deemed=True)
    assert effects(accepted, MONDAY) == ("deemed_accepted",)
    beyond = CALENDAR.holidays.complete_through
    later = dataclasses.replace(
        _case(), received_at=f"{beyond}T02:00:00.000Z", received_day=str(beyond)
    )
    assert effects(later, beyond + timedelta(30)) == ("perhaps_accepted",)


def test_a_proved_time_and_a_renewal_are_said(item: Item) -> None:
    """Applied for thirty days ahead and not decided when the licence ended."""
    ends = date(2026, 7, 10)
    record = _case(
        CaseState.ACCEPTED, accepted_on=MONDAY, old_licence_ends=ends,
        true_received_on=MONDAY,
    )  # fmt: skip
    assert deadlines.effects_of_law(record, item, CALENDAR, today=ends) == (
        "true_time",
    )
    after = deadlines.effects_of_law(record, item, CALENDAR, today=ends + timedelta(1))
    assert after == ("deemed_renewed", "true_time")
