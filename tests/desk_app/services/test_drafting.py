"""Drafts: kept as typed, checked as a whole, and never lost without a reason."""

import dataclasses
from typing import Any

import pytest

from desk_app.services import drafting
from desk_app.services.desk import Desk
from desk_app.services.shown import Draft
from schemas.applicant import Organisation, Person
from schemas.catalogue import Edition, Item
from schemas.problems import Code
from tests.support.counter import ITEM, MONDAY, Counter, refused
from tools.sample_cases import credit_code

PERSON = {
    "kind": "person", "name": " 林海生 ", "id_number": "11010519491231002x",
    "phone": "13900001234", "address": "南日镇",
}  # fmt: skip


@pytest.fixture
def edition(desk: Desk) -> Edition:
    return desk.edition()


@pytest.fixture
def item(edition: Edition) -> Item:
    found = edition.item(ITEM)
    assert found is not None
    return found


@pytest.fixture
def draft(counter: Counter) -> Draft:
    return counter.draft()


def _faults(edition: Edition, draft: Draft, **changed: Any) -> dict[str, Code]:
    changed_draft = dataclasses.replace(draft, **changed)
    report = drafting.check(edition, changed_draft, now=MONDAY)
    return {fault.field: fault.code for fault in report.faults if fault.blocks}


def test_p01_a_draft_comes_back_as_it_was_typed(counter: Counter) -> None:
    """Not validated, not tidied: half a number is what was typed."""
    half = counter.desk.new_draft(ITEM)
    half = dataclasses.replace(
        half, applicant={"kind": "person", "phone": "139"}, form={"loa_m": " 1２ "}
    )
    kept = drafting.save(counter.place, half)
    assert kept.updated_at == MONDAY
    assert drafting.get(counter.place, half.draft_id) == kept
    assert (kept.applicant["phone"], kept.form["loa_m"]) == ("139", " 1２ ")


@pytest.mark.parametrize("typed", ["陈U+20BB7明", "陈[土口]明"])
def test_a_rare_character_is_in_the_name_once_it_was_saved(
    counter: Counter, draft: Draft, typed: str
) -> None:
    person = {**draft.applicant, "name": typed}
    kept = drafting.save(counter.place, dataclasses.replace(draft, applicant=person))
    assert kept.applicant["name"] == "陈\U00020bb7明"
    found = drafting.get(counter.place, draft.draft_id)
    assert found.applicant["name"] == "陈\U00020bb7明"


def test_a_whole_draft_is_an_application_in_the_shapes_of_its_form(
    edition: Edition, draft: Draft
) -> None:
    typed = dataclasses.replace(draft, form={**draft.form, "loa_m": " 1２.50 "})
    made = drafting.application_of(edition, typed, now=MONDAY)
    assert (made.item_code, made.edition) == (ITEM, edition.edition)
    assert made.form["loa_m"] == "12.50"
    assert made.materials == draft.materials


def test_every_fault_is_found_at_once_and_none_is_accepted(
    edition: Edition, draft: Draft
) -> None:
    form = {k: v for k, v in draft.form.items() if k != "vessel_name_no"}
    person = {**draft.applicant, "phone": "1", "address": " "}
    found = _faults(edition, draft, form=form, applicant=person, materials=())
    assert found["vessel_name_no"] is Code.ANSWER_MISSING
    assert found["applicant.phone"] is Code.PHONE_SHAPE
    assert found["applicant.address"] is Code.ANSWER_MISSING
    wrong = dataclasses.replace(draft, form=form, applicant=person)
    problem = refused(
        Code.FORM_HAS_FAULTS, drafting.application_of, edition, wrong, now=MONDAY
    )
    assert problem.params["count"] == 3


def test_an_applicant_is_read_or_every_fault_of_it(item: Item) -> None:
    read = drafting.read_applicant(PERSON, item)
    assert isinstance(read, Person)
    assert (read.name, read.id_number) == ("林海生", "11010519491231002X")
    wrong = {**PERSON, "id_number": "110105194912310021", "phone": "12", "name": ""}
    faults = drafting.read_applicant(wrong, item)
    assert isinstance(faults, tuple)
    assert {fault.field: fault.code for fault in faults} == {
        "applicant.name": Code.ANSWER_MISSING,
        "applicant.id_number": Code.ID_CHECK_DIGIT,
        "applicant.phone": Code.PHONE_SHAPE,
    }


def test_another_kinds_number_is_left_out_and_an_unknown_kind_refused(
    item: Item,
) -> None:
    """Who changed from person to company leaves an id behind in the form."""
    company = {
        **PERSON, "kind": "company", "credit_code": credit_code(7),
        "id_number": "not asked for",
    }  # fmt: skip
    read = drafting.read_applicant(company, item)
    assert isinstance(read, Organisation)
    assert read.credit_code == credit_code(7)
    person = drafting.read_applicant({**PERSON, "credit_code": "wrong"}, item)
    assert isinstance(person, Person)
    for kind in ("", "king"):
        (fault,) = drafting.read_applicant({**PERSON, "kind": kind}, item)  # type: ignore[misc]
        assert (fault.field, fault.code) == ("applicant.kind", Code.NOT_AN_OPTION)


def test_an_item_that_nobody_can_apply_for_is_said(edition: Edition) -> None:
    refused(Code.ITEM_UNKNOWN, drafting.require_item, edition, "HY99-99")
    items = tuple(
        each.model_copy(update={"retired": True}) if each.code == ITEM else each
        for each in edition.items
    )
    gone = edition.model_copy(update={"items": items})
    refused(Code.ITEM_RETIRED, drafting.require_item, gone, ITEM)


def test_answers_of_fields_that_are_not_known_stay(
    edition: Edition, item: Item
) -> None:
    tidy = drafting.tidy_form(edition, item, {"of_the_future": " x ", "loa_m": "９"})
    assert tidy == {"of_the_future": " x ", "loa_m": "9"}


def test_a_draft_is_thrown_away_by_a_reason_that_stays(
    counter: Counter, draft: Draft
) -> None:
    place, name = counter.place, draft.draft_id
    refused(Code.REASON_MISSING, drafting.discard, place, name, reason=" ")
    assert drafting.get(place, name).draft_id == name
    drafting.discard(place, name, reason="重复")
    refused(Code.DRAFT_UNKNOWN, drafting.get, place, name)
    refused(Code.DRAFT_UNKNOWN, drafting.discard, place, name, reason="重复")
    assert counter.trail()[0] == "draft_discarded"


def test_what_was_read_back_is_confirmed_with_its_witness(
    counter: Counter, draft: Draft
) -> None:
    kept = drafting.confirm(counter.place, draft, witness=" 村干部 ")
    assert (kept.form["notice_read"], kept.form["commit_true"]) == (True, True)
    with counter.place.vault.read() as tx:
        row = tx.row("SELECT what, subject FROM audit ORDER BY position DESC LIMIT 1")
    assert row == ("draft_confirmed", f"{draft.draft_id} 村干部")
