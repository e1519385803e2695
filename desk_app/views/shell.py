"""The window's frame: navigation on top, the sync lamp always visible, keys below.

Rule 1: blocking verbs run in a thread (`self.do`), never on the event loop.
Rule 2: a problem is shown with its number; what was typed stays where it is.
Rule 3: a screen is a function of the shell; it opens no database.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import flet as ft

from desk_app.components import kit
from desk_app.printing.printer import print_pdf
from desk_app.services.desk import Desk
from desk_app.services.preferences import watched_folder
from desk_app.text.words import Words, problem_words
from schemas.problems import Code, Problem

if TYPE_CHECKING:
    from sync.client.engine import StepReport

Result = TypeVar("Result")
Screen = Callable[["Shell"], Awaitable[None]]
# Seconds without a key or click until the desk locks itself.
IDLE_S: Final = 15 * 60
# Seconds between two looks at what is left to send.
_LOOK_EVERY_S: Final = 0.5
_NAVIGATION: Final = (
    "board", "new", "cases", "people", "deliveries", "figures", "sync", "resident",
    "help", "settings",
)  # fmt: skip


class Shell:
    """One window over one desk."""

    def __init__(self, page: ft.Page, desk: Desk, screens: dict[str, Screen]) -> None:
        self.page = page
        self.desk = desk
        self.words = Words("desk")
        self.screens = screens
        self.keys: dict[str, Callable[[], object]] = {}
        self._body = ft.Column(
            scroll=ft.ScrollMode.AUTO,
            expand=True,
            spacing=14,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
        self._problem = ft.Container(visible=False)
        self._lamp = ft.Text("", color="#FFFFFF", size=14)
        self._header = ft.Container(visible=False)
        self._keys = ft.Text(self.words("keys.bar"), size=12, color=kit.INK)
        self._touched = time.monotonic()
        self._sending: asyncio.Task[StepReport] | None = None
        self._name = ""
        self._resident = False

    async def start(self) -> None:
        """Build the frame and show the first screen."""
        page = self.page
        page.title = self.words("app.title")
        page.on_keyboard_event = self._key
        page.padding = 0
        page.bgcolor = "#F7FAFB"
        page.add(
            ft.Column(
                [
                    self._header,
                    ft.Container(
                        ft.Column([self._problem, self._body], expand=True),
                        padding=20,
                        expand=True,
                    ),
                    ft.Row([ft.Container(self._keys, padding=8, expand=True)]),
                ],
                expand=True,
                spacing=0,
            )
        )
        page.run_task(self._watch)
        await self.go("login" if self.desk.is_set_up else "setup")

    async def go(self, name: str) -> None:
        """Show a screen; problems while it loads are shown, not raised."""
        self._name = name
        self._resident = False
        self.keys = {}
        self.forgive()
        try:
            await self.screens[name](self)
        except Problem as problem:
            self.show_problem(problem)
        await self.refresh_header()

    def show(self, controls: list[ft.Control]) -> None:
        """Put a screen's controls into the frame."""
        self._body.controls = controls
        self.page.update()

    def show_problem(self, problem: Problem) -> None:
        """Show a problem above the screen."""
        self._problem.content = kit.banner(int(problem.code), problem_words(problem))
        self._problem.visible = True
        self.page.update()

    def show_note(self, text: str) -> None:
        """Say above the screen that something was done."""
        self._problem.content = ft.Text(text, size=16, color=kit.GOOD)
        self._problem.visible = True
        self.page.update()

    def for_resident(self, *, on: bool) -> None:
        """Turn the window to the resident: full screen, no menu, no keys."""
        self._resident = on
        self._header.visible = not on and self.desk.session is not None
        self._keys.visible = not on
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

    def print_handler(self, pdf: bytes, name: str) -> Callable[[], object]:
        """Return a handler that prints."""

        async def to_printer() -> None:
            await self.do(print_pdf, pdf, name=name)
            self.show_note(self.words("new.printed"))

        return self.act(to_printer)

    def forgive(self) -> None:
        """Take the last problem away."""
        if self._problem.visible:
            self._problem.visible = False
            self._problem.update()

    async def do(
        self, verb: Callable[..., Result], *args: object, **named: object
    ) -> Result:
        """Run a blocking verb in a thread."""
        return await asyncio.to_thread(verb, *args, **named)

    def act(self, work: Callable[[], Awaitable[None]]) -> Callable[[], object]:
        """Return a handler that runs `work` and shows its problems."""

        async def guarded() -> None:
            self._touched = time.monotonic()
            self.forgive()
            try:
                await work()
            except Problem as problem:
                self.show_problem(problem)

        return lambda: self.page.run_task(guarded)

    def to(self, name: str) -> Callable[[], object]:
        """Return a handler that goes to a screen."""
        return self.act(lambda: self.go(name))

    async def refresh_header(self) -> None:
        """Show who is here and how the conversation stands."""
        session = self.desk.session
        self._header.visible = session is not None and not self._resident
        if session is not None:
            status = await self.do(self.desk.sync_status)
            key = "sync.lamp_waiting" if status.waiting else "sync.lamp_ok"
            key = key if status.enrolled else "sync.lamp_off"
            self._lamp.value = self.words(key, waiting=status.waiting)
            self._header.content = self._bar(session.name)
            self._header.bgcolor = kit.SEA
            self._header.padding = 8
        self.page.update()

    def _bar(self, name: str) -> ft.Control:
        def link(key: str) -> ft.Control:
            text = ft.Text(self.words(f"nav.{key}"), color="#FFFFFF", size=16)
            return ft.TextButton(text, on_click=lambda _: self.to(key)())

        links = [link(key) for key in _NAVIGATION]
        lock = ft.TextButton(
            ft.Text(f"{name} · {self.words('app.lock')}", color="#FFFFFF"),
            on_click=lambda _: self.lock(),
        )
        gap = ft.Container(expand=True)
        return ft.Row([*links, gap, self._lamp, lock], spacing=2)

    def lock(self) -> object:
        """Lock the desk now; drafts are on disk already."""
        self.desk.lock()
        return self.to("login")()

    async def _key(self, event: ft.KeyboardEvent) -> None:
        self._touched = time.monotonic()
        if self.desk.session is None or self._resident:
            return
        everywhere: dict[str, Callable[[], object]] = {
            "F1": self.to("board"),
            "F2": self.to("new"),
            "F3": self.to("cases"),
            "F4": self.to("people"),
            "F5": self.to("deliveries"),
            "F9": self.act(self.send_now),
            "F10": self.to("resident"),
            "F11": self.to("help"),
            "F12": self.lock,
        }
        handler = self.keys.get(event.key) or everywhere.get(event.key)
        if handler is not None:
            handler()

    async def send_now(self) -> None:
        """Send what waits, now; it shows how much is left and can be stopped.

        What was under way when it is stopped waits on, as when the line breaks.
        """
        if self._sending is not None:
            return
        self._sending = asyncio.create_task(self.desk.sync(impatient=True))
        try:
            while not self._sending.done():
                await self._show_sending(self._sending)
                await asyncio.wait({self._sending}, timeout=_LOOK_EVERY_S)
            stopped = self._sending.cancelled()
            report = None if stopped else self._sending.result()
        finally:
            self._sending = None
        self.forgive()
        if report is not None and report.problem is not None:
            await self.refresh_header()
            raise Problem(report.problem)
        await self.go(self._name if self._name != "new" else "sync")
        if stopped:
            self.show_note(self.words("sync.stopped"))

    async def _show_sending(self, task: "asyncio.Task[StepReport]") -> None:
        status = await self.do(self.desk.sync_status)
        self._lamp.value = self.words("sync.sending")
        self._problem.content = ft.Row(
            [
                ft.ProgressRing(width=18, height=18),
                ft.Text(
                    self.words("sync.progress", waiting=status.waiting), expand=True
                ),
                kit.button(self.words("sync.stop"), task.cancel),
            ]
        )
        self._problem.visible = True
        self.page.update()

    async def tick(self) -> None:
        """The background sync: it never interrupts and never raises."""
        if self.desk.session is None:
            return
        try:
            report = await self.desk.sync()
        except Problem as problem:
            if problem.code not in {Code.NOT_ENROLLED, Code.DESK_LOCKED}:
                self.show_problem(problem)
            return
        if report.released or report.answers:
            await self.refresh_header()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(5)
            idle = time.monotonic() - self._touched > IDLE_S
            if idle and self.desk.session is not None:
                self.lock()
