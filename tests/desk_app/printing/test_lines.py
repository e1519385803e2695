"""Lines break where Chinese typesetting lets them, and lose no character."""

from hypothesis import given
from hypothesis import strategies as st

from desk_app.printing import fonts
from desk_app.printing.lines import wrapped

fonts.register()
TEXT = st.text("林海生渔船证书，。（）“”《》2026-11-30 abcXYZ/.\n、；", max_size=120)


@given(TEXT, st.integers(40, 300))
def test_no_character_is_lost_and_no_mark_begins_a_line(text: str, width: int) -> None:
    lines = wrapped(text, width)
    kept = "".join(lines)
    assert kept.replace(" ", "") == text.replace("\n", "").replace(" ", "")
    paragraphs = {each.strip()[:1] for each in text.split("\n")}
    for line in lines:
        begins = line[:1]
        assert begins not in set("，。）》、；") or begins in paragraphs or width < 60


def test_a_date_stays_whole_and_a_closing_mark_hangs() -> None:
    lines = wrapped("请于" * 3 + "2026-11-30前补齐", 21 * 3 + 40)
    assert any("2026-11-30" in line for line in lines)
    assert all(not line.startswith("。") for line in wrapped("补齐" * 20 + "。", 420))
