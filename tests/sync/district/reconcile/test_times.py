"""P9 at the district: times that cannot be are found, and nothing is refused."""

import json
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest

from schemas.base import utc_text
from schemas.ids import NumberParts, case_number
from schemas.journal import JournalEntry
from schemas.statement import CHINA_TIME
from sync.district.ledger.record import Record
from sync.district.reconcile.publishing import publish_new_calendar
from sync.district.reconcile.times import (
    Heard,
    calendar_in_force,
    time_findings,
    working_calendar,
)
from tools.sample_cases import person_id

MONDAY = datetime(2026, 11, 23, 10, tzinfo=CHINA_TIME)
HOUR = timedelta(hours=1)
NUMBER = case_number(NumberParts("350305107", "01", MONDAY.date(), 1))
APPLICATION = {
    "item_code": "HY12-01", "edition": 1, "form": {}, "materials": [],
    "applicant": {"kind": "person", "name": "林海生", "id_number": person_id(1),
                  "phone": "13900000001", "address": "示例"},
}  # fmt: skip


def received(
    t0: datetime, *, wall: datetime | None = None, anchored: datetime | None = None,
    **more: Any,
) -> JournalEntry:  # fmt: skip
    clocks = {"wall": utc_text(wall or t0), "boot": "x", "monotonic_ms": 1}
    if anchored:
        clocks["anchored_at"] = utc_text(anchored)
    body = {
        "kind": "case_received",
        "number": NUMBER,
        "received_at": utc_text(t0),
        "application": APPLICATION,
        **more,
    }
    return JournalEntry.model_validate(
        {
            "entry_id": "b" * 32, "device": "a" * 32, "epoch": 1, "sequence": 1,
            "operator": "c" * 16, "body": body, "clocks": clocks,
        }
    )  # fmt: skip


def kinds(entry: JournalEntry, *, heard_at: datetime = MONDAY + 5 * HOUR) -> set[str]:
    found = time_findings(entry, Heard(heard_at, working_calendar()))
    assert all(each.device == "a" * 32 and each.number == NUMBER for each in found)
    return {each.kind for each in found}


def test_p09_an_ordinary_case_is_nothing_to_look_into() -> None:
    assert kinds(received(MONDAY, anchored=MONDAY - HOUR)) == set()
    assert kinds(received(MONDAY)) == set()


def test_p09_a_case_from_the_future_is_found() -> None:
    late = MONDAY + 6 * HOUR
    assert kinds(received(late)) == {"t0_after_receipt", "clock_off"}
    assert kinds(received(late, wall=MONDAY)) == {"t0_after_receipt"}


def test_p09_a_case_before_the_last_trusted_time_is_found() -> None:
    early = received(MONDAY - 2 * HOUR, wall=MONDAY, anchored=MONDAY - HOUR)
    assert kinds(early) == {"t0_before_trusted"}
    said = {"reason": "停电补录", "entered_at": utc_text(MONDAY)}
    entered = received(
        MONDAY - 2 * HOUR, wall=MONDAY, anchored=MONDAY - HOUR, back_entry=said
    )
    assert kinds(entered) == set()


@pytest.mark.parametrize(
    ("when", "unusual"),
    [
        (datetime(2026, 11, 23, 7, 45, tzinfo=CHINA_TIME), False),
        (datetime(2026, 11, 23, 6, 0, tzinfo=CHINA_TIME), True),
        (datetime(2026, 11, 23, 18, 15, tzinfo=CHINA_TIME), False),
        (datetime(2026, 11, 23, 23, 0, tzinfo=CHINA_TIME), True),
        (datetime(2026, 11, 22, 10, 0, tzinfo=CHINA_TIME), True),
        # A Saturday on which offices work (the make-up day of October 2026).
        (datetime(2026, 10, 10, 10, 0, tzinfo=CHINA_TIME), False),
    ],
)
def test_p09_a_case_outside_office_hours_is_found(
    when: datetime, *, unusual: bool
) -> None:
    later = when + HOUR
    expected = {"outside_office_hours"} if unusual else set()
    assert kinds(received(when), heard_at=later) == expected
    visit = {"kind": "pier", "place": "码头"}
    assert kinds(received(when, visit=visit), heard_at=later) == set()


def test_p09_a_clock_years_off_is_found_whatever_the_case_says() -> None:
    years = timedelta(days=1000)
    slow = received(MONDAY, wall=MONDAY - years, anchored=MONDAY - HOUR)
    fast = received(MONDAY, wall=MONDAY + years)
    assert kinds(slow) == kinds(fast) == {"clock_off"}
    (found,) = time_findings(slow, Heard(MONDAY + HOUR, working_calendar()))
    assert utc_text(MONDAY.astimezone(UTC) - years) in found.detail


def test_a_holiday_that_was_given_out_is_one_from_its_day_on(record: Record) -> None:
    """The desks count by it: a case taken then is out of hours here, too."""
    shipped = files("assets").joinpath("catalogue", "holidays.json").read_text("utf-8")
    calendar = json.loads(shipped)
    calendar["off"].append(MONDAY.date().isoformat())
    before = MONDAY.date() - timedelta(days=1)
    publish_new_calendar(
        record, json.dumps(calendar), effective_from=MONDAY.date(), by="赵", now=MONDAY
    )
    assert calendar_in_force(record, before) is working_calendar()
    in_force = calendar_in_force(record, MONDAY.date())
    found = time_findings(received(MONDAY), Heard(MONDAY + 5 * HOUR, in_force))
    assert {each.kind for each in found} == {"outside_office_hours"}
