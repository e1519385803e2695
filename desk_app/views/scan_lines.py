"""The pages that are there: each can be looked at, turned, moved, taken out.

Rule 1: a scan of several sheets is looked at sheet by sheet, and PgDn goes on from its
        last to the next scan, as somebody turns over a pile of paper.
Rule 2: a sheet that is higher than what can be seen is read to its end first; Ctrl
        turns at once.
"""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Final

import flet as ft

from desk_app.components import kit
from desk_app.services import attaching
from desk_app.services.attaching import Look, PageShown
from desk_app.views.shell import Shell

_PICTURE_WIDTH: Final = 700
_PICTURE: Final = "picture"
# A sheet is drawn within this time, or what is there is rolled to.
_DRAWN_S: Final = 0.3


class ScanLines:
    """`again` shows the whole screen after a page was changed."""

    def __init__(
        self,
        shell: Shell,
        subject: str,
        materials: Mapping[str, str],
        again: Callable[[], Awaitable[None]],
    ) -> None:
        self._shell = shell
        self._subject = subject
        self._materials = materials
        self._again = again
        self._drawn = asyncio.Event()
        self.picture = ft.Column(
            key=ft.ScrollKey(_PICTURE),
            on_size_change=lambda _: self._drawn.set(),
            size_change_interval=-1,
        )
        self._pages: tuple[PageShown, ...] = ()
        # Which of them is looked at, and which of its sheets.
        self._at = -1
        self._look: Look | None = None
        # How far the screen is rolled where the sheet's own top is seen.
        self._top = 0.0
        self._height = 0
        # A key pressed twice turns twice, though the first page is still being drawn.
        self._one_at_a_time = asyncio.Lock()

    def controls(self, pages: Sequence[PageShown]) -> list[ft.Control]:
        """Return a line a page; none is looked at yet."""
        self._pages, self._at, self._look = tuple(pages), -1, None
        self._height = 0
        self.picture.controls = []
        return [self._line(number, page) for number, page in enumerate(pages)]

    def keys(self) -> dict[str, Callable[[], object]]:
        """Return the keys that read and turn the sheets."""
        act = self._shell.act
        return {
            "Page Down": act(self.read_on),
            "Page Up": act(self.read_back),
            "Ctrl+Page Down": act(self.forward),
            "Ctrl+Page Up": act(self.back),
        }

    async def read_on(self) -> None:
        """Show what is below; after a sheet's end the next one."""
        rolling = self._shell.frame.rolling
        read = rolling.is_at_end and self._following() is not None
        if self._look is not None and not read and await rolling.page(1):
            return
        await self.forward()

    async def read_back(self) -> None:
        """Show what is above; before a sheet's top the end of the one before."""
        rolling = self._shell.frame.rolling
        # Above the first one are the lines, and how scans are added.
        top = self._top if self._before() is not None else 0.0
        if self._look is not None and rolling.at > top:
            await rolling.page(-1, not_above=top)
        else:
            await self._turn(self._before, from_end=True)

    async def forward(self) -> None:
        """Show the next sheet, of this scan or of the one after it."""
        await self._turn(self._following)

    async def back(self) -> None:
        """Show the sheet before, of this scan or of the one before it."""
        await self._turn(self._before)

    def _following(self) -> tuple[int, int] | None:
        if self._look is not None and self._look.sheet < self._look.sheets:
            return self._at, self._look.sheet + 1
        return (self._at + 1, 1) if self._at + 1 < len(self._pages) else None

    def _before(self) -> tuple[int, int] | None:
        if self._look is not None and self._look.sheet > 1:
            return self._at, self._look.sheet - 1
        return (self._at - 1, sys.maxsize) if self._at > 0 else None

    async def _turn(
        self, to: Callable[[], tuple[int, int] | None], *, from_end: bool = False
    ) -> None:
        async with self._one_at_a_time:
            there = to()
            if there is not None:
                await self._show(*there)
                if from_end:
                    await self._shell.frame.rolling.to_end()

    def _line(self, number: int, page: PageShown) -> ft.Control:
        words, place = self._shell.words, self._shell.desk.place
        subject = self._subject
        changes: tuple[tuple[str, Callable[[], object]], ...] = (
            ("turn", partial(attaching.turn, place, subject, page)),
            ("up", partial(attaching.move, place, subject, page, by=-1)),
            ("down", partial(attaching.move, place, subject, page, by=1)),
            ("out", partial(attaching.take_out, place, subject, page)),
        )
        return kit.beside(
            ft.Text(self._name(page)),
            [
                kit.button(words("scans.look"), self._looker(number)),
                *[
                    kit.button(words(f"scans.{key}"), self._changer(change))
                    for key, change in changes
                ],
            ],
            narrow=self._shell.frame.is_narrow,
        )

    def _changer(self, change: Callable[[], object]) -> kit.Action:
        async def act() -> None:
            looked_at = self._pages[self._at] if self._look is not None else None
            sheet = self._look.sheet if self._look is not None else 1
            await self._shell.do(change)
            await self._again()
            # Whoever turns a page looks at it, and wants to see it upright.
            place = (looked_at.material, looked_at.position) if looked_at else None
            for number, page in enumerate(self._pages):
                if (page.material, page.position) == place:
                    await self._show(number, sheet)

        return self._shell.act(act)

    def _looker(self, number: int) -> kit.Action:
        return self._shell.act(lambda: self._show(number, 1))

    async def _show(self, number: int, sheet: int) -> None:
        shell, words, page = self._shell, self._shell.words, self._pages[number]
        look = await shell.do(
            attaching.preview, shell.desk.place, page, sheet=sheet
        )  # fmt: skip
        self._at, self._look = number, look
        wide, high = look.size
        width = min(_PICTURE_WIDTH, shell.frame.room)
        height = round(high * width / wide)
        said = words(
            "scans.sheet", name=self._name(page), sheet=look.sheet, sheets=look.sheets
        )
        buttons = (
            ("scans.sheet_before", self.back),
            ("scans.sheet_next", self.forward),
        )
        turning = [kit.button(words(key), shell.act(verb)) for key, verb in buttons]
        before = self._height
        self._height = height
        self._drawn.clear()
        self.picture.controls = [
            ft.Row([ft.Text(said, size=15, color=kit.INK, expand=True), *turning]),
            # Its height is known before it is drawn: the screen rolls to it at once.
            ft.Image(src=look.png, width=width, height=height, fit=ft.BoxFit.CONTAIN),
        ]
        shell.page.update()
        if height != before:
            # What has not been drawn yet has no place to roll to.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._drawn.wait(), _DRAWN_S)
        await shell.frame.rolling.to(_PICTURE)
        self._top = shell.frame.rolling.at

    def _name(self, page: PageShown) -> str:
        name = self._materials.get(page.material, page.material)
        return f"{name} {page.position} · {page.name}"
