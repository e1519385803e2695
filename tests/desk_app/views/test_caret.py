"""PgDn and PgUp leave the caret where it is; every other key moves it as ever."""

from collections.abc import AsyncIterator

import flet as ft
import pytest

from desk_app.services.desk import Desk
from desk_app.views.caret import fields_in
from tests.support.headless import Seen, a_headless_window

LABEL, TEXT = "住址", "abcdef"


@pytest.fixture
async def seen(desk: Desk) -> AsyncIterator[Seen]:
    """A form, and a text in one of its fields with the caret before its last letter."""
    async with a_headless_window(desk) as window:
        await window.open_form()
        await window.type(LABEL, TEXT)
        await moves(window, 5)
        yield window


async def moves(seen: Seen, to: int, label: str = LABEL) -> None:
    """The toolkit moves a field's caret, and says so."""
    field = seen.field(label)
    there = {"base_offset": to, "extent_offset": to}
    field.selection = ft.TextSelection(to, to)
    said = {"selected_text": "", "selection": there}
    await seen.fire(field, "selection_change", said)


def caret(seen: Seen) -> int:
    selection = seen.field(LABEL).selection
    assert selection is not None
    assert selection.is_collapsed
    return selection.end


@pytest.mark.parametrize(("key", "there"), [("Page Up", 0), ("Page Down", 6)])
async def test_a_page_key_leaves_the_caret(seen: Seen, key: str, there: int) -> None:
    await seen.key(key)
    await moves(seen, there)
    await seen.until(lambda: caret(seen) == 5)


async def test_home_and_end_move_it(seen: Seen) -> None:
    for there in (0, 6):
        await moves(seen, there)
        assert caret(seen) == there


async def test_only_what_the_key_did_is_undone(seen: Seen) -> None:
    """Once; and whoever types on after it has moved the caret themselves."""
    await seen.key("Page Up")
    await moves(seen, 0)
    await seen.until(lambda: caret(seen) == 5)
    await moves(seen, 0)
    assert caret(seen) == 0
    await moves(seen, 5)
    await seen.key("Page Down")
    await moves(seen, 4)
    await moves(seen, 6)
    assert caret(seen) == 6


async def test_another_field_has_a_caret_of_its_own(seen: Seen) -> None:
    await seen.key("Page Up")
    await moves(seen, 0, "联系电话")
    selection = seen.field("联系电话").selection
    assert selection is not None
    assert selection.end == 0


def test_fields_are_found_however_deep() -> None:
    first, second = ft.TextField(), ft.TextField()
    inside = ft.Container(ft.Row([ft.Text("-"), ft.Column([second])]))
    assert list(fields_in([first, inside])) == [first, second]
