"""A long work at a terminal: its count on standard error, and Ctrl+C stops it.

Rule 1: only a person at a terminal is shown the count; a log, a pipe, and a program
        that asked for JSON get none of it.
Rule 2: Ctrl+C is the answer to the next count, never an exception in the middle of a
        write: a work ends where nothing is half done, with `Problem(STOPPED)`.
        What talks over a line is cancelled where it waits, and goes on the next time.
Rule 3: whoever presses it after the last count stopped nothing, and is told so by what
        the work returns.
"""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType
from typing import Any, Final, TypeVar

from rich.console import Console
from rich.status import Status
from rich.text import Text

from desk_app.text.words import Words
from schemas.problems import Code, Problem

Result = TypeVar("Result")
# Seconds between two looks at how far it is.
_LOOK_EVERY_S: Final = 0.5


class Watch:
    """Called by a work with its count; answers False once somebody pressed Ctrl+C."""

    def __init__(self, key: str, line: Status | None, named: dict[str, int]) -> None:
        self._words = Words("desk")
        self._key = key
        self._line = line
        self._named = named
        self._asked = False
        self.stopped = False
        """Whether the work was told to stop."""

    def __call__(self, count: int) -> bool:
        """Show how many are done."""
        self.stopped = self._asked
        if not self._asked:
            said = self._words(self._key, count=count, **self._named)
            self._say(f"{said}{self._words('works.ctrl_c')}")
        return not self._asked

    def ask(self) -> None:
        """Let the work stop at its next count."""
        self._asked = True
        self._say(self._words("works.stopping"))

    def check(self) -> None:
        """Raise `Problem(STOPPED)` for a work that returns what it had done by then."""
        if self.stopped:
            raise Problem(Code.STOPPED)

    def _say(self, text: str) -> None:
        if self._line is not None:
            self._line.update(Text(text))


@contextmanager
def watching(key: str, at: Console, *, shown: bool, **named: int) -> Iterator[Watch]:
    """Watch one work; its line (words: `key`) is gone when it ends."""
    seen = shown and at.is_terminal
    line = at.status("", spinner="line") if seen else None
    watch = Watch(key, line, named)

    def pressed(_: int, __: FrameType | None) -> None:
        watch.ask()

    before = signal.signal(signal.SIGINT, pressed)
    try:
        with line or nullcontext():
            yield watch
    finally:
        signal.signal(signal.SIGINT, before)


async def talking(
    watch: Watch, work: Coroutine[Any, Any, Result], count: Callable[[], int]
) -> Result:
    """Watch what talks over a line; `Problem(STOPPED)` where somebody stopped it."""
    task = asyncio.create_task(work)
    while not task.done():
        if not watch(await asyncio.to_thread(count)):
            task.cancel()
        await asyncio.wait({task}, timeout=_LOOK_EVERY_S)
    if task.cancelled():
        raise Problem(Code.STOPPED)
    return task.result()
