"""Names by the keyboard: whole syllables and first letters, latin left alone."""

import pytest

from desk_app.text.pinyin import initials, pinyin


@pytest.mark.parametrize(
    ("name", "whole", "first"),
    [
        ("林海生", "linhaisheng", "lhs"),
        ("陈 阿妹", "chenamei", "cam"),
        ("吕", "lv", "l"),
        ("", "", ""),
    ],
)
def test_a_name_is_found_by_what_a_clerk_types(
    name: str, whole: str, first: str
) -> None:
    assert (pinyin(name), initials(name)) == (whole, first)


def test_what_is_no_chinese_is_left_out_and_never_breaks() -> None:
    """A ship's number or a rare character has no syllable; the name's rest has."""
    assert pinyin("林A1\U00020bb7") == "lin"
    assert initials("闽秀渔99001") == "mxy"
    assert pinyin("①。") == ""
