"""Files dragged in from the desktop: the screen that is shown takes them, or nobody.

Rule 1: what a screen offers ends with it: another screen, the lock, a resident's view.
Rule 2: a screen speaks of dragging only where this window can be dragged to.
"""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.problems import Problem

if TYPE_CHECKING:
    from desk_app.views.shell import Shell

Take = Callable[[Sequence[Path]], Awaitable[None]]
Over = Callable[[bool], None]


class Drops:
    """What one window does with files that are dropped on it."""

    def __init__(self, shell: "Shell") -> None:
        self._shell = shell
        self._take: Take | None = None
        self._over: Over | None = None
        self._shown = -1
        self.are_possible = False
        """Whether files can be dragged to this window at all."""

    def begin(self) -> None:
        """Files can be dragged to this window from now on."""
        self.are_possible = True

    def offer(self, take: Take, over: Over) -> None:
        """Let the screen that is shown now take what is dropped.

        `over` is told when something that would be taken comes over it, or leaves.
        """
        self._take, self._over, self._shown = take, over, self._shell.shown

    @property
    def are_wanted(self) -> bool:
        """Say whether what is dropped now would be taken; from any thread."""
        is_shown = self._shell.shown == self._shown
        return self._take is not None and is_shown and not self._shell.is_residents

    def over(self, *, is_over: bool) -> None:
        """Tell the screen that something is held over it."""
        if self._over is not None and self.are_wanted:
            self._over(is_over)

    def receive(self, paths: Sequence[Path]) -> None:
        """Give the shown screen what was dropped."""
        take = self._take
        if take is not None and self.are_wanted:
            self._shell.act(lambda: take(paths))()

    def refuse(self, problem: Problem) -> None:
        """Say why what was dropped is not taken."""

        async def say() -> None:
            raise problem

        self._shell.act(say)()
