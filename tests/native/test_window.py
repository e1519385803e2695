"""The real window under Xvfb, pressed by keyboard alone; pictures to look at."""

from pathlib import Path

from tests.support.rigs import an_island
from tests.support.screen import (
    ROOT,
    Keyboard,
    a_display,
    a_window,
    accept_the_draft,
    finished_draft,
    log_in,
    press_and_see,
    wait_until,
    window_of,
)


def test_a_clerk_logs_in_and_accepts_a_case_by_keyboard_alone(tmp_path: Path) -> None:
    """Log in, find an item, open a draft, F8: the case is in the vault."""
    command = window_of(tmp_path / "desk")
    with an_island(tmp_path) as island, a_display() as display:
        desk, keyboard = island.desk, Keyboard(display)
        finished_draft(desk)
        with a_window(keyboard, command, cwd=ROOT):
            keyboard.picture("desk-login")
            log_in(keyboard)
            keyboard.picture("desk-board")
            accept_the_draft(keyboard, desk, "desk")
            assert desk.drafts() == ()
            keyboard.press("F9")
            wait_until(lambda: desk.sync_status().waiting == 0)
            press_and_see(keyboard, "F3")
            keyboard.picture("desk-cases")
