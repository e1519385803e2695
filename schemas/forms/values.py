"""What an answer of each field type looks like, and how typed text becomes one.

Decimals and money are strings ("12.50"), dates ISO, a moment `2026-06-01T08:30` of the
window's own time, a date range {"from", "to"}, a table a list of {column: text}, a
point {"lon", "lat", "as_given"}. No floats.
Names are only trimmed and NFC-normalised: NFKC would change rare characters.
"""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from pydantic import JsonValue

from schemas.catalogue import Field, FieldType
from schemas.forms.coordinates import read_degrees

_NARROW: frozenset[FieldType] = frozenset(
    {
        "vessel_no",
        "decimal",
        "money",
        "int",
        "date",
        "daterange",
        "id_number",
        "uscc",
        "id_or_uscc",
        "phone",
    }
)
_MOST_DIGITS = 40
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*", re.ASCII)
_TRUE = {"true", "1", "y"}
_FALSE = {"false", "0", "n"}


def is_empty(value: JsonValue) -> bool:
    """Say whether nothing was answered; False and 0 are answers."""
    return value is None or value == "" or value in ([], {})


def tidy(field: Field, value: JsonValue) -> JsonValue:
    """Return an answer in its canonical shape; what cannot be read stays as it is.

    The checks then say what is wrong with it: typing is never thrown away.
    """
    if field.type == "coord_point":
        return _tidy_point(value)
    if isinstance(value, str):
        return _tidy_text(field, value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and field.type in {"decimal", "money"}:
        return str(value)
    if isinstance(value, float):
        return _plain(Decimal(repr(value)))
    if field.type == "coord_list" and isinstance(value, list):
        return [_tidy_point(point) for point in value]
    if field.type == "daterange" and isinstance(value, dict):
        return {k: _iso_date(v) if isinstance(v, str) else v for k, v in value.items()}
    return value


def _tidy_text(field: Field, text: str) -> JsonValue:
    text = unicodedata.normalize("NFC", text).strip()
    if field.type in _NARROW:
        text = unicodedata.normalize("NFKC", text).replace(" ", "")
        # A mark that stood after one of those spaces joins what is before it now.
        text = unicodedata.normalize("NFC", text)
    if field.type in {"id_number", "uscc", "id_or_uscc"}:
        return text.upper()
    if field.type in {"decimal", "money"}:
        return _decimal_text(text)
    if field.type == "int":
        digits = text.removeprefix("-")
        return int(text) if digits.isdecimal() and digits.isascii() else text
    if field.type == "date":
        return _iso_date(text)
    if field.type == "datetime":
        return _iso_moment(text)
    if field.type == "bool" and text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    return text


def _plain(number: Decimal) -> str:
    # Written out, `1e999999999` would fill the memory; the checks refuse it as it is.
    return f"{number:f}" if _is_written_out(number) else str(number)


def _is_written_out(number: Decimal) -> bool:
    return number.is_finite() and abs(number.adjusted()) <= _MOST_DIGITS


def _decimal_text(text: str) -> str:
    try:
        return _plain(Decimal(text.replace(",", "")))
    except InvalidOperation:
        return text


def _iso_moment(text: str) -> str:
    """Return a typed day and time as one ISO text; anything else stays as typed."""
    halves = unicodedata.normalize("NFKC", text).replace("T", " ").split()
    if len(halves) == 2:  # noqa: PLR2004 - a day and a time
        moment = f"{_iso_date(halves[0])}T{halves[1].zfill(len('08:30'))}"
        if as_moment(moment) is not None:
            return moment
    return text


def _iso_date(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).strip()
    if len(text) == len("2026-11-23") and text.isascii() and text[4] == text[7] == "-":
        # As it is kept: no need to try every shape, at each save of each form.
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            return text
    for shape in ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y.%m.%d"):
        try:
            return datetime.strptime(text, shape).date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    return text


def read_day(text: str) -> str | None:
    """Return a typed day as ISO, or None where it is none."""
    day = _iso_date(text)
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        return None


def _tidy_point(point: JsonValue) -> JsonValue:
    if isinstance(point, str):
        halves = point.replace("\uff0c", ",").split(",")
        if len(halves) != 2:  # noqa: PLR2004 - longitude and latitude
            return point
        point = {"lon": halves[0], "lat": halves[1], "as_given": point}
    if not isinstance(point, dict):
        return point
    lon, lat = point.get("lon"), point.get("lat")
    if not isinstance(lon, str) or not isinstance(lat, str):
        return point
    try:
        return {
            "lon": _plain(read_degrees(lon)),
            "lat": _plain(read_degrees(lat)),
            "as_given": point.get("as_given") or f"{lon},{lat}",
        }
    except ValueError:
        return point


def as_date(value: JsonValue) -> date | None:
    """Return an answer as a date, or None where it is none.

    One text a day: days are compared as texts, so `20261123` is none.
    """
    if not isinstance(value, str):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if day.isoformat() == value else None


def as_moment(value: JsonValue) -> datetime | None:
    """Return an answer as a day and time, or None where it is none.

    Without an offset it is the window's own time.
    """
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def as_decimal(value: JsonValue) -> Decimal | None:
    """Return an answer as a number, or None where it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if _is_written_out(number) else None
