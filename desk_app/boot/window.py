"""Open the window: toolkit, fonts, locale, jobs, screens."""

import asyncio
import contextlib
import os
import sys
from importlib.resources import files
from pathlib import Path
from typing import Final

import flet as ft

from desk_app.boot.drawing import choose_renderer
from desk_app.boot.dropping import let_files_be_dropped
from desk_app.boot.ending import Ending, client_of_mine
from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.jobs.table import schedule
from desk_app.services.desk import Desk
from desk_app.views import (
    bags,
    board,
    case,
    cases,
    continuity,
    days,
    deliveries,
    door,
    figures,
    handbook,
    line,
    new,
    numbers,
    people,
    recovery,
    resident,
    settings,
    trail,
)
from desk_app.views.shell import Screen, Shell
from schemas.problems import Code, Problem
from sync.seal.selftest import self_test

SCREENS: Final[dict[str, Screen]] = {
    "login": door.login,
    "setup": door.setup,
    "recover": recovery.recover,
    "board": board.board,
    "new": new.new,
    "cases": cases.cases,
    "people": people.people,
    "deliveries": deliveries.deliveries,
    "bags": bags.bags,
    "days": days.list_of_days,
    "figures": figures.figures,
    "resident": resident.welcome,
    "help": handbook.handbook,
    "trail": trail.trail,
    "numbers": numbers.numbers,
    "sync": line.line,
    "backup": continuity.backup,
    "settings": settings.settings,
}
_FONT: Final = "Noto Sans SC"


def open_window(home: Path | None) -> None:
    """Show the window until it is closed.

    `Problem(NO_DISPLAY)` without a display; `WINDOW_NOT_STARTED` where the toolkit's
    client ended before it showed anything (a display that is not there, a library).
    """
    unseen = not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and unseen:
        # The toolkit would start a web server on all interfaces instead.
        raise Problem(Code.NO_DISPLAY)
    self_test()
    choose_renderer(os.environ, platform=sys.platform)
    where = places(home)
    # The toolkit prefers a client under ./build of the working directory.
    os.chdir(where.home)
    assets = Path(str(files("assets")))

    shown = asyncio.Event()

    async def main(page: ft.Page) -> None:
        shown.set()
        dress(page)
        forgive_late_answers(page)
        desk = Desk(where, real_hands())
        shell = Shell(page, desk, SCREENS, case.show_case)
        # Before anything is shown: whoever sees a window can end it.
        client = client_of_mine()
        Ending(page, shell).watch(client)
        let_files_be_dropped(shell.drops, client, os.environ)
        await shell.start()
        scheduler = schedule(shell.rounds.tick, shell.rounds.back_up)
        page.on_disconnect = lambda _: scheduler.shutdown(wait=False)

    # Every screen says itself what changed. The toolkit would compare the whole page
    # after each key (30 ms on a large form), and Enter would come after what follows.
    ft.context.disable_auto_update()  # type: ignore[no-untyped-call]
    ft.run(main, assets_dir=str(assets))
    if not shown.is_set():
        raise Problem(Code.WINDOW_NOT_STARTED)


def forgive_late_answers(page: ft.Page) -> None:
    """Take the client's answer for a control that is no longer shown as no error.

    A field that was given the keyboard may be gone when the client says so; the
    toolkit (0.82) then ends the connection, and the window is dead.
    """
    session = page.session
    handle = session.handle_invoke_method_results

    def handle_if_shown(
        control_id: int, call_id: str, result: object, error: str | None
    ) -> None:
        with contextlib.suppress(RuntimeError):
            handle(control_id, call_id, result, error)

    session.handle_invoke_method_results = handle_if_shown  # type: ignore[method-assign]


def dress(page: ft.Page) -> None:
    """Give the window its typeface, language and size."""
    page.fonts = {_FONT: "fonts/NotoSansSC-Regular.ttf"}
    page.theme = ft.Theme(font_family=_FONT, color_scheme_seed="#0B5C7A")
    page.theme_mode = ft.ThemeMode.LIGHT
    # Without it Han characters come out in their Japanese shapes.
    chinese = ft.Locale("zh", "CN")
    page.locale_configuration = ft.LocaleConfiguration([chinese], chinese)
    page.window.width, page.window.height = 1200, 820
