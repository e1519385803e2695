"""Choosing files: neither its answer, nor that there is no dialogue, is silence."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image

from desk_app.services import attaching
from desk_app.services.desk import Desk
from tests.support.headless import Seen, a_headless_window
from tests.support.rigs import PASSPHRASE, take_case

ITEM = "HY01-02"
PICK = "pick_files"
# The client's own words (flet 0.82.2), as a window under a virtual display said them.
NO_BUS = (
    "SocketException: Connection failed (OS Error: No such file or directory, "
    "errno = 2), address = /run/user/0/bus, port = 0"
)
NO_PORTAL = (
    "org.freedesktop.DBus.Error.ServiceUnknown: The name org.freedesktop.portal.Desktop"
    " was not provided by any .service files"
)


def _chosen(*paths: Path) -> list[dict[str, object]]:
    return [
        {"id": number, "name": path.name, "size": 1, "path": str(path), "bytes": None}
        for number, path in enumerate(paths)
    ]


def _pictures(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for shade, path in enumerate(paths):
        Image.new("L", (40, 60), shade).save(path)
    return paths


@asynccontextmanager
async def asked(desk: Desk, number: str) -> AsyncIterator[Seen]:
    """The scans of a case, where somebody pressed the button and sees no answer yet."""
    async with a_headless_window(desk) as seen:
        waiting = seen.hold(PICK)
        await seen.shell.open_case(number)
        await seen.until_shown("扫描件 F6")
        await seen.key("F6")
        await seen.until_shown("还没有扫描件")
        await seen.press("选择文件")
        await seen.until(lambda: waiting)
        yield seen


async def test_all_files_that_were_chosen_become_pages(
    desk: Desk, tmp_path: Path
) -> None:
    paths = _pictures(tmp_path, "正面.png", "背面.png")
    number = take_case(desk, ITEM, seed=21)
    async with asked(desk, number) as seen:
        await seen.until_shown("请在弹出的窗口里选文件")
        seen.answer(PICK, _chosen(*paths))
        await seen.until(
            lambda: len(attaching.pages_of(desk.place, number)) == len(paths)
        )
        await seen.until_shown("正面.png", "背面.png")
        assert "请在弹出的窗口里" not in seen.texts()


async def test_who_cancels_has_added_nothing_and_done_nothing_wrong(
    desk: Desk,
) -> None:
    number = take_case(desk, ITEM, seed=22)
    async with asked(desk, number) as seen:
        seen.answer(PICK, [])
        await seen.until_shown("没有选文件")
        assert "[" not in seen.texts()
        assert not attaching.pages_of(desk.place, number)


async def test_without_a_bus_it_is_said_each_time_and_nobody_waits(
    desk: Desk,
) -> None:
    """The client never answers again after that: it is not asked again."""
    number = take_case(desk, ITEM, seed=23)
    async with asked(desk, number) as seen:
        seen.answer(PICK, error=NO_BUS)
        await seen.until_shown("[1018]", "输入文件路径后回车")
        seen.shell.forgive()
        await seen.press("选择文件")
        await seen.until_shown("[1018]")
        assert seen.hold(PICK) == []


async def test_a_dialogue_that_is_installed_meanwhile_is_found(desk: Desk) -> None:
    number = take_case(desk, ITEM, seed=24)
    async with asked(desk, number) as seen:
        seen.answer(PICK, error=NO_PORTAL)
        await seen.until_shown("[1018]")
        await seen.press("选择文件")
        await seen.until(lambda: seen.hold(PICK))
        seen.answer(PICK, [])
        await seen.until_shown("没有选文件")


@pytest.mark.parametrize("leave", ["Escape", "F12"])
async def test_what_is_chosen_after_the_screen_is_gone_is_not_added(
    desk: Desk, tmp_path: Path, leave: str
) -> None:
    """Gone by going back, or by the lock: then it could be somebody else's session."""
    (path,) = _pictures(tmp_path, "迟.png")
    number = take_case(desk, ITEM, seed=25)
    async with asked(desk, number) as seen:
        shown = seen.shell.shown
        await seen.key(leave)
        await seen.until(lambda: seen.shell.shown != shown)
        seen.answer(PICK, _chosen(path))
        await seen.until_shown("[1019]")
        if desk.session is None:
            desk.unlock("lin", PASSPHRASE)
        assert not attaching.pages_of(desk.place, number)
