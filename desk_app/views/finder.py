"""A field and what it finds: Enter takes the first, Down goes into the list.

Each key is answered at once; keys that come while one is looked up are answered
together, by one look for what is typed then.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import flet as ft

from desk_app.components import kit
from desk_app.views.shell import Shell


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
        self._answering = False
        self._lines = ft.Column(spacing=0)
        self._nothing = ft.Text(shell.words("find.none"), visible=False)
        self.list = ft.Column([self._nothing, self._lines], spacing=0)
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
        if self._answering:
            return
        self._answering = True
        try:
            answered = 0
            while answered != self._asked:
                answered = self._asked
                await self._show(answered)
        finally:
            self._answering = False

    async def _show(self, mine: int) -> None:
        hits = await self._look(self.field.value or "")
        if mine != self._asked:
            # A later letter was typed while this was looked up.
            return
        self._hits = hits
        typed = bool((self.field.value or "").strip())
        changed = _shown(self._nothing, on=typed and not hits)
        lines = [each.line for each in hits]
        standing = self._lines.controls
        if list(map(id, lines)) == list(map(id, standing[: len(lines)])):
            # The same lines say something else, or fewer of them anything: only what
            # changed is compared and drawn.
            for number, line in enumerate(standing):
                changed += _shown(line, on=number < len(lines))
            changed += [cell for each in hits for cell in each.cells]
        else:
            self._lines.controls = lines
            for line in lines:
                line.visible = True
            changed.append(self._lines)
        kit.refresh_all(changed)

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


def _shown(control: ft.Control, *, on: bool) -> list[ft.Control]:
    """Show or hide a control; returns it where that changes something."""
    if control.visible is on:
        return []
    control.visible = on
    return [control]
