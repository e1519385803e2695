"""What is already known, offered while it is typed; Ctrl and its number takes it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import flet as ft

from desk_app.components import kit
from desk_app.views.shell import Shell

# Looked up when the typing pauses, never between two keys.
_AFTER_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Known:
    """Something known: how it is called, and what happens when it is taken."""

    label: str
    take: Callable[[], Awaitable[None]]


Look = Callable[[str], Awaitable[list[Known]]]


class Recall:
    """The offers under a field; `keys` are the keys that take them, in order."""

    def __init__(self, shell: Shell, keys: tuple[str, ...], look: Look) -> None:
        self.control = ft.Column(spacing=0)
        self._shell = shell
        self._keys = keys
        self._look = look
        self._task: asyncio.Task[None] | None = None

    def soon(self, text: str) -> None:
        """Look for the text when the typing pauses."""
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.get_running_loop().create_task(self._later(text))

    async def _later(self, text: str) -> None:
        await asyncio.sleep(_AFTER_S)
        await self.now(text)

    async def now(self, text: str) -> None:
        """Look for the text and show what is known."""
        known = await self._look(text) if text.strip() else []
        self._show(known[: len(self._keys)])

    def _show(self, known: list[Known]) -> None:
        for key in self._keys:
            self._shell.keys.pop(key, None)
        lines: list[ft.Control] = []
        for key, each in zip(self._keys, known, strict=False):
            act = self._shell.act(each.take)
            self._shell.keys[key] = act
            said = f"{key}  {self._shell.words('new.known')}: {each.label}"
            lines.append(kit.line_button(said, act))
        self.control.controls = lines
        kit.refresh(self.control)
