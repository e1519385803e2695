"""Slips: signed for one case, checked without a line, and no key to another."""

import dataclasses

import pytest

from desk_app.services import slips, steps
from desk_app.services.shown import CaseView
from desk_app.store import former_keys
from schemas.base import utc_text
from schemas.problems import Code
from sync.seal.keys import SigningKey
from tests.support.counter import MONDAY, Counter, Town, refused


@pytest.fixture(scope="module")
def case(made: Counter) -> CaseView:
    return made.desk.case(made.take(seed=50))


def test_a_slip_says_its_case_and_hides_its_person(
    counter: Counter, case: CaseView
) -> None:
    text = slips.slip_for(counter.place, case)
    said = slips.verify_here(counter.place, text)
    assert (said.number, said.item) == (case.row.number, case.row.item_code)
    assert said.day == "2026-06-01"
    assert case.row.applicant_name not in text
    assert slips.slip_for(counter.place, case) == text, "the same slip every time"


def test_a_slip_is_checked_by_the_districts_charter_alone(
    counter: Counter, case: CaseView
) -> None:
    text = slips.slip_for(counter.place, case)
    charter = counter.town.charter().model_dump_json()
    assert slips.verify_with(charter, text).number == case.row.number
    stranger = Town(answers=SigningKey(b"\x33" * 32)).charter().model_dump_json()
    refused(Code.SLIP_NOT_GENUINE, slips.verify_with, stranger, text)
    forged = counter.town.charter().model_copy(update={"name": "别区"})
    refused(Code.SIGNATURE_INVALID, slips.verify_with, forged.model_dump_json(), text)


def test_a_changed_slip_is_none(counter: Counter, case: CaseView) -> None:
    text = slips.slip_for(counter.place, case)
    for wrong in (
        text.replace(case.row.item_code, "HY12-01"),
        text[:-2] + "AA",
        "",
        "IDS1|",
    ):
        refused(Code.SLIP_NOT_GENUINE, slips.verify_here, counter.place, wrong)


def test_a_corrected_person_has_another_slip(counter: Counter, case: CaseView) -> None:
    before = slips.slip_for(counter.place, case)
    draft = counter.desk.correction_draft(case.row.number)
    person = {**draft.applicant, "name": "示例改名"}
    steps.correct_on_spot(
        counter.place, dataclasses.replace(draft, applicant=person), what="姓名写错"
    )
    after = slips.slip_for(counter.place, counter.desk.case(case.row.number))
    assert after.split("|")[:4] == before.split("|")[:4]
    assert after.split("|")[4] != before.split("|")[4]


def test_a_slip_outlives_a_change_of_the_districts_keys(
    counter: Counter, case: CaseView
) -> None:
    text = slips.slip_for(counter.place, case)
    old = counter.town.answers.public
    charter = Town(answers=SigningKey(b"\x44" * 32)).charter().model_dump_json()
    kept = counter.town.charter().model_dump_json()
    counter.put("charter", charter)
    try:
        refused(Code.SLIP_NOT_GENUINE, slips.verify_here, counter.place, text)
        with counter.place.vault.write() as tx:
            former_keys.keep(tx, "answers", old, since=utc_text(MONDAY))
        assert slips.verify_here(counter.place, text).number == case.row.number
    finally:
        counter.put("charter", kept)
