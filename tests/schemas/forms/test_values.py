"""Typed text becomes one shape an answer; what cannot be read stays as typed."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.catalogue import Field, FieldRules, FieldType
from schemas.forms.values import (
    as_date,
    as_decimal,
    as_moment,
    is_empty,
    read_day,
    tidy,
)


def field(kind: str) -> Field:
    return Field(
        name="x", label="x", type=kind, unit=None, required=True,
        rules=FieldRules(), options=None, sensitive=False, note=None,
    )  # type: ignore[arg-type] # fmt: skip


POINT = {
    "lon": "119.50347222",
    "lat": "25.20000000",
    "as_given": "119°30′12.5″,25°12′0″",
}
SHAPES: list[tuple[FieldType, Any, Any]] = [
    ("text", "  林海生 ", "林海生"),
    ("text", "e\u0301", "\u00e9"),
    ("text", "\u2f00\uff21", "\u2f00\uff21"),
    ("vessel_no", "闽秀渔 ９９ 001", "闽秀渔99001"),
    ("id_number", " 11010519491231002x", "11010519491231002X"),
    ("phone", "１３９ 0000 1234", "13900001234"),
    ("decimal", "1,250.50", "1250.50"),
    ("decimal", "1e2", "100"),
    ("decimal", 3, "3"),
    ("money", "１２．５", "12.5"),
    ("decimal", 0.1, "0.1"),
    ("decimal", "twelve", "twelve"),
    ("int", "-7", -7),
    ("int", "７", 7),
    ("int", "7.5", "7.5"),
    ("int", "--7", "--7"),
    ("date", "20261123", "2026-11-23"),
    ("date", "2026/11/3", "2026-11-03"),
    ("date", "２０２６．１１．２３", "2026-11-23"),
    ("date", "2026-02-30", "2026-02-30"),
    ("date", "2026-W47-1", "2026-W47-1"),
    ("datetime", "2026-06-01 8:30", "2026-06-01T08:30"),
    ("datetime", "2026/6/1　０８：３０", "2026-06-01T08:30"),
    ("datetime", "2026-06-01T08:30+08:00", "2026-06-01T08:30+08:00"),
    ("datetime", "2026-06-01 25:00", "2026-06-01 25:00"),
    ("datetime", "昨天 早上", "昨天 早上"),
    ("daterange", {"from": "20261201", "to": "2026.12.31"},
     {"from": "2026-12-01", "to": "2026-12-31"}),
    ("bool", "Y", True),
    ("bool", "0", False),
    ("bool", "maybe", "maybe"),
    ("bool", True, True),
    ("coord_point", "119°30′12.5″,25°12′0″", POINT),
    ("coord_point", "119.5，25.2",
     {"lon": "119.5", "lat": "25.2", "as_given": "119.5，25.2"}),
    ("coord_point", "somewhere", "somewhere"),
    ("coord_point", {"lon": "x", "lat": "25.2"}, {"lon": "x", "lat": "25.2"}),
    ("coord_list", ["119.5,25.2", 7],
     [{"lon": "119.5", "lat": "25.2", "as_given": "119.5,25.2"}, 7]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "typed", "kept"), SHAPES)
def test_an_answer_has_one_shape_and_is_left_alone_in_it(
    kind: FieldType, typed: Any, kept: Any
) -> None:
    assert tidy(field(kind), typed) == kept
    assert tidy(field(kind), kept) == kept, "saved again, nothing moves"


KINDS = [
    "text", "vessel_no", "select", "decimal", "int", "date", "datetime", "bool",
    "money", "phone", "coord_point", "id_number", "uscc", "table", "daterange",
]  # fmt: skip
TYPED = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]))


@given(st.sampled_from(KINDS), TYPED | st.from_regex(r"[-0-9.,eE:T /]{0,12}"))
def test_typing_never_breaks_and_settles_at_once(kind: str, typed: str) -> None:
    once = tidy(field(kind), typed)
    assert tidy(field(kind), once) == once


@pytest.mark.parametrize("typed", ["1e999999999", "-1e999999999", "1e-999999999"])
def test_a_number_that_nobody_writes_out_fills_no_memory(typed: str) -> None:
    kept = tidy(field("decimal"), typed)
    assert isinstance(kept, str)
    assert len(kept) < 20
    assert as_decimal(kept) is None, "and the checks say that it is none"
    assert len(str(tidy(field("coord_point"), f"{typed},25"))) < 90


@pytest.mark.parametrize(
    ("value", "empty"),
    [(None, True), ("", True), ([], True), ({}, True), (False, False), (0, False),
     ("0", False), ([""], False)],
)  # fmt: skip
def test_no_and_nought_are_answers(value: Any, *, empty: bool) -> None:
    assert is_empty(value) is empty


def test_a_day_has_one_text_since_days_are_compared_as_texts() -> None:
    assert str(as_date("2026-11-23")) == "2026-11-23"
    for text in ("20261123", "2026-W48-1", "2026-11-31", "", 20261123, None):
        assert as_date(text) is None, text
    assert read_day("2026.11.23") == "2026-11-23"
    assert read_day("soon") is None


def test_a_moment_is_a_real_day_and_time() -> None:
    found = as_moment("2026-06-01T08:30")
    assert found is not None
    assert (found.hour, found.tzinfo) == (8, None)
    for text in ("2026-06-01", "2026-13-45T99:99", "2026-06-01T08:30 about", 830):
        assert as_moment(text) is None, text


@pytest.mark.parametrize("value", [True, 1.5, "", "x", "nan", "inf", [], None])
def test_what_is_no_number_is_none(value: Any) -> None:
    assert as_decimal(value) is None


def test_numbers_are_exact() -> None:
    assert as_decimal("0.10") == Decimal("0.1")
    assert as_decimal(3) == 3
