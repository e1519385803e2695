"""Everything that is wrong is told at once, each by its field and number."""

from datetime import date, datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from schemas.applicant import ApplicantKind
from schemas.case import MaterialForm, MaterialTaken
from schemas.catalogue import Edition, Field, FieldRules, Item
from schemas.conditions import Always, ApplicantIs, ClerkJudges, Condition
from schemas.forms.check import (
    MaterialDue,
    Moment,
    check_form,
    check_materials,
    materials_due,
)
from schemas.problems import Code

EDITION = Edition.model_validate_json(
    files("assets").joinpath("catalogue", "edition-1.json").read_text("utf-8")
)
ITEM = EDITION.items[0]
NOON = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
AT = Moment(NOON.date(), NOON)


def a_field(name: str, kind: str, *, required: bool = False, **rules: Any) -> Field:
    return Field(
        name=name, label=name, type=kind, unit=None, required=required,
        rules=FieldRules(**rules), options=None, sensitive=False, note=None,
    )  # type: ignore[arg-type] # fmt: skip


def item(*fields: Field) -> Item:
    return ITEM.model_copy(update={"fields": fields, "common_field_groups": ()})


def faults(form: dict[str, Any], *fields: Field) -> list[tuple[str, Code]]:
    found = check_form(item(*fields), EDITION, form, at=AT)
    return [(fault.field, fault.code) for fault in found]


def test_all_is_told_at_once() -> None:
    """Administrative Licensing Law 32: nobody is sent away twice."""
    fields = (a_field("a", "int", required=True), a_field("b", "date"))
    assert faults({"b": "soon"}, *fields) == [
        ("a", Code.ANSWER_MISSING),
        ("b", Code.ANSWER_WRONG_SHAPE),
    ]


def test_what_follows_or_is_signed_by_hand_is_not_asked() -> None:
    fields = (a_field("a", "derived", required=True), a_field("b", "signature"))
    assert faults({}, *fields) == []


def test_an_answer_of_another_edition_warns_and_stays() -> None:
    assert faults({"old": "示例"}) == [("old", Code.FIELD_FROM_OTHER_EDITION)]


@pytest.mark.parametrize(
    ("kind", "rules", "form", "code"),
    [
        ("date", {"not_later_than": "today"}, {"a": "2026-11-24"}, Code.DATE_TOO_LATE),
        ("date", {"not_later_than": "today"}, {"a": "2026-11-23"}, None),
        ("datetime", {"not_later_than": "now"}, {"a": "2026-11-23T12:01"},
         Code.DATE_TOO_LATE),
        ("datetime", {"not_later_than": "now"}, {"a": "2026-11-23T12:00"}, None),
        # The same instant by another clock: 04:00 UTC is noon at the window.
        ("datetime", {"not_later_than": "now"}, {"a": "2026-11-23T04:01+00:00"},
         Code.DATE_TOO_LATE),
        ("datetime", {"not_later_than": "now"}, {"a": "2026-13-45T99:99"},
         Code.ANSWER_WRONG_SHAPE),
        ("date", {"after_field": "o"}, {"a": "2026-11-01", "o": "2026-11-01"},
         Code.DATE_ORDER),
        ("date", {"after_field": "o", "max_days": 30},
         {"a": "2026-12-02", "o": "2026-11-01"}, Code.NUMBER_OUT_OF_RANGE),
        ("date", {"after_field": "o", "max_days": 30},
         {"a": "2026-12-01", "o": "2026-11-01"}, None),
        ("date", {"after_field": "o"}, {"a": "2026-11-01", "o": "unknown"}, None),
        ("bool", {"if_true": "示例"}, {"a": True}, Code.RULE_TO_MIND),
        ("bool", {"if_true": "示例"}, {"a": False}, None),
        ("bool", {"if_false": "示例"}, {"a": False}, Code.RULE_TO_MIND),
        ("text", {"statement": "示例"}, {"a": "x"}, Code.RULE_TO_MIND),
        ("text", {"statement": "示例"}, {}, None),
    ],
)  # fmt: skip
def test_days_and_rules_are_judged_by_the_moment_given(
    kind: str, rules: dict[str, Any], form: dict[str, Any], code: Code | None
) -> None:
    found = faults(form, a_field("a", kind, **rules), a_field("o", "text"))
    assert [each for field, each in found if field == "a"] == ([code] if code else [])


def test_who_acts_for_somebody_says_who_and_how() -> None:
    names = ("agent_used", "agent_name", "agent_id", "agent_relation")
    fields = tuple(
        a_field(name, "bool" if name == "agent_used" else "text") for name in names
    )
    missing = faults({"agent_used": True, "agent_name": "陈"}, *fields)
    assert missing == [
        ("agent_id", Code.ANSWER_MISSING), ("agent_relation", Code.ANSWER_MISSING)
    ]  # fmt: skip
    assert faults({"agent_used": False}, *fields) == []


def due(when: Condition, *, required: bool = True, deferrable: bool = False) -> Any:
    material = ITEM.materials[0].model_copy(
        update={"key": "m", "when": when, "required": required,
                "deferrable": deferrable}
    )  # fmt: skip
    return materials_due(
        ITEM.model_copy(update={"materials": (material,)}),
        applicant=ApplicantKind.PERSON, form={},
    )  # fmt: skip


def judged(
    lines: tuple[MaterialDue, ...], form: MaterialForm | None, **more: Any
) -> list[Code]:
    taken = (MaterialTaken(key="m", form=form, **more),) if form else ()
    today = date(2026, 11, 23)
    return [fault.code for fault in check_materials(lines, taken, today=today)]


COMPANY = ApplicantIs(kinds=(ApplicantKind.COMPANY,))


@pytest.mark.parametrize(
    ("lines", "form", "codes"),
    [
        (due(Always()), None, [Code.MATERIAL_NOT_TAKEN]),
        (due(Always()), MaterialForm.NOT_APPLICABLE, [Code.MATERIAL_NOT_TAKEN]),
        (due(Always()), MaterialForm.COPY, []),
        (due(Always()), MaterialForm.MISSING, [Code.MATERIAL_OWED]),
        (due(Always()), MaterialForm.DEFERRED, [Code.MATERIAL_NOT_DEFERRABLE]),
        (due(Always(), deferrable=True), MaterialForm.DEFERRED, []),
        (due(Always(), required=False), None, []),
        (due(COMPANY), None, []),
        (due(ClerkJudges()), None, [Code.MATERIAL_UNJUDGED]),
        (due(ClerkJudges()), MaterialForm.NOT_APPLICABLE, []),
    ],
)
def test_a_material_is_judged_by_whether_it_is_due(
    lines: tuple[MaterialDue, ...], form: MaterialForm | None, codes: list[Code]
) -> None:
    assert judged(lines, form) == codes


def test_a_paper_that_ends_today_still_holds() -> None:
    lines = due(Always())
    copy = MaterialForm.COPY
    assert judged(lines, copy, valid_until="2026-11-23") == []
    assert judged(lines, copy, valid_until="2026-11-22") == [Code.MATERIAL_EXPIRED]


def test_a_paper_that_the_item_does_not_ask_for_is_named() -> None:
    other = (MaterialTaken(key="other", form=MaterialForm.COPY),)
    (fault,) = check_materials((), other)
    assert (fault.field, fault.code) == ("material.other", Code.MATERIAL_NOT_LISTED)
