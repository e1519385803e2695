"""The checks of each field type; a new type is one function and one line here."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Final

from pydantic import JsonValue

from schemas.catalogue import Field, FieldType
from schemas.forms.coordinates import Point, crosses_itself
from schemas.forms.faults import FieldFault
from schemas.forms.values import as_date, as_decimal, as_moment
from schemas.identity import is_credit_code, is_resident_id
from schemas.problems import Code

Options = tuple[str, ...]
_PHONE = re.compile(r"^1\d{10}$|^0\d{2,3}-?\d{7,8}$")
_LONGEST = 2000  # characters of a text that has no bound of its own


def fault_of_kind(
    field: Field, value: JsonValue, *, options: Options
) -> Iterator[FieldFault]:
    """Yield what is wrong with a non-empty answer, by the type of its field."""
    for code, params in _CHECKS[field.type](field, value, options):
        yield FieldFault(field.name, code, params)


_Found = Iterator[tuple[Code, dict[str, str | int]]]
_WRONG: Final = (Code.ANSWER_WRONG_SHAPE, dict[str, str | int]())


def _text(field: Field, value: JsonValue, options: Options) -> _Found:
    del options
    if not isinstance(value, str):
        yield _WRONG
        return
    rules = field.rules
    if len(value) > (rules.max_length or _LONGEST):
        yield Code.TEXT_TOO_LONG, {"max": rules.max_length or _LONGEST}
    if rules.regex and not re.search(rules.regex, value):
        yield Code.PATTERN_UNMET, {}
    elif rules.warn_regex and not re.search(rules.warn_regex, value):
        yield Code.UNUSUAL_PATTERN, {}


def _vessel(field: Field, value: JsonValue, options: Options) -> _Found:
    # Names in use may follow older rules: warn, never block (domain notes 3.4).
    for code, params in _text(field, value, options):
        yield (Code.UNUSUAL_PATTERN if code is Code.PATTERN_UNMET else code), params


def _select(field: Field, value: JsonValue, options: Options) -> _Found:
    if not isinstance(value, str):
        yield _WRONG
    elif options and value not in options:
        yield Code.NOT_AN_OPTION, {}
    elif not options:
        # Ports and villages have no reliable list yet: any text will do.
        yield from _text(field, value, options)


def _multiselect(field: Field, value: JsonValue, options: Options) -> _Found:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        yield _WRONG
        return
    if options and any(choice not in options for choice in value):
        yield Code.NOT_AN_OPTION, {}
    if len(value) < (field.rules.min_items or 0):
        yield Code.TOO_FEW_CHOSEN, {"min": field.rules.min_items or 0}
    if field.rules.max_items is not None and len(value) > field.rules.max_items:
        yield Code.TOO_MANY_CHOSEN, {"max": field.rules.max_items}


def _number(field: Field, value: JsonValue, options: Options) -> _Found:
    del options
    number = as_decimal(value)
    if number is None or (field.type == "int" and not isinstance(value, int)):
        yield _WRONG
        return
    rules = field.rules
    low, high = rules.min, rules.max
    if (low is not None and number < Decimal(str(low))) or (
        high is not None and number > Decimal(str(high))
    ):
        yield Code.NUMBER_OUT_OF_RANGE, {"min": _shown(low), "max": _shown(high)}
    exponent = number.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    if rules.scale is not None and places > rules.scale:
        yield Code.TOO_MANY_DECIMALS, {"max": rules.scale}
    if (rules.warn_over is not None and number > Decimal(str(rules.warn_over))) or (
        rules.warn_under is not None and number < Decimal(str(rules.warn_under))
    ):
        yield Code.UNUSUAL_NUMBER, {}


def _shown(bound: float | None) -> str:
    return "…" if bound is None else f"{bound:g}"


def _date(field: Field, value: JsonValue, options: Options) -> _Found:
    del field, options
    if as_date(value) is None:
        yield _WRONG


def _datetime(field: Field, value: JsonValue, options: Options) -> _Found:
    del field, options
    if as_moment(value) is None:
        yield _WRONG


def _daterange(field: Field, value: JsonValue, options: Options) -> _Found:
    del field, options
    if not isinstance(value, dict):
        yield _WRONG
        return
    start, end = as_date(value.get("from")), as_date(value.get("to"))
    if start is None or end is None:
        yield _WRONG
    elif end < start:
        yield Code.DATE_ORDER, {}


def _bool(field: Field, value: JsonValue, options: Options) -> _Found:
    del field, options
    if not isinstance(value, bool):
        yield _WRONG


def _id_number(field: Field, value: JsonValue, options: Options) -> _Found:
    del field, options
    if not isinstance(value, str) or not is_resident_id(value):
        yield Code.ID_CHECK_DIGIT, {}


def _uscc(field: Field, value: JsonValue, options: Options) -> _Found:
    del field, options
    if not isinstance(value, str) or not is_credit_code(value):
        yield Code.CREDIT_CODE_CHECK, {}


def _id_or_uscc(field: Field, value: JsonValue, options: Options) -> _Found:
    del field, options
    valid = isinstance(value, str) and (is_resident_id(value) or is_credit_code(value))
    if not valid:
        yield Code.ID_CHECK_DIGIT, {}


def _phone(field: Field, value: JsonValue, options: Options) -> _Found:
    del options
    pattern = re.compile(field.rules.regex) if field.rules.regex else _PHONE
    if not isinstance(value, str) or not pattern.search(value):
        yield Code.PHONE_SHAPE, {}


def _table(field: Field, value: JsonValue, options: Options) -> _Found:
    del options
    rules = field.rules
    columns = set(rules.columns)
    rows = value if isinstance(value, list) else []
    shaped = [row for row in rows if isinstance(row, dict) and set(row) <= columns]
    if not isinstance(value, list) or len(shaped) != len(rows):
        yield _WRONG
        return
    if len(rows) < (rules.min_rows or 0):
        yield Code.ROWS_MISSING, {"min": rules.min_rows or 0}
    for column, total in rules.sum_equals.items():
        parts = [as_decimal(row.get(column)) for row in shaped]
        known = [part for part in parts if part is not None]
        if len(known) != len(parts) or sum(known) != Decimal(str(total)):
            yield Code.SUM_WRONG, {"column": column, "total": f"{total:g}"}


def _as_point(value: JsonValue) -> Point | None:
    if not isinstance(value, dict):
        return None
    lon, lat = as_decimal(value.get("lon")), as_decimal(value.get("lat"))
    if lon is None or lat is None or abs(lon) > 180 or abs(lat) > 90:  # noqa: PLR2004
        return None
    return lon, lat


def _point(field: Field, value: JsonValue, options: Options) -> _Found:
    del options
    point = _as_point(value)
    if point is None:
        yield _WRONG
    elif _outside(field, [point]):
        yield Code.OUTSIDE_USUAL_AREA, {}


def _polygon(field: Field, value: JsonValue, options: Options) -> _Found:
    del options
    given = value if isinstance(value, list) else [None]
    points = [point for point in map(_as_point, given) if point is not None]
    if len(points) != len(given):
        yield _WRONG
        return
    corners = [*points[:1], *(b for a, b in pairwise(points) if a != b)]
    if len(set(corners)) < (field.rules.min_points or 1):
        yield Code.POLYGON_TOO_FEW, {"min": field.rules.min_points or 1}
    elif field.rules.no_self_intersection and crosses_itself(corners):
        yield Code.POLYGON_CROSSES, {}
    if _outside(field, points):
        yield Code.OUTSIDE_USUAL_AREA, {}


def _outside(field: Field, points: list[Point]) -> bool:
    if field.rules.warn_bbox is None:
        return False
    west, south, east, north = (Decimal(str(edge)) for edge in field.rules.warn_bbox)
    return any(not (west <= x <= east and south <= y <= north) for x, y in points)


def _nothing(field: Field, value: JsonValue, options: Options) -> _Found:
    del field, value, options
    yield from ()


_CHECKS: Final[dict[FieldType, Callable[[Field, JsonValue, Options], _Found]]] = {
    "vessel_no": _vessel,
    "text": _text,
    "textarea": _text,
    "select": _select,
    "multiselect": _multiselect,
    "decimal": _number,
    "money": _number,
    "int": _number,
    "date": _date,
    "datetime": _datetime,
    "daterange": _daterange,
    "bool": _bool,
    "id_number": _id_number,
    "uscc": _uscc,
    "id_or_uscc": _id_or_uscc,
    "phone": _phone,
    "table": _table,
    "coord_point": _point,
    "coord_list": _polygon,
    "derived": _nothing,
    "signature": _nothing,
}
