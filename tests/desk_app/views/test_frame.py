"""What surrounds every screen: enlarged as a whole, in steps, and never too far."""

import flet as ft
import pytest

from desk_app.services.desk import Desk
from desk_app.views.frame import SIZES
from tests.support.headless import a_headless_window


@pytest.mark.parametrize(
    ("asked", "got"), [(100, 100), (130, 125), (0, 100), (999, 200), (150, 150)]
)
async def test_any_size_is_taken_to_the_nearest_that_there_is(
    desk: Desk, asked: int, got: int
) -> None:
    async with a_headless_window(desk) as seen:
        seen.shell.frame.enlarge(asked)
        assert seen.shell.frame.percent == got


async def test_steps_stop_at_both_ends(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        frame = seen.shell.frame
        assert frame.next_size(-1) == SIZES[0]
        for _ in SIZES:
            frame.enlarge(frame.next_size(1))
        assert frame.percent == SIZES[-1]


async def test_lists_take_two_lines_where_the_window_has_become_narrow(
    desk: Desk,
) -> None:
    async with a_headless_window(desk) as seen:
        frame = seen.shell.frame
        assert not frame.is_narrow
        wide = frame.room
        frame.enlarge(150)
        assert frame.is_narrow
        assert frame.room < wide / 1.5, "what is around a screen is enlarged with it"


async def test_what_comes_and_goes_above_keeps_its_place(desk: Desk) -> None:
    """A sibling that appears would take the keyboard from whoever is typing."""
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        before = [type(each) for each in seen.shell.frame._sheet.content.controls]
        seen.shell.show_note("好")
        seen.shell.forgive()
        after = [type(each) for each in seen.shell.frame._sheet.content.controls]
        assert before == after
        assert "好" not in seen.texts()


async def test_a_screen_begins_at_its_top_and_one_shown_again_stays_where_it_was(
    desk: Desk,
) -> None:
    """What scrolls keeps its place whatever is put into it: it must be another."""
    async with a_headless_window(desk) as seen:
        shell = seen.shell
        await shell.go("board")
        board = shell.frame.body
        await shell.again()
        assert shell.frame.body is board
        await shell.go("deliveries")
        assert shell.frame.body is not board
        assert shell.frame._between.controls[-1] is shell.frame.body


async def test_a_field_with_the_keyboard_has_its_label_and_its_fault_in_sight(
    desk: Desk,
) -> None:
    """Also one that came into the screen later: the materials follow the answers."""
    async with a_headless_window(desk) as seen:
        await seen.open_form()
        fields = [each for each in seen.controls() if isinstance(each, ft.TextField)]
        assert seen.field("有效期至") in fields
        for field in fields:
            room = field.scroll_padding
            assert isinstance(room, ft.Padding)
            assert room.top > room.left, field.label
            assert room.bottom > room.top, field.label
