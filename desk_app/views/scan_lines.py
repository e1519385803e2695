"""The pages that are there: each can be looked at, turned, moved, taken out.

Rule 1: a scan of several sheets is looked at sheet by sheet, and PgDn goes on from its
        last to the next scan, as somebody turns over a pile of paper.
"""

import asyncio
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
        self.picture = ft.Column(key=ft.ScrollKey(_PICTURE))
        self._pages: tuple[PageShown, ...] = ()
        # Which of them is looked at, and which of its sheets.
        self._at = -1
        self._look: Look | None = None
        # A key pressed twice turns twice, though the first page is still being drawn.
        self._one_at_a_time = asyncio.Lock()

    def controls(self, pages: Sequence[PageShown]) -> list[ft.Control]:
        """Return a line a page; none is looked at yet."""
        self._pages, self._at, self._look = tuple(pages), -1, None
        self.picture.controls = []
        return [self._line(number, page) for number, page in enumerate(pages)]

    def keys(self) -> dict[str, Callable[[], object]]:
        """Return the keys that turn the sheets."""
        act = self._shell.act
        return {"Page Down": act(self.forward), "Page Up": act(self.back)}

    async def forward(self) -> None:
        """Show the next sheet, of this scan or of the one after it."""
        async with self._one_at_a_time:
            if self._look is not None and self._look.sheet < self._look.sheets:
                await self._show(self._at, self._look.sheet + 1)
            elif self._at + 1 < len(self._pages):
                await self._show(self._at + 1, 1)

    async def back(self) -> None:
        """Show the sheet before, of this scan or of the one before it."""
        async with self._one_at_a_time:
            if self._look is not None and self._look.sheet > 1:
                await self._show(self._at, self._look.sheet - 1)
            elif self._at > 0:
                await self._show(self._at - 1, sys.maxsize)

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
        self.picture.controls = [
            ft.Row([ft.Text(said, size=15, color=kit.INK, expand=True), *turning]),
            # Its height is known before it is drawn: the screen rolls to it at once.
            ft.Image(src=look.png, width=width, height=height),
        ]
        shell.page.update()
        await shell.frame.rolling.to(_PICTURE)

    def _name(self, page: PageShown) -> str:
        name = self._materials.get(page.material, page.material)
        return f"{name} {page.position} · {page.name}"
