"""How the window ends: by its cross, by a signal, or with a program that was killed.

Rule 1: what is being typed is written down first, whichever way it ends.
Rule 2: no window stays that cannot be closed: keeping has a limit, and a cross that is
        pressed again ends it at once.
Rule 3: the toolkit's client is another process; it never outlives this one, with a
        person's data on the screen and nobody behind it.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import flet as ft

from desk_app.views.shell import Shell
from schemas.problems import Code, Problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

# A durable save takes a millisecond; a vault that another program holds takes seconds.
KEEPING_MAY_TAKE_S: Final = 5.0
# A cross pressed again within this time means it; later it begins anew.
PRESSED_AGAIN_S: Final = 30.0


class Ending:
    """Ends one window, once."""

    def __init__(
        self, page: ft.Page, shell: Shell, *, may_take_s: float = KEEPING_MAY_TAKE_S
    ) -> None:
        self._page = page
        self._shell = shell
        self._may_take_s = may_take_s
        self._pressed_at: float | None = None
        self._leashes: list[subprocess.Popen[bytes]] = []

    def watch(self, client: Collection[int] = ()) -> None:
        """Take the cross and the signals, and the client's processes with us."""
        self._page.window.on_event = self._on_event
        self._page.update()
        close_on_signals(self._page, self)
        self._leashes = end_with_me(client)

    async def _on_event(self, event: ft.WindowEvent[ft.Window]) -> None:
        if event.type is ft.WindowEventType.CLOSE:
            await self.by_cross()

    async def by_cross(self) -> None:
        """Keep what is typed and go; where it cannot be kept, say so and stay once."""
        now, before = asyncio.get_running_loop().time(), self._pressed_at
        self._pressed_at = now
        if before is not None and now - before < PRESSED_AGAIN_S:
            await self.at_once()
            return
        try:
            await asyncio.wait_for(self._shell.leave(), self._may_take_s)
        except TimeoutError:
            # The keeping goes on in its thread, and the program waits for its threads.
            pass
        except Problem as problem:
            said = Problem(Code.TYPING_NOT_KEPT, number=int(problem.code))
            self._shell.show_problem(said)
            return
        await self.at_once()

    async def by_signal(self) -> None:
        """Keep what is typed and go, whatever comes: nobody is there to press again."""
        with contextlib.suppress(TimeoutError, Problem):
            await asyncio.wait_for(self._shell.leave(), self._may_take_s)
        await self.at_once()

    async def at_once(self) -> None:
        """Lock, and take the window away."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._shell.end(), self._may_take_s)
        # The client is gone before it could say so: that is what was asked for.
        with contextlib.suppress(RuntimeError):
            # The toolkit's own method has no types.
            destroy = self._page.window.destroy
            await cast("Callable[[], Awaitable[None]]", destroy)()


def close_on_signals(page: ft.Page, ending: Ending) -> None:
    """End the window on SIGINT, SIGTERM and SIGHUP.

    The toolkit's own handlers wait for its client, which knows nothing of it, and a
    second signal would leave that client behind without a program.
    """
    loop = asyncio.get_running_loop()

    def end(*_: object) -> None:
        loop.call_soon_threadsafe(lambda: page.run_task(ending.by_signal))

    # Windows has no hang-up; elsewhere it comes when the terminal is closed.
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    for number in (getattr(signal, each, None) for each in names):
        if number is not None:
            signal.signal(number, end)


def end_with_me(client: Collection[int]) -> list[subprocess.Popen[bytes]]:
    """Let the client's processes be ended when this one ends, also by kill -9.

    A pipe says so: whoever waits at its other end reads its end when we are gone. The
    pipes are in what is returned: they must be kept as long as the window.
    """
    return [
        subprocess.Popen(  # noqa: S603 - a number of ours, nothing that was typed
            ["/bin/sh", "-c", f"read -r _ || kill -9 {each} 2>/dev/null"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for each in client
    ]


def client_of_mine(program: str = "flet") -> list[int]:
    """Return the processes of this process's client.

    Linux only: elsewhere it stays until somebody closes it (platforms.md).
    """
    found: list[int] = []
    if not sys.platform.startswith("linux"):
        return found
    for process in Path("/proc").glob("[0-9]*"):
        # Others come and go while this looks.
        with contextlib.suppress(OSError):
            stat = (process / "stat").read_text()
            # "pid (name) state parent ...": a name may have spaces and brackets.
            name, _, rest = stat.partition("(")[2].rpartition(")")
            if name == program and int(rest.split()[1]) == os.getpid():
                found.append(int(process.name))
    return found
