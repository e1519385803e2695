"""What is higher than the real window: PgDn reads it to its end, by keyboard alone."""

import dataclasses
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image

from desk_app.services import attaching
from desk_app.services.desk import Desk
from tests.support.screen import (
    Keyboard,
    a_desk_in_its_window,
    differs,
    find_the_item,
    finished_draft,
    open_the_draft,
    press_and_see,
    settle,
    wait_until,
)

NAME = "Lin Haisheng"
STAMP = (255, 0, 0)
# Pixels of a stamp that are more than a mark; PgDn that a sheet may take at 150 %.
MANY = 2000
SHEET_AT_MOST = 9


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
    with a_desk_in_its_window(tmp_path) as (desk, keyboard):
        draft_id, name = a_named_draft(desk), NAME
        find_the_item(keyboard)
        open_the_draft(keyboard)
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


def a_tall_scan() -> bytes:
    """A sheet that is red at its foot, as a stamp is."""
    sheet = Image.new("RGB", (700, 1400), "white")
    sheet.paste(STAMP, (0, 1300, 700, 1400))
    out = BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def shows_the_foot(keyboard: Keyboard) -> bool:
    colours = keyboard.look().getcolors(1 << 20) or []
    return max((many for many, c in colours if c == STAMP), default=0) > MANY


def test_the_foot_of_a_tall_scan_comes_into_sight_before_the_next_one(
    tmp_path: Path,
) -> None:
    with a_desk_in_its_window(tmp_path) as (desk, keyboard):
        draft_id = a_named_draft(desk)
        material = desk.draft(draft_id).materials[0].key
        for name in ("first.png", "second.png"):
            attaching.attach(
                desk.place, draft_id, material, name=name, raw=a_tall_scan()
            )
        for key in ("ctrl+equal",) * 3:
            press_and_see(keyboard, key)
        find_the_item(keyboard)
        open_the_draft(keyboard)
        press_and_see(keyboard, "F6")
        # To the first sheet, down to its foot, to the second, and down again.
        feet = []
        for _ in range(2):
            presses = 0
            while not shows_the_foot(keyboard):
                press_and_see(keyboard, "Next")
                presses += 1
                assert presses < SHEET_AT_MOST
            keyboard.picture(f"scan-foot-{len(feet)}")
            feet.append(presses)
            while shows_the_foot(keyboard):
                # Maybe the last of it; after the last sheet's end nothing moves.
                keyboard.press("Next" if len(feet) == 1 else "ctrl+Prior")
                settle(keyboard)
        keyboard.picture("scan-first-again")
        assert min(feet) > 1, "a sheet is more than what is seen at once"
