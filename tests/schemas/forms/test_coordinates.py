"""Degrees as clerks type them, and rings that cross themselves."""

from decimal import Decimal

import pytest

from schemas.forms.coordinates import crosses_itself, read_degrees


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("119.5034722", "119.5034722"),
        ("119°30′12.5″", "119.50347222"),
        ("119 30 12.5", "119.50347222"),
        ("１１９°３０′１２.５″", "119.50347222"),
        ("25:12:00", "25.20000000"),
        ("119°30'12.5\"E", "119.50347222"),
    ],
)
def test_degrees_are_read_as_given(text: str, expected: str) -> None:
    assert read_degrees(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["", "east", "119°60′00″", "119°30′60″", "1-2"])
def test_what_is_no_angle_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"degrees|60"):
        read_degrees(text)


def test_a_closed_square_does_not_cross_itself_and_a_bow_tie_does() -> None:
    a, b, c, d = [(Decimal(x), Decimal(y)) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
    assert not crosses_itself([a, b, c, d])
    assert not crosses_itself([a, b, c, d, a])
    assert crosses_itself([a, c, b, d])
