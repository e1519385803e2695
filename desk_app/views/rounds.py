"""What the window does by itself: sends, backs up, counts again, locks when idle.

Rule 1: it never interrupts whoever works, and a line that is down is no news.
Rule 2: nothing is done while the desk is locked: there is no key to do it with.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from desk_app.services import commands, recounting
from desk_app.services.backing import back_up_if_due
from desk_app.services.sending_backup import send_if_due
from schemas.problems import Code, Problem
from schemas.progress import nobody_watches

if TYPE_CHECKING:
    from desk_app.views.shell import Shell

# No news while a backup is on its way: the next look sends on.
_QUIET: Final = frozenset(
    {Code.DESK_LOCKED, Code.LINE_DOWN, Code.LINE_TIMED_OUT, Code.DISTRICT_BUSY}
)
# Seconds without a key or click until the desk locks itself.
IDLE_S: Final = 15 * 60
# The same, where the district asked for the desk to be locked when it is idle.
ASKED_IDLE_S: Final = 60
_LOOK_EVERY_S: Final = 5


class Rounds:
    """Goes on until the window ends."""

    def __init__(self, shell: "Shell", *, idle_s: Callable[[], float]) -> None:
        self._shell = shell
        self._idle_s = idle_s
        self._counting = False

    @property
    def is_counting(self) -> bool:
        """Say whether legal days are being counted now."""
        return self._counting

    async def back_up(self) -> None:
        """The scheduled backup: a problem is shown, nothing else is interrupted."""
        shell = self._shell
        desk = shell.desk
        if desk.session is None:
            return
        try:
            await shell.do(back_up_if_due, desk.place, desk.places)
            await send_if_due(desk.place, desk.places)
        except Problem as problem:
            if problem.code not in _QUIET:
                shell.show_problem(problem)

    async def tick(self) -> None:
        """The background sync: it never interrupts and never raises."""
        shell = self._shell
        if shell.desk.session is None:
            return
        try:
            if await shell.do(shell.desk.may_rest):
                return
            report = await shell.desk.sync()
        except Problem as problem:
            if problem.code not in {Code.NOT_ENROLLED, Code.DESK_LOCKED}:
                shell.show_problem(problem)
            return
        if report.released or report.answers:
            await shell.refresh_header()
        if report.answers:
            await self.recount()

    async def recount(self) -> None:
        """Count legal days by the texts in use, where others were counted by before.

        Its line says how far it is; stopped, the board offers to go on.
        """
        shell = self._shell
        if self._counting or shell.desk.session is None:
            return
        try:
            if await self._count():
                await shell.again()
        except Problem as problem:
            if problem.code is not Code.DESK_LOCKED:
                shell.show_problem(problem)

    async def _count(self) -> bool:
        """Count what is owed; returns whether anything was."""
        shell, place = self._shell, self._shell.desk.place
        self._counting = True
        try:
            total = await shell.do(recounting.owed, place)
            if not total:
                # What is left is to write down that nothing is.
                await shell.do(recounting.recount, place, progress=nobody_watches)
                return False
            work = shell.works.begin(
                lambda count: shell.words("works.recount", count=count, total=total)
            )
            try:
                await shell.do(recounting.recount, place, progress=work.progress)
            finally:
                shell.works.end(work)
        finally:
            self._counting = False
        return True

    async def watch(self) -> None:
        """Lock a desk that nobody touches."""
        shell = self._shell
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            if shell.desk.session is None:
                continue
            idle_s = self._idle_s()
            if idle_s > IDLE_S or (idle_s > ASKED_IDLE_S and await self._is_asked()):
                shell.lock()

    async def _is_asked(self) -> bool:
        """Say whether the district asked for a lock; noting that it comes now."""
        shell = self._shell
        try:
            if not await shell.do(commands.wants_lock, shell.desk.place):
                return False
            await shell.do(commands.locked, shell.desk.place)
        except Problem:
            return False
        return True
