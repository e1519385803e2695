"""What a key does: by the screen that is shown, else the same everywhere.

Rule 1: before somebody logged in a key changes how large everything is, and rolls it.
Rule 2: while the window is turned to a resident only that screen's own keys work.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import flet as ft

if TYPE_CHECKING:
    from desk_app.views.shell import Shell

# Steps through the sizes; 0 is back to 100 %.
_SIZES: Final = {"Ctrl+=": 1, "Ctrl+-": -1, "Ctrl+0": 0}
_PAGES: Final = {"Page Down": 1, "Page Up": -1}


class Keyboard:
    """The keys of one window."""

    def __init__(self, shell: "Shell") -> None:
        self._shell = shell

    async def pressed(self, event: ft.KeyboardEvent) -> None:
        """Do what a key stands for; whoever presses one is here."""
        shell = self._shell
        shell.touch()
        key = f"Ctrl+{event.key}" if event.ctrl else event.key
        if key in _SIZES:
            self._resizer(_SIZES[key])()
            return
        handler = shell.keys.get(key)
        if key in _PAGES:
            shell.frame.hold(_PAGES[key])
        if handler is None and key in _PAGES:
            await shell.frame.rolling.page(_PAGES[key])
            return
        if shell.desk.session is None:
            return
        if handler is None and not shell.is_residents:
            handler = self._everywhere().get(key)
        if handler is not None:
            handler()

    def _resizer(self, step: int) -> Callable[[], object]:
        shell = self._shell
        size = shell.frame.next_size(step) if step else 100
        return shell.act(lambda: shell.resize(size))

    def _everywhere(self) -> dict[str, Callable[[], object]]:
        shell = self._shell
        return {
            "F1": shell.to("board"),
            "F2": shell.to("new"),
            "F3": shell.to("cases"),
            "F4": shell.to("people"),
            "F5": shell.to("deliveries"),
            "F9": shell.act(shell.send_now),
            "F10": shell.to("resident"),
            "F11": shell.to("help"),
            "F12": shell.lock,
        }
