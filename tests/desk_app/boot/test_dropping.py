"""A drop on the window's display reaches the screen that is shown."""

import os
from pathlib import Path

from PIL import Image

from desk_app.boot.dropping import let_files_be_dropped
from desk_app.services import attaching
from desk_app.services.desk import Desk
from tests.support.drag_source import Source, a_client_window
from tests.support.headless import a_headless_window
from tests.support.rigs import take_case
from tests.support.screen import a_display

FILES = "text/uri-list"
ITEM = "HY01-02"


def drop(source: Source, content: bytes) -> bool:
    """Drag something over the window and let it go; says whether it was taken."""
    source.enter(FILES)
    if not source.is_taken_here():
        return False
    source.drop()
    source.hand_over(content)
    return source.was_taken()


async def test_files_go_to_the_scans_that_are_shown_and_nowhere_else(
    desk: Desk, tmp_path: Path
) -> None:
    number, scan = take_case(desk, ITEM, seed=16), tmp_path / "船 照.png"
    Image.new("RGB", (40, 60), "white").save(scan)
    listed = f"{scan.as_uri()}\r\n".encode()
    with a_display() as display, a_client_window(display) as window:
        async with a_headless_window(desk) as seen:
            shell, place = seen.shell, desk.place
            found = {"DISPLAY": display}
            target = let_files_be_dropped(shell.drops, [os.getpid()], found)
            assert target is not None
            await seen.until(lambda: shell.drops.are_possible)
            source = Source(display, window)
            await shell.open_case(number)
            await seen.until_shown("扫描件 F6")
            assert not drop(source, listed)

            await seen.key("F6")
            await seen.until_shown("还没有扫描件", "文件拖到本窗口")
            assert drop(source, listed)
            await seen.until(lambda: attaching.pages_of(place, number))
            (page,) = attaching.pages_of(place, number)
            assert page.name == scan.name
            assert scan.exists(), "copied, never moved"

            await seen.until_shown(scan.name)
            assert drop(source, b"https://example.org/a.png\r\n")
            await seen.until_shown("[1102]")
            shell.lock()
            await seen.until(lambda: desk.session is None)
            await seen.until(lambda: not shell.drops.are_wanted)
            assert not drop(source, listed)
            source.end()
            target.close()


async def test_where_nothing_can_be_dragged_no_screen_speaks_of_it(desk: Desk) -> None:
    number = take_case(desk, ITEM, seed=17)
    async with a_headless_window(desk) as seen:
        drops = seen.shell.drops
        for environment in ({}, {"DISPLAY": ":9999"}, {"WAYLAND_DISPLAY": "wayland-0"}):
            assert let_files_be_dropped(drops, [os.getpid()], environment) is None
        await seen.shell.open_case(number)
        await seen.until_shown("扫描件 F6")
        await seen.key("F6")
        await seen.until_shown("还没有扫描件")
        assert "拖到本窗口" not in seen.texts()
