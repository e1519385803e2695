"""A case's standing: what is kept between its steps, and what the clock reads."""

import dataclasses
from datetime import date, datetime, timedelta

import pytest

from desk_app.services import standing
from desk_app.services.catalogue import shipped
from desk_app.services.standing import KeptStanding
from desk_app.store.cases import CaseRecord
from schemas.base import utc_text
from schemas.calendars import Holidays, WorkingCalendar
from schemas.case import CaseState, Granted, Received, Refused
from schemas.catalogue import Edition, Item
from schemas.clock import Deadline
from schemas.steps import (
    Acceptance,
    CaseAccepted,
    CaseStep,
    ClockResumed,
    ClockStopped,
    CorrectionRequested,
    DeferralExtended,
    Owed,
    StopReason,
)
from tests.support.counter import ITEM, MONDAY
from tests.support.ledgers import a_number

TODAY = date(2026, 6, 1)
NUMBER = a_number(1, day=TODAY)
CALENDAR = WorkingCalendar(Holidays.model_validate_json(shipped("holidays")))
RECORD = CaseRecord(
    number=NUMBER, item_code=ITEM, applicant_name="林海生", identity="1", phone="1",
    received_at=utc_text(MONDAY), received_day="2026-06-01", state="received",
    revision=0, last_epoch=1, last_sequence=1, standing="{}",
)  # fmt: skip


@pytest.fixture(scope="module")
def item() -> Item:
    found = Edition.model_validate_json(shipped("edition")).item(ITEM)
    assert found is not None
    return found


def _after(
    step: CaseStep, *, kept: KeptStanding | None = None, day: date = TODAY,
    owed: frozenset[str] = frozenset(),
) -> KeptStanding:  # fmt: skip
    before = standing.standing_of(RECORD, None, CALENDAR, day=day)
    after = dataclasses.replace(before, owed=owed)
    return standing.with_step(
        kept or KeptStanding(), after, step, day=day, received_on=TODAY
    )


def _accepted(*, deemed: bool = False) -> CaseAccepted:
    owed = (Owed(material="vinsp", due="2026-06-10"),)
    return CaseAccepted(
        number=NUMBER, at=MONDAY, mode=Acceptance.DEFERRED, owed=owed, deemed=deemed
    )


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        (datetime.fromisoformat("2026-06-01T15:59:59Z"), date(2026, 6, 1)),
        (datetime.fromisoformat("2026-06-01T16:00:00Z"), date(2026, 6, 2)),
    ],
)
def test_a_day_is_the_one_that_the_window_reads(utc: datetime, day: date) -> None:
    assert standing.local_day(utc) == day


def test_p10_a_standing_of_an_older_version_reads_as_nothing_special() -> None:
    assert standing.read(RECORD) == KeptStanding()


def test_what_was_accepted_counts_from_its_day_and_by_law_from_t0() -> None:
    later = TODAY + timedelta(days=9)
    assert _after(_accepted(), day=later).accepted_on == later
    by_law = _after(_accepted(deemed=True), day=later)
    assert (by_law.accepted_on, by_law.deemed) == (TODAY, True)
    assert by_law.owed == {"vinsp": date(2026, 6, 10)}


def test_a_deferral_moves_its_own_material_alone() -> None:
    kept = KeptStanding(owed={"vinsp": date(2026, 6, 10), "vown": date(2026, 6, 11)})
    moved = DeferralExtended(
        number=NUMBER, at=MONDAY, reason="未回港",
        owed=(Owed(material="vinsp", due="2026-06-20"),),
    )  # fmt: skip
    after = _after(moved, kept=kept, owed=frozenset({"vinsp", "vown"}))
    assert after.owed == {"vinsp": date(2026, 6, 20), "vown": date(2026, 6, 11)}


def test_a_stop_of_the_clock_is_open_until_it_ends() -> None:
    stop = ClockStopped(
        number=NUMBER, at=MONDAY, procedure=StopReason.TESTING, days=3, reason=""
    )
    stopped = _after(stop)
    assert stopped.stops == ((TODAY, None),)
    record = dataclasses.replace(RECORD, standing=stopped.model_dump_json())
    now = standing.standing_of(record, None, CALENDAR, day=TODAY)
    assert now.clock_stopped
    end = TODAY + timedelta(days=3)
    resumed = ClockResumed(number=NUMBER, at=MONDAY, result="合格")
    assert _after(resumed, kept=stopped, day=end).stops == ((TODAY, end),)


def test_a_request_keeps_its_day(item: Item) -> None:
    asked = CorrectionRequested(
        number=NUMBER, at=MONDAY, missing=("签字",), due="2026-06-10", reason=""
    )
    kept = _after(asked)
    record = dataclasses.replace(RECORD, standing=kept.model_dump_json())
    assert standing.facts_of(record, item).correction_due == date(2026, 6, 10)
    assert standing.facts_of(record, None).promised_days is None


@pytest.mark.parametrize(
    ("answer", "state", "decided"),
    [
        (Received(official_number="官1"), "at_district", False),
        (Granted(licence_number="1"), "granted", True),
        (Refused(reason="不符", remedies="复议"), "refused", True),
    ],
)
def test_an_answer_leads_where_the_machine_says(
    answer: Granted | Received | Refused, state: str, *, decided: bool
) -> None:
    forwarded = dataclasses.replace(RECORD, state=str(CaseState.AT_DISTRICT))
    after = standing.answered(forwarded, answer, MONDAY)
    assert after.state == state
    assert (standing.read(after).decided_on is not None) == decided
    assert after.answered_at == utc_text(MONDAY)


def test_p09_a_proved_day_of_t0_counts_and_t0_itself_stays(item: Item) -> None:
    true_day = TODAY - timedelta(days=5)
    moved = standing.truly_received(RECORD, true_day)
    assert moved.received_at == RECORD.received_at
    assert standing.received_on(moved) == true_day
    first = standing.with_due(RECORD, item, CALENDAR, today=TODAY)
    again = standing.with_due(moved, item, CALENDAR, today=TODAY)
    assert first.due_day is not None
    assert again.due_day is not None
    assert again.due_day < first.due_day


def test_what_presses_is_the_first_day_that_runs() -> None:
    paused = Deadline("statutory", TODAY, 0, provisional=False, paused=True, past=False)
    runs = dataclasses.replace(paused, paused=False, day=TODAY + timedelta(days=1))
    assert standing.pressing((paused, runs)) == runs
    assert standing.pressing((paused,)) is None
    assert standing.pressing(()) is None
