"""The shell of every screen: where to go, keys, problems, progress, locking.

Rule 1: blocking verbs run in a thread (`self.do`), never on the event loop.
Rule 2: a problem is shown with its number; what was typed stays where it is.
Rule 3: a screen is a function of the shell; it opens no database.
Rule 4: whoever leaves a screen, by any way, first writes down what it still holds.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from pathlib import Path
from typing import TypeVar

import flet as ft

from desk_app.components import kit
from desk_app.services.desk import Desk
from desk_app.services.preferences import (
    keep_text_size,
    text_size,
    watched_folder,
)
from desk_app.text.words import Words, problem_words
from desk_app.views.choosing import Choosing
from desk_app.views.drops import Drops
from desk_app.views.frame import Frame
from desk_app.views.keyboard import Keyboard
from desk_app.views.last_visit import LastVisit
from desk_app.views.navigation import lamp_says, navigation
from desk_app.views.rounds import Rounds
from desk_app.views.sending import Sending
from desk_app.views.works import Works
from schemas.problems import Code, Problem

Result = TypeVar("Result")
Screen = Callable[["Shell"], Awaitable[None]]
CaseScreen = Callable[["Shell", str], Awaitable[None]]

# Which turn from screen to screen a handler belongs to: a slow one must not come after
# a quick one and lie over it.
_turn: ContextVar[int | None] = ContextVar("turn", default=None)


class Shell:
    """One window over one desk."""

    def __init__(
        self,
        page: ft.Page,
        desk: Desk,
        screens: dict[str, Screen],
        case_screen: CaseScreen,
    ) -> None:
        self._case_screen = case_screen
        self.last_visit = LastVisit()
        self._turn = self._shown_turn = 0
        self.shown = 0
        """How many screens were shown: what runs for one ends when this changes."""
        self.page = page
        self.desk = desk
        self.words = Words("desk")
        self.screens = screens
        self.keys: dict[str, Callable[[], object]] = {}
        self.works = Works(self.words)
        self.frame = Frame(page, self.works.lines)
        self.lamp = ft.Text("", color="#FFFFFF", size=14)
        self._touched = time.monotonic()
        self._sending = Sending(desk, self.words)
        self.choosing = Choosing(self)
        self.rounds = Rounds(self, idle_s=lambda: time.monotonic() - self._touched)
        self.drops = Drops(self)
        self._leaving: Callable[[], Awaitable[None]] | None = None
        self._again: Callable[[], Awaitable[None]] | None = None
        self._shows_again = False
        self.is_residents = False
        """Whether the window is turned to a resident: then no key leaves the screen."""

    async def start(self) -> None:
        """Build the frame and show the first screen."""
        page = self.page
        page.title = self.words("app.title")
        page.on_keyboard_event = Keyboard(self).pressed
        self.frame.build()
        page.run_task(self.rounds.watch)
        await self.go("login" if self.desk.is_set_up else "setup")

    def touch(self) -> None:
        """Note that somebody is here: an idle desk locks itself."""
        self._touched = time.monotonic()

    async def go(self, name: str) -> None:
        """Show a screen; problems while it loads are shown, not raised."""
        await self.leave()
        self._take_turn()
        self.is_residents = False
        self.keys = {}
        self.hint("bar")
        self.forgive()
        try:
            await self.screens[name](self)
        except Problem as problem:
            self.show_problem(problem)
        await self.refresh_header()

    def _take_turn(self) -> None:
        self._turn += 1
        _turn.set(self._turn)

    async def open_case(self, number: str) -> None:
        """Show one case."""
        await self.leave()
        self._take_turn()
        self.keys = {}
        self.hint("case")
        await self._case_screen(self, number)

    def show(
        self,
        controls: list[ft.Control],
        *,
        again: Callable[[], Awaitable[None]] | None = None,
        stays: bool = False,
    ) -> None:
        """Put a screen's controls into the frame.

        `again` shows it anew after something was sent; a screen that is typed into
        has none and stays as it is. One that `stays` is the one that was shown before,
        changed: it is not rolled to its top.
        """
        if _turn.get() not in {None, self._turn}:
            # Somebody went on to another screen while this one was being made.
            return
        self.shown += 1
        self._shown_turn = self._turn
        self._again = again
        self.frame.show_body(controls, stays=stays or self._shows_again)
        self.page.update()

    async def again(self) -> None:
        """Show the screen anew, where it is one that nobody types into."""
        if self._again is not None and self._shown_turn == self._turn:
            _turn.set(self._turn)
            self._shows_again = True
            try:
                await self._again()
            finally:
                self._shows_again = False

    def hint(self, name: str) -> None:
        """Say below the screen what its keys do (words: `keys.<name>`)."""
        self.frame.keys.value = self.words(f"keys.{name}")

    def before_leaving(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` when this screen is left: another screen, the lock, the end.

        Only from now on does the window ask before it closes: elsewhere its cross
        closes it without us, whatever state we are in.
        """
        self._leaving = work
        self.page.window.prevent_close = True

    async def leave(self) -> None:
        """Write down what this screen still holds."""
        if self._leaving is not None and self.desk.session is not None:
            await self._leaving()
        self._leaving = None
        self.page.window.prevent_close = False

    def show_problem(self, problem: Problem) -> None:
        """Show a problem above the screen."""
        self.show_above(kit.banner(int(problem.code), problem_words(problem)))

    def show_note(self, text: str) -> None:
        """Say above the screen that something was done."""
        self.show_above(ft.Text(text, size=16, color=kit.GOOD))

    def show_above(self, control: ft.Control) -> None:
        """Show something above the screen, in place of what was said before."""
        self.frame.show_above(control)
        self.page.update()

    def for_resident(self, *, on: bool) -> None:
        """Turn the window to the resident: full screen, no menu, no keys."""
        self.is_residents = on
        if on:
            # Neither the menu nor what was said to the clerk is a resident's.
            self.frame.show_header(None)
            self.frame.show_above(None)
        self.frame.keys.visible = self.works.lines.visible = not on
        self.page.window.full_screen = on
        self.keys = {}
        self.page.update()

    def today(self) -> str:
        """Return today's local date, ISO."""
        return self.desk.today().isoformat()

    def working_day(self, days: int) -> str:
        """Return the day after so many working days from today, ISO."""
        return self.desk.working_day(days).isoformat()

    def stamp(self) -> str:
        """Return the local time for a file's name."""
        return self.desk.stamp()

    def watched(self) -> Path:
        """Return where document cameras save."""
        return watched_folder(self.desk.place, self.desk.exports.parent / "scans")

    def forgive(self) -> None:
        """Take the last problem away."""
        if self.frame.above.content is not None:
            self.frame.show_above(None)
            self.frame.above.update()

    async def do(
        self, verb: Callable[..., Result], *args: object, **named: object
    ) -> Result:
        """Run a blocking verb in a thread."""
        return await asyncio.to_thread(verb, *args, **named)

    async def do_long(
        self, key: str, verb: Callable[..., Result], *args: object, **named: object
    ) -> Result:
        """Run a verb that takes `progress`: its count is shown, and Esc stops it.

        Where the screen was left meanwhile, this returns when somebody wants to see
        what came of it.
        """
        keys, shown = self.keys, self.shown

        work = self.works.begin(
            lambda count: self.words(key, count=count), shown=self.touch
        )
        self.keys = {"Escape": work.stop}
        try:
            done = await self.do(verb, *args, progress=work.progress, **named)
        except Exception as error:
            if self.desk.session is None:
                # The vault closed under it because somebody locked: no news for them.
                raise asyncio.CancelledError from error
            raise
        finally:
            self.works.end(work)
            if self.shown == shown:
                self.keys = keys
        if self.shown != shown:
            await self.works.until_asked(work)
            _turn.set(self._turn)
        return done

    def act(self, work: Callable[[], Awaitable[None]]) -> Callable[[], object]:
        """Return a handler that runs `work` and shows its problems."""

        async def guarded() -> None:
            self.touch()
            # Somebody pressed it now: it belongs to no turn that is over.
            _turn.set(None)
            self.forgive()
            try:
                await work()
            except Problem as problem:
                if problem.code is Code.STOPPED:
                    self.show_note("".join(problem_words(problem)))
                else:
                    self.show_problem(problem)
            except Exception:
                # A bug of ours: whoever pressed the key must see that it failed.
                self.show_problem(Problem(Code.UNEXPECTED))
                raise

        return lambda: self.page.run_task(guarded)

    def to(self, name: str) -> Callable[[], object]:
        """Return a handler that goes to a screen."""
        return self.act(lambda: self.go(name))

    async def refresh_header(self) -> None:
        """Show who is here and how the conversation stands."""
        session, line = self.desk.session, None
        if session is not None:
            status = await self.do(self.desk.sync_status)
            self.lamp.value = lamp_says(self.words, status)
            line = navigation(self.words, self.to, self.lamp, session.name, self.lock)
        self.frame.show_header(None if self.is_residents else line)
        self.page.update()

    def lock(self) -> object:
        """Lock the desk; what is being typed is written down first."""

        async def locked() -> None:
            await self.leave()
            await self.works.stop_all()
            await self.do(self.desk.lock)
            await self.go("login")

        return self.act(locked)()

    async def end(self) -> None:
        """Stop what is under way and lock, because the window closes."""
        await self.works.stop_all()
        # The vault closes when nobody writes: that may take as long as a write takes.
        await self.do(self.desk.lock)

    async def resize(self, percent: int) -> None:
        """Show everything larger or smaller, and remember it for this operator."""
        self.frame.enlarge(percent)
        if self.desk.session is not None:
            await self.do(keep_text_size, self.desk.place, self.frame.percent)

    async def resize_as_remembered(self) -> None:
        """Show everything as large as this operator last had it."""
        self.frame.enlarge(await self.do(text_size, self.desk.place))

    async def send_now(self) -> None:
        """Send what waits, now, and say what came of it."""
        await self._sending.now(self)
