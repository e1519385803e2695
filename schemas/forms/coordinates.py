"""Coordinates in CGCS2000 degrees: read as given, kept as decimal text, checked.

A point is {"lon", "lat", "as_given"}: decimal degrees with at least 7 places kept,
and the text as the clerk typed it (the domain asks for both).
"""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from itertools import combinations

_PARTS = re.compile(r"^(\d{1,3})[°:\s](\d{1,2})[′':\s](\d{1,2}(?:\.\d+)?)[″\"]?$")
_PLACES = Decimal("0.00000001")
Point = tuple[Decimal, Decimal]


def read_degrees(text: str) -> Decimal:
    """Return decimal degrees from `119°30′12.5″` or `119.5034722`; else ValueError."""
    # NFKC turns the primes into apostrophes only in part; both forms are accepted.
    text = text.replace("\u2032", "'").replace("\u2033", '"')
    cleaned = unicodedata.normalize("NFKC", text).strip(" NEne")
    parts = _PARTS.match(cleaned)
    try:
        if parts is None:
            return Decimal(cleaned)
        degrees, minutes, seconds = (Decimal(part) for part in parts.groups())
    except InvalidOperation as error:
        message = "not degrees"
        raise ValueError(message) from error
    if minutes >= 60 or seconds >= 60:  # noqa: PLR2004 - sexagesimal
        message = "minutes and seconds stay below 60"
        raise ValueError(message)
    return (degrees + minutes / 60 + seconds / 3600).quantize(_PLACES)


def crosses_itself(points: Sequence[Point]) -> bool:
    """Say whether the closed polygon's sides cross each other."""
    ring = list(points)
    if len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    count = len(ring)
    sides = [(i, ring[i], ring[(i + 1) % count]) for i in range(count)]
    for (i, a, b), (j, c, d) in combinations(sides, 2):
        if j - i in {1, count - 1}:
            continue
        if _cross(a, b, c, d):
            return True
    return False


def _side(a: Point, b: Point, c: Point) -> int:
    area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (area > 0) - (area < 0)


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _side(a, b, c) * _side(a, b, d) <= 0 and _side(c, d, a) * _side(c, d, b) <= 0
