"""Typefaces: ours first, then the system's; what neither has is known."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.printing import fonts

RARE = "\U00020bb7"
NOWHERE = "\U000f0000"
# Read once here: half a second each, and not within one example of a property.
fonts.register()
fonts.rare()


def test_the_general_use_characters_all_have_a_shape() -> None:
    """GB 18030's first row of Han, punctuation and the figures of a form."""
    common = "".join(map(chr, range(0x4E00, 0x4E00 + 2000)))
    assert fonts.missing_characters(common + "（）《》，。、；0123456789abcXYZ□") == ""


def test_what_no_typeface_has_is_named_once_and_in_order() -> None:
    assert fonts.missing_characters(f"王{NOWHERE}明{NOWHERE}\U000f0001") == (
        f"{NOWHERE}\U000f0001"
    )


def test_a_rare_character_is_set_in_the_systems_typeface() -> None:
    assert fonts.rare() is not None, "the image of CI has one"
    assert fonts.runs(f"王{RARE}{RARE}明") == [
        (fonts.NAME, "王"), (fonts.RARE, RARE * 2), (fonts.NAME, "明"),
    ]  # fmt: skip
    assert fonts.width(RARE, 10) == pytest.approx(10, abs=0.5)


def test_without_one_on_the_system_a_rare_character_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fonts, "_SYSTEM", ("/nowhere.ttf", __file__))
    fonts.rare.cache_clear()
    try:
        assert fonts.rare() is None
        assert fonts.missing_characters(f"王{RARE}") == RARE
        assert fonts.runs(f"王{RARE}") == [(fonts.NAME, f"王{RARE}")]
    finally:
        fonts.rare.cache_clear()


@given(st.text(f"林a1 {RARE}{NOWHERE}", max_size=30))
def test_runs_are_the_text_in_order(text: str) -> None:
    pieces = fonts.runs(text)
    assert "".join(piece for _, piece in pieces) == text
    assert all(one[0] != other[0] for one, other in pairwise(pieces))


def test_a_han_character_is_as_wide_as_it_is_high() -> None:
    assert fonts.width("林", 10.5) == pytest.approx(10.5)
    assert fonts.width("1", 10.5) < 10.5
