"""Every field type: what it takes, what it refuses, and by which number."""

from typing import Any

import pytest

from schemas.catalogue import Field, FieldRules
from schemas.forms.kinds import fault_of_kind
from schemas.problems import Code


def faults(kind: str, value: Any, options: tuple[str, ...] = (), **rules: Any) -> Any:
    field = Field(
        name="x", label="x", type=kind, unit=None, required=True,
        rules=FieldRules(**rules), options=None, sensitive=False, note=None,
    )  # fmt: skip
    return [fault.code for fault in fault_of_kind(field, value, options=options)]


SQUARE = [
    {"lon": "119.50", "lat": "25.20"},
    {"lon": "119.51", "lat": "25.20"},
    {"lon": "119.51", "lat": "25.21"},
    {"lon": "119.50", "lat": "25.21"},
]
CROSSED = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]
CASES: list[tuple[str, Any, list[Code], dict[str, Any]]] = [
    ("text", "示例", [], {}),
    ("text", 3, [Code.ANSWER_WRONG_SHAPE], {}),
    ("text", "太长了", [Code.TEXT_TOO_LONG], {"max_length": 2}),
    ("text", "ab", [Code.PATTERN_UNMET], {"regex": "^\\d+$"}),
    ("text", "ab", [Code.UNUSUAL_PATTERN], {"warn_regex": "^\\d+$"}),
    ("vessel_no", "老船名", [Code.UNUSUAL_PATTERN], {"regex": "^闽"}),
    ("int", 3, [], {"min": 1, "max": 5}),
    ("int", "3.5", [Code.ANSWER_WRONG_SHAPE], {}),
    ("int", 9, [Code.NUMBER_OUT_OF_RANGE], {"max": 5}),
    ("int", 9, [Code.UNUSUAL_NUMBER], {"warn_over": 5}),
    ("decimal", "1.25", [], {"scale": 2}),
    ("decimal", "1.255", [Code.TOO_MANY_DECIMALS], {"scale": 2}),
    ("decimal", "x", [Code.ANSWER_WRONG_SHAPE], {}),
    ("money", "-1", [Code.NUMBER_OUT_OF_RANGE], {"min": 0}),
    ("date", "2026-02-30", [Code.ANSWER_WRONG_SHAPE], {}),
    ("datetime", "2026-06-01", [Code.ANSWER_WRONG_SHAPE], {}),
    ("datetime", "2026-06-01T08:30", [], {}),
    ("daterange", {"from": "2026-12-31", "to": "2026-12-01"}, [Code.DATE_ORDER], {}),
    ("daterange", "2026", [Code.ANSWER_WRONG_SHAPE], {}),
    ("daterange", {"from": "2026-12-31"}, [Code.ANSWER_WRONG_SHAPE], {}),
    ("bool", "yes", [Code.ANSWER_WRONG_SHAPE], {}),
    ("id_number", "11010519491231002X", [], {}),
    ("id_number", "110105194912310021", [Code.ID_CHECK_DIGIT], {}),
    ("id_number", "11010519490231002X", [Code.ID_CHECK_DIGIT], {}),
    ("uscc", "91350100M000100Y43", [], {}),
    ("uscc", "91350100M000100Y44", [Code.CREDIT_CODE_CHECK], {}),
    ("id_or_uscc", "91350100M000100Y43", [], {}),
    ("id_or_uscc", "11010519491231002X", [], {}),
    ("id_or_uscc", "12", [Code.ID_CHECK_DIGIT], {}),
    ("phone", "13900001234", [], {}),
    ("phone", "0594-5888888", [], {}),
    ("phone", "139", [Code.PHONE_SHAPE], {}),
    ("table", [{"a": "1"}], [], {"columns": ("a",)}),
    ("table", [{"b": "1"}], [Code.ANSWER_WRONG_SHAPE], {"columns": ("a",)}),
    ("table", [], [Code.ROWS_MISSING], {"columns": ("a",), "min_rows": 1}),
    (
        "table", [{"a": "40"}, {"a": "50"}], [Code.SUM_WRONG],
        {"columns": ("a",), "sum_equals": {"a": 100}},
    ),
    ("coord_point", {"lon": "119.5", "lat": "25.2"}, [], {}),
    ("coord_point", {"lon": "219.5", "lat": "25.2"}, [Code.ANSWER_WRONG_SHAPE], {}),
    (
        "coord_point", {"lon": "110", "lat": "25.2"}, [Code.OUTSIDE_USUAL_AREA],
        {"warn_bbox": (119.2, 24.9, 119.9, 25.6)},
    ),
    ("coord_list", SQUARE, [], {"min_points": 3, "no_self_intersection": True}),
    ("coord_list", SQUARE[:2], [Code.POLYGON_TOO_FEW], {"min_points": 3}),
    ("coord_list", CROSSED, [Code.POLYGON_CROSSES], {"no_self_intersection": True}),
    ("coord_list", "x", [Code.ANSWER_WRONG_SHAPE], {}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "expected", "rules"), CASES)
def test_a_value_is_judged_by_its_type(
    kind: str, value: Any, expected: list[Code], rules: dict[str, Any]
) -> None:
    assert faults(kind, value, **rules) == expected


def test_choices_come_from_the_list_unless_the_list_is_empty() -> None:
    """Ports and villages have no reliable list yet: any text will do."""
    assert faults("select", "丙", ("甲", "乙")) == [Code.NOT_AN_OPTION]
    assert faults("select", "示例港") == []
    assert faults("multiselect", ["丙"], ("甲",)) == [Code.NOT_AN_OPTION]
    assert faults("multiselect", [], ("甲",), min_items=1) == [Code.TOO_FEW_CHOSEN]
    assert faults("multiselect", ["甲", "乙"], ("甲", "乙"), max_items=1) == [
        Code.TOO_MANY_CHOSEN
    ]
