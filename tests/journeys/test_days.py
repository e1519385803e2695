"""P7: a day is closed at the desk, compared at the district, agreed or found out."""

import asyncio
import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from desk_app.services import close_day, days, numbering
from desk_app.services.receiving import When
from desk_app.services.shown import DaysOwed
from desk_app.services.standing import local_day
from desk_app.store import journal
from schemas.problems import Code, Problem
from sync.district.ledger.days import ClosingKey
from sync.district.reconcile import comparing
from sync.district.reconcile.filing import reconcile_once
from tests.support.rigs import Island, an_island, take_case

TODAY = local_day(datetime.now(UTC)).isoformat()


@pytest.fixture
def island(tmp_path: Path) -> Iterator[Island]:
    with an_island(tmp_path) as joined:
        yield joined


def exchange(island: Island, *, times: int = 1) -> None:
    """Let the desk call and the district open, so many times."""
    for _ in range(times):
        report = asyncio.run(island.desk.sync(impatient=True))
        assert report.problem is None, report
        district = island.district
        opened = reconcile_once(
            district.sealed, district.record, district.keys, now=datetime.now(UTC)
        )
        assert opened.waiting == ()


def row(island: Island, day: str = TODAY) -> days.DayRow:
    return days.view_day(island.desk.place, day).row


def harm(engine_of: object, statement: str) -> None:
    """Change the record behind its own back, as a fault or an attacker would."""
    engine = engine_of._engine  # type: ignore[attr-defined]
    with engine.begin() as connection:
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS entries_never_{verb}"))
        assert connection.execute(text(statement)).rowcount == 1


def test_p07_a_day_without_a_line_is_closed_waits_and_is_agreed(
    island: Island,
) -> None:
    desk = island.desk
    for seed in range(3):
        take_case(desk, "HY01-02", seed=seed)
    numbering.void_next_number(desk.place, "试打印用掉", "test")
    closed = close_day.close_day(desk.place, TODAY)
    assert closed.statement.entries.count == 4
    (gap,) = closed.statement.serials[0].gaps
    assert (gap.why, gap.reason) == ("test", "试打印用掉")
    assert closed.waiting == 4
    assert (row(island).state, row(island).sent) == ("closed", False)
    assert days.owed(desk.place).waiting == (TODAY,)

    exchange(island)
    assert (row(island).state, row(island).sent) == ("closed", True)
    exchange(island)
    view = days.view_day(desk.place, TODAY)
    assert view.row.state == "agreed"
    assert view.agreement is not None
    assert view.agreement_genuine
    assert view.agreement.statement == closed.statement
    assert view.agreement.operator_name == "林窗口"
    assert days.owed(desk.place) == DaysOwed((), (), (), counted=True)


def test_p07_a_late_change_reopens_the_day_and_it_is_closed_again(
    island: Island,
) -> None:
    desk = island.desk
    take_case(desk, "HY01-02", seed=1)
    close_day.close_day(desk.place, TODAY)
    with pytest.raises(Problem) as refused:
        close_day.close_day(desk.place, TODAY)
    assert refused.value.code is Code.DAY_ALREADY_CLOSED
    exchange(island, times=2)
    assert row(island).state == "agreed"

    take_case(desk, "HY01-02", seed=2)
    assert (row(island).state, row(island).late) == ("reopened", 1)
    again = close_day.close_day(desk.place, TODAY)
    assert again.statement.version == 2
    assert len(again.late) == 1
    exchange(island, times=2)
    view = days.view_day(desk.place, TODAY)
    assert (view.row.state, view.row.version) == ("agreed", 2)
    # The first closing and its countersignature stay as they were.
    assert [each.statement.version for each in view.closings] == [1, 2]
    key = island.district.record.days.closings(closing_device(desk), TODAY)[0].key
    assert island.district.record.days.agreement(key) is not None


def closing_device(desk) -> str:  # noqa: ANN001 - a desk
    return days.view_day(desk.place, TODAY).statement.device


def test_p07_a_back_entry_reopens_the_day_it_is_for(island: Island) -> None:
    desk = island.desk
    earlier = datetime.now(UTC) - timedelta(days=2)
    day = local_day(earlier).isoformat()
    close_day.close_day(desk.place, day)
    assert row(island, day).entries == 0

    edition = desk.edition()
    item = edition.item("HY01-02")
    assert item is not None
    number = take_case(desk, "HY01-02", seed=5)
    draft = desk.new_draft("HY01-02")
    view = desk.case(number)
    draft = dataclasses.replace(
        draft,
        applicant={
            key: str(value)
            for key, value in view.application.applicant.model_dump(mode="json").items()
        },
        form=view.application.form,
        materials=view.application.materials,
    )
    desk.save_draft(draft)
    desk.receive_case(draft.draft_id, When(received_at=earlier, reason="停电补录"))
    assert (row(island, day).state, row(island, day).late) == ("reopened", 1)
    again = close_day.close_day(desk.place, day)
    assert again.statement.items[0].steps == {"back_entered": 1, "case_received": 1}
    today = close_day.close_day(desk.place, TODAY)
    assert today.statement.items[0].steps["entered_late"] == 1
    assert today.statement.serials[0].cases == 2
    exchange(island, times=2)
    assert row(island, day).state == row(island).state == "agreed"


