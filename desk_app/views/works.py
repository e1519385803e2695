"""Long works under way: a line each, above every screen, with its count and a stop.

Rule 1: a work goes on when its screen is left. Its line stays in sight, and what comes
        after it is shown when somebody asks, never over the screen of the moment.
Rule 2: whoever locks stops every work first, and waits until it has put down its pen.
Rule 3: residents see none of it.
"""

import asyncio
from collections.abc import Callable
from typing import Final

import flet as ft

from desk_app.components import kit
from desk_app.text.words import Words
from desk_app.views.progress import Progress

# What is in the middle of a piece ends it; a piece is a few milliseconds, a scan two
# seconds. Nobody who locks the desk and goes is kept waiting for more.
STOPPING_MAY_TAKE_S: Final = 5.0


class Work:
    """One work: tell `progress` how many are done; the line says it."""

    def __init__(self, said: Callable[[int], str], shown: Callable[[], None]) -> None:
        self._said = said
        self._shown = shown
        self.line = ft.Container()
        self.text = ft.Text(said(0), size=15, color=kit.INK)
        self.progress = Progress(self._count)
        self.ended = asyncio.Event()

    def _count(self, count: int) -> None:
        self.text.value = self._said(count)
        self._shown()

    def stop(self) -> None:
        """Let it stop at its next count."""
        self.progress.stop()


class Works:
    """The lines of all works that are under way."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._under_way: list[Work] = []
        self._asked: list[asyncio.Future[None]] = []
        self.lines = ft.Column(spacing=6)

    def begin(
        self, said: Callable[[int], str], *, shown: Callable[[], None] = lambda: None
    ) -> Work:
        """Show one more line; `shown` is called whenever its count is shown."""

        def show() -> None:
            shown()
            kit.refresh(self.lines)

        work = Work(said, show)
        stop = kit.button(self._words("cases.cancel"), work.stop)
        ring = ft.ProgressRing(width=18, height=18)
        work.line.content = ft.Row([ring, _wide(work.text), stop])
        self._under_way.append(work)
        self._put(work.line)
        return work

    def end(self, work: Work) -> None:
        """Take its line away."""
        work.stop()
        work.ended.set()
        self._under_way.remove(work)
        self._take(work.line)

    async def until_asked(self, work: Work) -> None:
        """Say that it is done, and wait until somebody wants to see what it found.

        Locked meanwhile, nobody will: the waiting task is cancelled.
        """
        asked: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def ask() -> None:
            if not asked.done():
                asked.set_result(None)

        said = self._words("works.done", what=work.text.value)
        line = ft.Container()
        look = kit.button(self._words("works.look"), ask)
        line.content = ft.Row([_wide(ft.Text(said, size=15, color=kit.GOOD)), look])
        self._asked.append(asked)
        self._put(line)
        try:
            await asked
        finally:
            self._asked.remove(asked)
            self._take(line)

    async def stop_all(self) -> None:
        """Stop every work and wait for it, for as long as somebody may be kept."""
        for asked in self._asked:
            asked.cancel()
        ending = [work.ended.wait() for work in self._under_way]
        for work in self._under_way:
            work.stop()
        if ending:
            tasks = [asyncio.ensure_future(each) for each in ending]
            _, late = await asyncio.wait(tasks, timeout=STOPPING_MAY_TAKE_S)
            for each in late:
                each.cancel()

    def _put(self, line: ft.Control) -> None:
        self.lines.controls.append(line)
        kit.refresh(self.lines)

    def _take(self, line: ft.Control) -> None:
        self.lines.controls.remove(line)
        kit.refresh(self.lines)


def _wide(text: ft.Text) -> ft.Text:
    text.expand = True
    return text
