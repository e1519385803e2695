"""A field and what it finds: Enter takes the first, Down goes into the list."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import flet as ft

from desk_app.components import kit
from desk_app.views.shell import Shell

# Two keys that come as one are asked once; each other key is answered at once.
AFTER_TYPING_S: Final = 0.01


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: what opens it, what opening does, the line it stands in.

    `cells` are what changed in a line that stood there before, for something else.
    """

    button: ft.TextButton
    open: Callable[[], Awaitable[None]]
    line: ft.Control
    cells: list[ft.Control] = field(default_factory=list)


def hit(shell: Shell, label: str, opens: Callable[[], Awaitable[None]]) -> Hit:
    """Return a hit that is a line of words and nothing else."""
    button = kit.line_button(label, shell.act(opens))
    return Hit(button, opens, ft.Row([ft.Container(button, expand=True)]))


Look = Callable[[str], Awaitable[list[Hit]]]


class Finder:
    """`controls` are the field and its list; arrows in the list are the toolkit's."""

    def __init__(
        self, shell: Shell, label: str, look: Look, *, text: str = "", helper: str = ""
    ) -> None:
        self._shell = shell
        self._look = look
        self._hits: list[Hit] = []
        self._asked = 0
        self._typing = False
        self.list = ft.Column(spacing=0)
        self.field = ft.TextField(
            label=label,
            value=text,
            helper=helper or None,
            on_change=lambda e: shell.act(lambda: self._typed(e.control.value or ""))(),
            on_submit=lambda _: shell.act(self._first)(),
            on_focus=lambda _: self._has_keyboard(on=True),
            on_blur=lambda _: self._has_keyboard(on=False),
        )
        self.controls: list[ft.Control] = [self.field, self.list]
        shell.keys["Arrow Down"] = self._down

    async def begin(self) -> None:
        """Look for what the field holds, and give it the keyboard."""
        await self.again()
        await kit.focus(self.field)

    async def again(self) -> None:
        """Look once more for the same text."""
        self._asked += 1
        await self._show(self._asked)

    def _has_keyboard(self, *, on: bool) -> None:
        self._typing = on

    async def _typed(self, text: str) -> None:
        del text
        self._asked += 1
        mine = self._asked
        await asyncio.sleep(AFTER_TYPING_S)
        if mine == self._asked:
            await self._show(mine)

    async def _show(self, mine: int) -> None:
        hits = await self._look(self.field.value or "")
        if mine != self._asked:
            # A later letter was typed while this was looked up.
            return
        self._hits = hits
        lines = [each.line for each in hits]
        if lines and list(map(id, lines)) == list(map(id, self.list.controls)):
            # The same lines say something else: only that is compared and drawn.
            kit.refresh_all([cell for each in hits for cell in each.cells])
            return
        if not lines and (self.field.value or "").strip():
            lines = [ft.Text(self._shell.words("find.none"))]
        self.list.controls = lines
        kit.refresh(self.list)

    async def _first(self) -> None:
        """Open the first hit for what is typed now, not for what was typed before."""
        await self.again()
        if self._hits:
            await self._hits[0].open()

    def _down(self) -> None:
        if self._typing and self._hits:
            self._typing = False
            first = self._hits[0].button
            self._shell.act(lambda: kit.focus(first))()
