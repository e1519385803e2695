"""How far a long work is: told from its thread, shown by the window, stopped by Esc."""

import asyncio
from collections.abc import Callable
from typing import Final

# Often enough to be alive, seldom enough that the showing does not slow the work.
_SHOWN_EVERY_S: Final = 0.1


class Progress:
    """Called by the work with its count; returns False once it shall stop.

    However often it is called, the count is shown a few times a second, and never
    after the end.
    """

    def __init__(self, show: Callable[[int], None]) -> None:
        self._show = show
        self._loop = asyncio.get_running_loop()
        self._count = 0
        self._shown_soon = False
        self._over = False

    def __call__(self, count: int) -> bool:
        """Tell how many are done, from any thread."""
        self._count = count
        if not self._shown_soon:
            self._shown_soon = True
            self._loop.call_soon_threadsafe(self._later)
        return not self._over

    def _later(self) -> None:
        self._loop.call_later(_SHOWN_EVERY_S, self._now)

    def _now(self) -> None:
        self._shown_soon = False
        if not self._over:
            self._show(self._count)

    def stop(self) -> None:
        """Let the work stop at its next count; nothing more is shown."""
        self._over = True
