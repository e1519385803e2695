"""Sending now: it shows how much is left, and it can be stopped.

What was under way when it is stopped waits on, as when the line breaks.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import flet as ft

from desk_app.components import kit
from desk_app.services.desk import Desk
from desk_app.text.words import Words
from schemas.problems import Problem

if TYPE_CHECKING:
    from desk_app.views.shell import Shell
    from sync.client.engine import StepReport

# Seconds between two looks at what is left to send.
_LOOK_EVERY_S: Final = 0.5
Show = Callable[[ft.Control], None]


def came_of(words: Words, report: "StepReport | None") -> str:
    """Return what to say of a sending; None is one that somebody stopped."""
    if report is None:
        return words("sync.stopped")
    if report.waited:
        return words("sync.told_to_wait")
    return words("sync.done", answers=report.answers)


class Sending:
    """At most one sending at a time."""

    def __init__(self, desk: Desk, words: Words) -> None:
        self._desk = desk
        self._words = words
        self._task: asyncio.Task[StepReport] | None = None

    @property
    def under_way(self) -> bool:
        """Say whether something is being sent now."""
        return self._task is not None

    async def now(self, shell: "Shell") -> None:
        """Send what waits, and say what came of it; pressed again, nothing more."""
        if self.under_way:
            return
        shell.lamp.value = self._words("sync.sending")
        report = await self.run(shell.show_above)
        shell.forgive()
        await shell.refresh_header()
        await shell.again()
        if report is not None and report.problem is not None:
            raise Problem(report.problem)
        shell.page.run_task(shell.rounds.recount)
        shell.show_note(came_of(self._words, report))

    async def run(self, show: Show) -> "StepReport | None":
        """Send until nothing is left; returns None when somebody stopped it."""
        task = asyncio.create_task(self._desk.sync(impatient=True))
        self._task = task
        try:
            while not task.done():
                show(await self._progress(task.cancel))
                await asyncio.wait({task}, timeout=_LOOK_EVERY_S)
            return None if task.cancelled() else task.result()
        finally:
            self._task = None

    async def _progress(self, stop: Callable[[], object]) -> ft.Control:
        status = await asyncio.to_thread(self._desk.sync_status)
        said = self._words("sync.progress", waiting=status.waiting)
        return kit.progress(said, self._words("sync.stop"), stop)
