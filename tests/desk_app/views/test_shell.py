"""The shell of every screen: sizes, problems with their number, locking."""

import asyncio

import flet as ft

from desk_app.services.desk import Desk
from desk_app.services.preferences import text_size
from desk_app.views.shell import Shell
from tests.support.headless import Seen, a_headless_window
from tests.support.rigs import PASSPHRASE


async def log_in(seen: Seen, login: str = "lin") -> None:
    await seen.until_shown("登录名")
    await seen.type("登录名", login, enter=True)
    await seen.type("口令", PASSPHRASE, enter=True)
    await seen.until_shown("按期限先后")


async def test_the_text_is_as_large_as_this_operator_last_had_it(desk: Desk) -> None:
    desk.lock()
    async with a_headless_window(desk) as seen:
        await log_in(seen)
        for percent in (110, 125, 150):
            await seen.key("=", ctrl=True)
            await seen.until(lambda percent=percent: text_size(desk.place) == percent)
        await seen.key("F12")
        await log_in(seen, "chen")
        await seen.until(lambda: seen.shell.frame.percent == 100)
        await seen.key("F12")
        await log_in(seen)
        await seen.until(lambda: seen.shell.frame.percent == 150)
        assert seen.shell.frame.is_narrow
        await seen.key("0", ctrl=True)
        await seen.until(lambda: text_size(desk.place) == 100)


async def test_a_bug_is_shown_with_its_number_and_not_swallowed(desk: Desk) -> None:
    async def broken() -> None:
        raise ZeroDivisionError

    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        seen.shell.act(broken)()
        await seen.until_shown("[400]")


async def test_a_slow_screen_does_not_come_after_a_quick_one_and_lie_over_it(
    desk: Desk,
) -> None:
    """F3 on a loaded machine, then F1: whoever pressed last is right."""
    may_go_on = asyncio.Event()

    async def slow(shell: Shell) -> None:
        await may_go_on.wait()
        shell.show([ft.Text("the slow screen")])

    async with a_headless_window(desk) as seen:
        seen.shell.screens = {**seen.shell.screens, "cases": slow}
        await seen.shell.go("board")
        slow_one = asyncio.create_task(seen.shell.go("cases"))
        await asyncio.sleep(0)
        await seen.key("F4")
        await seen.until_shown("九十天内到期的证书")
        may_go_on.set()
        await slow_one
        await seen.until_shown("九十天内到期的证书")
        assert "the slow screen" not in seen.texts()
