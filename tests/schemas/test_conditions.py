"""When a paper is due: computed from the answers, or asked; never guessed."""

from importlib.resources import files
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.applicant import ApplicantKind
from schemas.case import MaterialTaken
from schemas.catalogue import Edition
from schemas.conditions import (
    Always,
    ApplicantIs,
    ByAgent,
    ClerkJudges,
    Condition,
    FieldAnswered,
    FieldIn,
    evaluate,
)
from schemas.forms.check import check_materials, materials_due
from schemas.problems import Code
from tools.sample_cases import sample_materials

EDITION = Edition.model_validate_json(
    files("assets").joinpath("catalogue", "edition-1.json").read_text("utf-8")
)
PERSON, COMPANY = ApplicantKind.PERSON, ApplicantKind.COMPANY
OWNED = FieldAnswered(field="co_owners")
LARGE = FieldIn(field="size", values=("large", True))


@pytest.mark.parametrize(
    ("condition", "form", "verdict"),
    [
        (Always(), {}, "applies"),
        (ApplicantIs(kinds=(PERSON,)), {}, "applies"),
        (ApplicantIs(kinds=(COMPANY,)), {}, "does_not"),
        (ApplicantIs(kinds=()), {}, "does_not"),
        (ByAgent(), {"agent_used": True}, "applies"),
        (ByAgent(), {"agent_used": False}, "does_not"),
        (ByAgent(), {"agent_used": "yes"}, "does_not"),
        (ByAgent(), {}, "does_not"),
        (LARGE, {"size": "large"}, "applies"),
        (LARGE, {"size": ["small", "large"]}, "applies"),
        (LARGE, {"size": True}, "applies"),
        (LARGE, {"size": []}, "does_not"),
        (LARGE, {"size": None}, "does_not"),
        (LARGE, {}, "does_not"),
        (OWNED, {"co_owners": [{"name": "陈"}]}, "applies"),
        (OWNED, {"co_owners": False}, "applies"),
        (OWNED, {"co_owners": 0}, "applies"),
        *((OWNED, {"co_owners": empty}, "does_not") for empty in ("", [], {}, None)),
        (OWNED, {}, "does_not"),
        (ClerkJudges(), {"anything": True}, "ask"),
    ],
)
def test_a_condition_is_read_from_the_answers(
    condition: Condition, form: dict[str, Any], verdict: str
) -> None:
    assert evaluate(condition, applicant=PERSON, form=form) == verdict


def test_before_anybody_is_named_no_kind_of_applicant_is() -> None:
    every = ApplicantIs(kinds=tuple(ApplicantKind))
    assert evaluate(every, applicant=None, form={}) == "does_not"
    assert evaluate(every, applicant=COMPANY, form={}) == "applies"


@pytest.mark.parametrize(
    "given",
    [
        {"rule": "guess"},
        {},
        {"rule": "field_in", "field": "size"},
        {"rule": "always", "unless": "friday"},
        "always",
    ],
)
def test_the_language_is_closed(given: Any) -> None:
    """An edition with a rule that this version does not know is not half understood."""
    adapter: TypeAdapter[Condition] = TypeAdapter(Condition)
    with pytest.raises(ValidationError):
        adapter.validate_python(given)


def test_every_shipped_condition_looks_at_a_question_of_its_item() -> None:
    for item in EDITION.items:
        asked = {field.name for field in EDITION.form_fields(item)}
        for material in item.materials:
            if isinstance(material.when, FieldIn | FieldAnswered):
                assert material.when.field in asked, (item.code, material.key)


def test_conditions_follow_the_applicant_and_ask_where_they_cannot_know() -> None:
    item = EDITION.item("HY01-02")
    assert item is not None
    due = materials_due(item, applicant=PERSON, form={})
    person = {each.material.key: each.verdict for each in due}
    assert (person["id"], person["biz"]) == ("applies", "does_not")
    assert person["vinsp"] == "ask"
    taken = tuple(MaterialTaken.model_validate(m) for m in sample_materials(item))
    assert not any(fault.blocks for fault in check_materials(due, taken))
    untaken = {fault.code for fault in check_materials(due, ())}
    assert {Code.MATERIAL_NOT_TAKEN, Code.MATERIAL_UNJUDGED} <= untaken
