"""Files dragged in from the desktop: from the display's thread to the shown screen.

On X11 only (`xdnd`). Elsewhere nothing is taken and no screen says that it could be: a
drop belongs to the process that owns the window, and that is the toolkit's client.
"""

import asyncio
import contextlib
import socket
import sys
import threading
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from desk_app.boot.uri_list import local_files
from desk_app.views.drops import Drops
from schemas.problems import Problem

if TYPE_CHECKING:
    from desk_app.boot.xdnd import DropTarget


class _Listener:
    """Told by the display's thread; tells the window's loop."""

    def __init__(self, drops: Drops, loop: asyncio.AbstractEventLoop) -> None:
        self._drops = drops
        self._loop = loop

    def found(self) -> None:
        self._tell(self._drops.begin)

    def wanted(self) -> bool:
        return self._drops.are_wanted

    def over(self, *, is_over: bool) -> None:
        self._tell(lambda: self._drops.over(is_over=is_over))

    def dropped(self, uri_list: bytes) -> None:
        try:
            paths = local_files(uri_list, host=socket.gethostname())
        except Problem as problem:
            refused = problem
            self._tell(lambda: self._drops.refuse(refused))
        else:
            self._tell(lambda: self._drops.receive(paths))

    def _tell(self, what: Callable[[], object]) -> None:
        # The loop may have ended: then there is no window to drop anything on.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(what)


def let_files_be_dropped(
    drops: Drops, clients: Collection[int], environment: Mapping[str, str]
) -> "DropTarget | None":
    """Take what is dragged over the windows of these processes; the loop runs.

    Returns what to close, or None where no display of the kind is there.
    """
    display = environment.get("DISPLAY")
    if not sys.platform.startswith("linux") or not display:
        return None
    # Its library is installed for Linux only.
    from desk_app.boot.xdnd import DropTarget  # noqa: PLC0415

    listener = _Listener(drops, asyncio.get_running_loop())
    try:
        target = DropTarget(listener, clients, display)
    except OSError:
        return None
    threading.Thread(target=target.serve, name="drops", daemon=True).start()
    return target
