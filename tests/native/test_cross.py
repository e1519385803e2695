"""The window's cross: what was typed a moment ago is on disk when it is gone."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desk_app.services.desk import Desk
from tests.support.rigs import an_island
from tests.support.screen import (
    ROOT,
    Keyboard,
    a_display,
    a_window,
    find_the_item,
    log_in,
    press_and_see,
    settle,
    wait_until,
    window_of,
)

ADDRESS = "Nanri Haishan 17"


@contextmanager
def a_form_is_open(home: Path, display: str) -> Iterator[tuple[Keyboard, int]]:
    """Log in and begin an application; the keyboard is in its first field."""
    command = window_of(home)
    keyboard = Keyboard(display)
    with a_window(keyboard, command, cwd=ROOT) as window:
        log_in(keyboard)
        find_the_item(keyboard)
        press_and_see(keyboard, "Return")
        # A person; the rest of the particulars follows with Enter.
        keyboard.type("1")
        press_and_see(keyboard, "Return")
        yield keyboard, window.pid


def typed_name(desk: Desk) -> str:
    (row,) = desk.drafts()
    return desk.draft(row.draft_id).applicant.get("name", "")


def test_p01_the_cross_loses_nothing_of_what_was_typed(tmp_path: Path) -> None:
    """Typed without a pause, and the cross pressed at once: no half second to save."""
    with an_island(tmp_path) as island, a_display() as display:
        with a_form_is_open(tmp_path / "desk", display) as (keyboard, pid):
            subprocess.run(
                ["xdotool", "type", "--delay", "0", ADDRESS],
                env=keyboard.environment, check=True,
            )  # fmt: skip
            keyboard.press_the_cross()
            wait_until(lambda: not keyboard.windows())
            # The program itself ends, too, and nobody had to kill it.
            wait_until(lambda: _state(pid) in {"", "Z"})
        assert typed_name(island.desk) == ADDRESS


def test_a_window_whose_program_was_killed_goes_with_it(tmp_path: Path) -> None:
    """What a resident told must not stay on a screen that nobody stands behind."""
    home = tmp_path / "desk"
    with (
        an_island(tmp_path),
        a_display() as display,
        a_form_is_open(home, display) as (keyboard, pid),
    ):
        keyboard.type(ADDRESS)
        settle(keyboard)
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not keyboard.windows())


def _state(pid: int) -> str:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[0]
