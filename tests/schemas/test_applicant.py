"""Who applies: numbers that check, names as the card says them, nothing dropped."""

import unicodedata
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.applicant import (
    Applicant,
    ApplicantKind,
    Organisation,
    Person,
    identity_of,
)

READ: TypeAdapter[Person | Organisation] = TypeAdapter(Applicant)
PERSON = {
    "kind": "person", "name": "林海生", "id_number": "11010519491231002X",
    "phone": "13900001234", "address": "示例村 1 号",
}  # fmt: skip
BODY = {
    "kind": "company", "name": "示例公司", "credit_code": "91350100M000100Y43",
    "phone": "0594-5888888", "address": "示例路 2 号",
}  # fmt: skip


def wrong(given: dict[str, Any]) -> set[str]:
    with pytest.raises(ValidationError) as refused:
        READ.validate_python(given)
    places = [error["loc"] for error in refused.value.errors()]
    return {str(place[-1]) if place else "kind" for place in places}


def test_a_person_is_known_by_the_id_and_a_body_by_its_code() -> None:
    assert identity_of(READ.validate_python(PERSON)) == "11010519491231002X"
    assert identity_of(READ.validate_python(BODY)) == "91350100M000100Y43"


@pytest.mark.parametrize("kind", [k for k in ApplicantKind if k != "person"])
def test_every_other_kind_is_an_organisation(kind: ApplicantKind) -> None:
    assert isinstance(READ.validate_python({**BODY, "kind": kind}), Organisation)
    assert wrong({**PERSON, "kind": kind}) == {"credit_code"}


def test_numbers_are_taken_as_people_type_them() -> None:
    typed = {**PERSON, "id_number": " 11010519491231002x "}
    assert READ.validate_python(typed) == READ.validate_python(PERSON)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id_number", "110105194912310021"), ("id_number", ""), ("phone", "139"),
        ("phone", "13900001234\n"), ("name", "  "), ("name", "长" * 101),
        ("address", ""), ("contact_note", "长" * 41), ("kind", "king"),
    ],
)  # fmt: skip
def test_what_slipped_through_the_form_is_refused_here(field: str, value: str) -> None:
    assert wrong({**PERSON, field: value}) == {field}


def test_a_name_is_composed_and_never_made_another_character() -> None:
    """NFKC would turn a compatibility character of a name into a common one."""
    decomposed = unicodedata.normalize("NFD", "é")
    compatible = "\uf9c6"
    kept = READ.validate_python({**PERSON, "name": f"{decomposed}\u2f00王"})
    assert kept.name == "\u00e9\u2f00王"
    assert unicodedata.normalize("NFKC", kept.name) != kept.name
    rare = READ.validate_python({**PERSON, "name": f"\U00020bb7{compatible}"})
    assert rare.name.startswith("\U00020bb7")


def test_p10_what_a_newer_desk_says_of_somebody_is_kept() -> None:
    for given in (PERSON, BODY):
        kept = READ.validate_python({**given, "e_mail": "a@example.org"})
        assert kept.model_dump()["e_mail"] == "a@example.org"


def test_an_applicant_is_never_changed_in_place() -> None:
    person = READ.validate_python(PERSON)
    with pytest.raises(ValidationError, match="frozen"):
        person.name = "别人"
