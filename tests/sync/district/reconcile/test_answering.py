"""Answers: what the district may say to a case as it stands, and that it is final."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.case import Granted, Received, Refused, ReturnedForCorrection
from schemas.feed import CaseAnswered
from schemas.problems import Code, Problem
from sync.district.reconcile.answering import answer_case, told_before
from sync.district.reconcile.filing import reconcile_once
from tests.support.rigs import Island, an_island, take_case

NOW = datetime.now(UTC)
GRANTED = Granted(licence_number="(示)第1号")
REFUSED = Refused(reason="不符合条件", remedies="可以申请行政复议")
RETURNED = ReturnedForCorrection(what_is_missing=("图",), reason="缺图")


def _filed(island: Island) -> str:
    number = take_case(island.desk, "HY12-01", seed=1)
    asyncio.run(island.desk.sync(impatient=True))
    place = island.district
    reconcile_once(place.sealed, place.record, place.keys, now=NOW)
    return number


def test_a_decision_is_final_and_travels_once(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        record, number = island.district.record, _filed(island)
        answer_case(record, number, Received(official_number="官1"), by="x", now=NOW)
        after = answer_case(record, number, GRANTED, by="审核", now=NOW)
        assert (after.state, after.official_number) == ("granted", "官1")
        for late in (REFUSED, RETURNED, GRANTED, Received(official_number="官2")):
            with pytest.raises(Problem) as refused:
                answer_case(record, number, late, by="审核", now=NOW)
            assert refused.value.code is Code.ANSWER_NOT_ADMITTED
        place = island.district
        reconcile_once(place.sealed, place.record, place.keys, now=NOW)
        asyncio.run(island.desk.sync(impatient=True))
        asyncio.run(island.desk.sync(impatient=True))
        said = [each.answer.kind for each in island.desk.case(number).answers]
        assert said == ["received", "granted"]
        # A desk that follows this one is told the same, in the same order.
        again = [
            CaseAnswered.model_validate_json(text)
            for text in told_before(record, after.device)
        ]
        assert [each.answer.kind for each in again] == said
        assert {each.number for each in again} == {number}
        assert told_before(record, "nobody") == ()


def test_an_official_number_is_given_once(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        record, number = island.district.record, _filed(island)
        answer_case(record, number, Received(official_number="官1"), by="x", now=NOW)
        with pytest.raises(Problem) as refused:
            answer_case(
                record, number, Received(official_number="官2"), by="x", now=NOW
            )
        assert refused.value.code is Code.ANSWER_NOT_ADMITTED
        case = record.case(number)
        assert case is not None
        assert case.official_number == "官1"


def test_a_case_that_nobody_filed_is_answered_by_a_number(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        with pytest.raises(Problem) as refused:
            answer_case(island.district.record, "nothing", GRANTED, by="x", now=NOW)
        assert refused.value.code is Code.CASE_UNKNOWN
