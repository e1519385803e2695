"""A long form in the real window: PgDn rolls it while a field has the keyboard."""

import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from desk_app.services.desk import Desk
from tests.support.rigs import an_island
from tests.support.screen import (
    ROOT,
    Keyboard,
    a_display,
    a_window,
    differs,
    finished_draft,
    log_in,
    press_and_see,
    settle,
    wait_until,
)

NAME = "Lin Haisheng"


def a_named_draft(desk: Desk) -> str:
    draft = desk.draft(finished_draft(desk))
    named = {**draft.applicant, "name": NAME}
    desk.save_draft(dataclasses.replace(draft, applicant=named))
    return draft.draft_id


def named(desk: Desk, draft_id: str, name: str) -> Callable[[], bool]:
    return lambda: desk.draft(draft_id).applicant["name"] == name


def rolled(keyboard: Keyboard, key: str) -> Image.Image:
    """Press, and return what is shown when nothing moves any more."""
    press_and_see(keyboard, key)
    return keyboard.look()


def test_page_down_rolls_on_from_a_field_and_typing_goes_on_in_it(
    tmp_path: Path,
) -> None:
    """The field would roll back, and PgUp take its caret to the front: at any size."""
    home = str(tmp_path / "desk")
    command = [sys.executable, "-m", "desk_app.boot.cli", "--home", home, "window"]
    with an_island(tmp_path) as island, a_display() as display:
        desk, keyboard = island.desk, Keyboard(display)
        draft_id, name = a_named_draft(desk), NAME
        with a_window(keyboard, command, cwd=ROOT):
            log_in(keyboard)
            press_and_see(keyboard, "F2")
            keyboard.type("HY1201")
            settle(keyboard)
            keyboard.press("Tab", "Tab")
            press_and_see(keyboard, "Return")
            # From the kind of applicant to the name, which is selected as a whole.
            press_and_see(keyboard, "Return")
            keyboard.press("End")
            for larger, letter in ((), "a"), (("ctrl+equal",) * 3, "b"):
                for key in larger:
                    press_and_see(keyboard, key)
                keyboard.press("Prior", "Prior")
                settle(keyboard)
                top = keyboard.look()
                first, second = (rolled(keyboard, "Next") for _ in range(2))
                keyboard.picture(f"rolled-{letter}")
                assert differs(top, first)
                assert differs(first, second)
                keyboard.press("Prior", "Prior")
                settle(keyboard)
                assert not differs(top, keyboard.look())
                keyboard.type(letter)
                wait_until(named(desk, draft_id, name := name + letter))
