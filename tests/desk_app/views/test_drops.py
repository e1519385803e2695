"""Who takes what is dropped: the shown screen, while it is shown."""

from collections.abc import Sequence
from pathlib import Path

import flet as ft

from desk_app.services.desk import Desk
from schemas.problems import Code, Problem
from tests.support.headless import a_headless_window

SCAN = (Path("/scans/a.png"),)


class Taker:
    """A screen that takes files."""

    def __init__(self) -> None:
        self.taken: list[Sequence[Path]] = []
        self.is_over = False

    async def take(self, paths: Sequence[Path]) -> None:
        self.taken.append(paths)

    def over(self, is_over: bool) -> None:
        self.is_over = is_over


async def test_what_a_screen_offers_ends_with_it(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        drops, taker = seen.shell.drops, Taker()
        assert not drops.are_wanted
        seen.shell.show([ft.Text("scans")])
        drops.offer(taker.take, taker.over)
        drops.over(is_over=True)
        assert drops.are_wanted
        assert taker.is_over
        drops.receive(SCAN)
        await seen.until(lambda: taker.taken == [SCAN])

        await seen.shell.go("board")
        drops.over(is_over=False)
        drops.receive(SCAN)
        await seen.until_shown("按期限先后")
        assert not drops.are_wanted
        assert taker.is_over, "a screen that is gone is told nothing"
        assert taker.taken == [SCAN]


async def test_a_resident_who_reads_takes_no_files(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        drops, taker = seen.shell.drops, Taker()
        drops.offer(taker.take, taker.over)
        seen.shell.for_resident(on=True)
        assert not drops.are_wanted
        seen.shell.for_resident(on=False)
        assert drops.are_wanted


async def test_why_nothing_was_taken_is_shown_with_its_number(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        seen.shell.drops.refuse(Problem(Code.DROP_NOT_FILES))
        await seen.until_shown("[1102]", "存到本机")