FAULTS = {
    "missing_at_district": "DELETE FROM entries WHERE sequence = 17",
    "changed": "UPDATE entries SET entry = CAST(replace(entry, '1390000', '1390001')"
    " AS BLOB) WHERE sequence = 17",
    "missing_at_desk": "DELETE FROM journal WHERE sequence = 17",
}


def harm_desk(island: Island, statement: str, *values: bytes) -> None:
    """Change the vault behind its own back."""
    with island.desk.place.vault.write() as tx:
        for verb in ("update", "delete"):
            tx.run(f"DROP TRIGGER IF EXISTS journal_never_{verb}")
        assert tx.run(statement, *values) == 1


@pytest.mark.parametrize("what", FAULTS)
def test_p07_a_fault_at_the_district_is_found_to_the_record_and_ruled_on(
    island: Island, what: str
) -> None:
    desk, district = island.desk, island.district
    numbers = [take_case(desk, "HY01-02", seed=seed) for seed in range(20)]
    exchange(island)
    record = district.record
    record.days.catch_up(closing_device(desk))
    if what == "missing_at_desk":
        harm_desk(island, FAULTS[what])
    else:
        harm(record, FAULTS[what])
    close_day.close_day(desk.place, TODAY)
    exchange(island, times=6)

    view = days.view_day(desk.place, TODAY)
    assert view.row.state == "differs"
    (named,) = view.differences
    assert named.difference.what == what
    place = (named.difference.epoch, named.difference.sequence)
    assert place == (1, 17)
    assert named.difference.number == numbers[16]
    found = record.findings.of(day=TODAY)
    # Whoever runs this at night has taken the cases outside office hours, too.
    (finding,) = [each for each in found if each.finding.closing]
    assert finding.finding.kind == what
    assert finding.finding.number == numbers[16]

    now = datetime.now(UTC)
    last = comparing.rule(
        record,
        district.keys,
        finding.id,
        ruling="以受理台纸质为准",
        by="郑审核",
        now=now,
    )
    assert last
    exchange(island, times=2)
    view = days.view_day(desk.place, TODAY)
    assert view.row.state == "agreed"
    assert view.agreement_genuine
    assert view.agreement is not None
    assert view.agreement.exceptions[0].ruling == "以受理台纸质为准"
    with pytest.raises(Problem) as refused:
        comparing.rule(record, district.keys, finding.id, ruling="改", by="x", now=now)
    assert refused.value.code in {Code.FINDING_RULED, Code.REASON_MISSING}


def test_p07_a_fault_at_the_desk_is_found_as_well(island: Island) -> None:
    desk = island.desk
    for seed in range(18):
        take_case(desk, "HY01-02", seed=seed)
    exchange(island)
    days.list_days(desk.place)
    with desk.place.vault.read() as tx:
        (kept,) = journal.after(tx, epoch=1, sequence=4, limit=1)
    other = kept.entry.replace(b"1390000", b"1390001")
    assert other != kept.entry
    harm_desk(island, "UPDATE journal SET entry = ? WHERE sequence = 5", other)
    close_day.close_day(desk.place, TODAY)
    exchange(island, times=6)
    (named,) = days.view_day(desk.place, TODAY).differences
    assert named.difference.what == "changed"
    assert (named.difference.epoch, named.difference.sequence) == (1, 5)


def test_a_forged_agreement_does_not_count(island: Island) -> None:
    """A countersignature over other records is kept and shown as not valid."""
    desk, district = island.desk, island.district
    take_case(desk, "HY01-02", seed=1)
    close_day.close_day(desk.place, TODAY)
    exchange(island)
    device = closing_device(desk)
    (filed,) = district.record.days.closings(device, TODAY)
    own = json.loads(filed.own)
    own["root"] = "0" * 64
    forged = dataclasses.replace(filed, own=json.dumps(own))
    said = comparing._countersigned(forged, district.keys, (), now=datetime.now(UTC))
    district.record.keep(lambda _: None, device=device, feedback=said.feedback)
    exchange(island, times=2)
    verdicts = [v for v in _verdicts(desk) if v.kind == "statement_agreed"]
    assert sorted(each.genuine for each in verdicts) == [False, True]
    assert ClosingKey(device, TODAY, 1, 2) == filed.key


def _verdicts(desk):  # noqa: ANN001, ANN202 - a desk
    from desk_app.store import days as kept  # noqa: PLC0415 - only here

    with desk.place.vault.read() as tx:
        return kept.verdicts_of(tx, TODAY)


def test_a_day_of_the_future_cannot_be_closed(island: Island) -> None:
    tomorrow = (local_day(datetime.now(UTC)) + timedelta(days=1)).isoformat()
    for given, code in (
        (tomorrow, Code.DAY_NOT_BEGUN),
        ("23.11.2026", Code.DAY_MALFORMED),
    ):
        with pytest.raises(Problem) as refused:
            close_day.close_day(island.desk.place, given)
        assert refused.value.code is code
