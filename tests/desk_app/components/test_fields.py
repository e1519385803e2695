"""A widget a field type: what is typed is kept as typed, in the field's own shape."""

from typing import Any

import flet as ft
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from desk_app.components.fields import FieldProps, as_typed, build, from_typed
from desk_app.text.words import Words
from schemas.catalogue import Edition, Field
from schemas.forms.values import tidy
from tools.sample_cases import sample_form
from tools.train_dictionary import read_edition

WORDS = Words("desk")

EDITION = read_edition()


def props(kind: str, value: JsonValue = None, **said: Any) -> FieldProps:
    plain = {
        "name": "x", "label": "总吨位", "type": kind, "unit": None, "required": False,
        "options": (), "columns": (), "value": value, "hint": "",
    }  # fmt: skip
    return FieldProps(**{**plain, **said})


def type_into(field: ft.TextField, text: str) -> None:
    field.value = text
    event: Any = type("Event", (), {"control": field})()
    assert field.on_change is not None
    field.on_change(event)  # type: ignore[call-arg]


def test_a_field_says_its_unit_and_that_it_must_be_answered() -> None:
    control = build(
        props("number", 12.5, unit="吨", required=True), lambda _: None,
        lambda: None, WORDS,
    ).control  # fmt: skip
    assert isinstance(control, ft.TextField)
    assert control.label == "总吨位 (吨) *"
    assert control.value == "12.5"


def test_every_change_is_told_and_enter_goes_on() -> None:
    told: list[JsonValue] = []
    gone: list[bool] = []
    widget = build(props("text"), told.append, lambda: gone.append(True), WORDS)
    assert isinstance(widget.control, ft.TextField)
    type_into(widget.control, "落")
    type_into(widget.control, "落海")
    assert told == ["落", "落海"]
    assert widget.control.on_submit is not None
    widget.control.on_submit(None)  # type: ignore[call-arg, arg-type]
    assert gone == [True]


def test_yes_and_no_are_an_answer_and_nothing_is_none() -> None:
    told: list[JsonValue] = []
    widget = build(props("bool", value=True), told.append, lambda: None, WORDS)
    field = widget.control.controls[0]  # type: ignore[attr-defined]
    assert field.value == WORDS("new.yes")
    for typed in ("2", ""):
        field.value = typed
        widget.settle()
    assert told == [False, None]


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("table", "带鱼,100\n\n鲳鱼，20", [
            {"种类": "带鱼", "数量": "100"}, {"种类": "鲳鱼", "数量": "20"},
        ]),
        ("table", "带鱼", [{"种类": "带鱼"}]),
        ("coord_list", "119.5,25.2\n\n119.6,25.3\n", ["119.5,25.2", "119.6,25.3"]),
        ("multiselect", "甲, 乙，,丙", ["甲", "乙", "丙"]),
        ("text", " 两 行\n", " 两 行\n"),
    ],
)  # fmt: skip
def test_lines_become_rows_and_points_and_the_rest_stays(
    kind: str, typed: str, kept: JsonValue
) -> None:
    given = props(kind, columns=("种类", "数量"))
    assert from_typed(given, typed) == kept


CELL = st.text("带鱼鲳1二", min_size=1, max_size=4)


@settings(derandomize=True, max_examples=50)
@given(st.lists(st.tuples(CELL, CELL), max_size=4))
def test_a_table_that_is_shown_again_is_the_table_that_was_typed(
    rows: list[tuple[str, str]],
) -> None:
    value: JsonValue = [{"种类": a, "数量": b} for a, b in rows]
    given = props("table", value, columns=("种类", "数量"))
    assert from_typed(given, as_typed(given)) == value


def test_a_point_is_shown_as_it_was_given() -> None:
    point: JsonValue = {"as_given": "119°30′,25°12′", "lon": 119.5, "lat": 25.2}
    assert as_typed(props("coord_point", point)) == "119°30′,25°12′"
    assert as_typed(props("coord_point", {"lon": 119.5, "lat": 25.2})) == "119.5,25.2"


def test_a_span_keeps_the_end_that_is_not_being_typed() -> None:
    told: list[JsonValue] = []
    widget = build(
        props("daterange", {"from": "2026-06-01", "to": "2026-06-30"}), told.append,
        lambda: None, WORDS,
    )  # fmt: skip
    first, last = widget.control.controls  # type: ignore[attr-defined]
    assert (first.value, last.value) == ("2026-06-01", "2026-06-30")
    type_into(last, "2026-07-31")
    assert told == [{"from": "2026-06-01", "to": "2026-07-31"}]
    widget.set_fault("[1] 不对")
    assert last.error == "[1] 不对"


def _typed(field: Field, edition: Edition, value: JsonValue) -> JsonValue:
    """What the window keeps once somebody has typed this answer."""
    asked = props(
        field.type, value, options=edition.options(field), columns=field.rules.columns
    )
    return tidy(field, from_typed(asked, as_typed(asked)))


@pytest.mark.parametrize("item", EDITION.items, ids=lambda item: item.code)
def test_every_answer_of_every_item_can_be_typed(item: Any) -> None:
    """A single point could not: two items had no way through the window."""
    form = sample_form(item, EDITION, seed=1)
    chosen = {"bool", "select", "multiselect", "daterange"}
    for field in EDITION.form_fields(item):
        if field.name in form and field.type not in chosen:
            value = form[field.name]
            kept = _typed(field, EDITION, value)
            assert _typed(field, EDITION, kept) == kept
            assert type(kept) is type(tidy(field, value)), field.name
