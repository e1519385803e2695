"""Window service → HTTPS → intake → reconcile → answer → window, for all 62 items."""

import asyncio
import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.case import CaseState, Granted, Received, Refused, ReturnedForCorrection
from schemas.problems import Code, Problem
from sync.district.reconcile.answering import answer_case
from sync.district.reconcile.filing import reconcile_once
from tests.support.rigs import Island, an_island, take_case


def _reconcile(island: Island) -> None:
    place = island.district
    report = reconcile_once(
        place.sealed, place.record, place.keys, now=datetime.now(UTC)
    )
    assert report.waiting == ()
    assert report.set_aside == 0


def _sync(island: Island) -> None:
    report = asyncio.run(island.desk.sync(impatient=True))
    assert report.problem is None


def test_p04_every_item_travels_there_and_back_exactly_once(tmp_path: Path) -> None:
    """Each of the 62 items is taken, sent, filed once, decided, and seen decided."""
    with an_island(tmp_path) as island:
        desk, record = island.desk, island.district.record
        items = desk.edition().items
        numbers = {
            item.code: take_case(desk, item.code, seed=item.seq) for item in items
        }
        assert len(set(numbers.values())) == 62
        assert desk.sync_status().waiting == 62

        _sync(island)
        assert desk.sync_status().waiting == 0
        _reconcile(island)
        _reconcile(island)
        _, total = record.list_cases()
        assert total == 62

        now = datetime.now(UTC)
        for index, number in enumerate(numbers.values()):
            answer_case(
                record,
                number,
                Received(official_number=f"示{index}"),
                by="区审核",
                now=now,
            )
            decision = (
                Granted(licence_number=f"(示)证第{index:04d}号")
                if index % 2
                else Refused(reason="示例：不符合条件", remedies="示例：可申请复议")
            )
            answer_case(record, number, decision, by="区审核", now=now)
        _reconcile(island)
        _sync(island)

        for index, number in enumerate(numbers.values()):
            view = desk.case(number)
            expected = CaseState.GRANTED if index % 2 else CaseState.REFUSED
            assert view.row.state is expected
            assert view.row.synced
            assert view.official_number == f"示{index}"
            assert view.answers[0].answer.kind == "received"


def test_a_returned_case_is_corrected_and_decided(tmp_path: Path) -> None:
    """What the district asks for arrives at the window, and the correction returns."""
    with an_island(tmp_path) as island:
        desk, record = island.desk, island.district.record
        number = take_case(desk, "HY01-02", seed=1)
        _sync(island)
        _reconcile(island)
        received_at = desk.case(number).row.received_at
        answer_case(
            record,
            number,
            ReturnedForCorrection(what_is_missing=("渔捞日志",), reason="材料不全"),
            by="区审核",
            now=datetime.now(UTC),
        )
        _reconcile(island)
        _sync(island)
        assert desk.case(number).row.state is CaseState.RETURNED

        draft = desk.correction_draft(number)
        desk.resubmit(dataclasses.replace(draft, form={**draft.form}), "已补交渔捞日志")
        assert desk.case(number).row.state is CaseState.RESUBMITTED
        assert not desk.case(number).row.synced
        _sync(island)
        _reconcile(island)
        filed = record.case(number)
        assert filed is not None
        assert filed.revision == 1
        granted = Granted(licence_number="(示)证第0001号")
        answer_case(record, number, granted, by="区审核", now=datetime.now(UTC))
        with pytest.raises(Problem) as refused:
            answer_case(record, number, granted, by="区审核", now=datetime.now(UTC))
        assert refused.value.code is Code.ANSWER_NOT_ADMITTED
        _reconcile(island)
        _sync(island)
        view = desk.case(number)
        assert view.row.state is CaseState.GRANTED
        # Legal time never moves.
        assert view.row.received_at == received_at


def test_a_revoked_desk_keeps_its_cases_and_says_why(tmp_path: Path) -> None:
    """Revocation refuses what comes after; nothing at the desk is lost."""
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        device = district.sealed.devices()[0].device
        district.sealed.set_state(device, "revoked", reason="示例：设备遗失")
        number = take_case(desk, "HY12-01", seed=2)
        report = asyncio.run(desk.sync(impatient=True))
        assert report.problem is Code.DEVICE_REVOKED
        assert desk.sync_status().waiting == 1
        assert not desk.case(number).row.synced
