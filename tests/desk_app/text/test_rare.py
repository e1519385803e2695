"""Rare characters of names: by code point or by parts; what is unclear stays typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.text.rare import with_rare


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("王U+20BB7明", "王\U00020bb7明"),
        ("u+4e00", "一"),
        ("王[土口]明", "王𠮷明"),
        ("【土口】", "𠮷"),
        ("[土口][龙天]", "𠮷䶮"),
        # Not understood: everybody sees that something is left to do.
        ("[水水水]", "[水水水]"),
        ("[一]", "[一]"),
        ("U+D800", "U+D800"),
        ("U+110000", "U+110000"),
        ("U+0007", "U+0007"),
        ("U+20BB7F0", "U+20BB7F0"),
        ("U+12", "U+12"),
        ("E\u0301", "E\u0301"),
    ],
)
def test_a_name_is_what_the_card_says(typed: str, kept: str) -> None:
    assert with_rare(typed) == kept


@given(st.text(max_size=20))
def test_nothing_typed_is_ever_lost(typed: str) -> None:
    """Other text stays as it is, and saved again nothing moves."""
    kept = with_rare(typed)
    if "+" not in typed and "[" not in typed and "【" not in typed:
        assert kept == typed
    assert with_rare(kept) == kept


@given(st.characters(min_codepoint=0x4E00, max_codepoint=0x323AF))
def test_every_character_can_be_typed_by_its_code_point(character: str) -> None:
    expected = character if character.isprintable() else f"U+{ord(character):04X}"
    assert with_rare(f"U+{ord(character):04X}") == expected
