"""The desktop's dialogue for choosing files, driven by keyboard in the real window."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageColor

from desk_app.components import kit
from desk_app.services import attaching
from desk_app.services.desk import Desk
from tests.support.portal import a_bus, a_dialogue, chosen
from tests.support.rigs import an_island
from tests.support.screen import (
    PICTURES,
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

# Names that have to be escaped on the way from the dialogue to the desk.
COLOURS = {"1st +&.png": "#993333", "正面 50%41#.png": "#336699", "背面.png": "#339933"}
# Between the line of screens and the screen's heading: what is said of a problem.
ABOVE = (0, 52, 1200, 136)


def _pictures(folder: Path) -> None:
    folder.mkdir()
    for name, colour in COLOURS.items():
        Image.new("RGB", (120, 160), colour).save(folder / name)


def _says(keyboard: Keyboard, colour: str) -> bool:
    """Say whether something of this colour stands above the screen."""
    above = keyboard.look().crop(ABOVE)
    seen = above.getcolors(above.width * above.height)
    assert seen is not None
    return any(each == ImageColor.getrgb(colour) for _, each in seen)


def _has_problem(keyboard: Keyboard) -> bool:
    return _says(keyboard, kit.WARN_PALE)


def _has_note(keyboard: Keyboard) -> bool:
    return _says(keyboard, kit.GOOD)


def _windows(keyboard: Keyboard) -> int:
    return len(keyboard.windows().split())


def _chooses_all(keyboard: Keyboard) -> bool:
    """Choose all files that are listed by now; say whether these are all."""
    keyboard.press("ctrl+a")
    settle(keyboard)
    return chosen(keyboard) == len(COLOURS)


def _was_no_bug() -> bool:
    """Say whether the program told of no bug: it writes down where one was."""
    return "Traceback" not in (PICTURES / "said.txt").read_text(errors="replace")


@contextmanager
def scans_shown(
    desk: Desk, keyboard: Keyboard, home: Path, *, bus: str
) -> Iterator[str]:
    """Open the window at the scans of a draft; yields the draft's id.

    The keyboard is on the button for choosing files.
    """
    command = window_of(home)
    with a_window(keyboard, command, cwd=ROOT, DBUS_SESSION_BUS_ADDRESS=bus):
        log_in(keyboard)
        find_the_item(keyboard)
        press_and_see(keyboard, "Return")
        wait_until(lambda: len(desk.drafts()) == 1)
        press_and_see(keyboard, "F6")
        # The keyboard is in the field for a path; two buttons on.
        press_and_see(keyboard, "Tab", "Tab")
        yield desk.drafts()[0].draft_id
    assert _was_no_bug()


def test_files_are_chosen_in_the_dialogue_of_the_desktop(tmp_path: Path) -> None:
    """First there is none, and it says so; then there is one: cancelled, then used."""
    folder = tmp_path / "to scan"
    _pictures(folder)
    with (
        an_island(tmp_path) as island,
        a_display() as display,
        a_bus(tmp_path / "bus") as bus,
        ExitStack() as desktop,
    ):
        desk, keyboard = island.desk, Keyboard(display)
        with scans_shown(desk, keyboard, tmp_path / "desk", bus=bus) as subject:
            press_and_see(keyboard, "Return")
            wait_until(lambda: _has_problem(keyboard))
            assert _windows(keyboard) == 1
            keyboard.picture("choosing-none")

            desktop.enter_context(a_dialogue(folder, bus=bus, display=display))
            keyboard.press("Return")
            wait_until(lambda: _windows(keyboard) == 2)
            press_and_see(keyboard, "Escape")
            wait_until(lambda: _windows(keyboard) == 1)
            wait_until(lambda: _has_note(keyboard))
            assert not _has_problem(keyboard)
            assert not attaching.pages_of(desk.place, subject)
            keyboard.picture("choosing-cancelled")

            press_and_see(keyboard, "Return")
            wait_until(lambda: _windows(keyboard) == 2)
            wait_until(lambda: _chooses_all(keyboard))
            keyboard.picture("choosing-dialogue")
            keyboard.press("Return")
            wait_until(
                lambda: len(attaching.pages_of(desk.place, subject)) == len(COLOURS)
            )
            wait_until(lambda: _windows(keyboard) == 1)
            settle(keyboard)
            keyboard.picture("choosing-chosen")

            found = {}
            for page in attaching.pages_of(desk.place, subject):
                picture = Image.open(BytesIO(attaching.preview(desk.place, page).png))
                found[page.name] = picture.convert("RGB").getpixel((60, 80))
            assert found == {
                name: ImageColor.getrgb(colour) for name, colour in COLOURS.items()
            }


def test_without_a_bus_it_is_said_each_time_and_a_path_still_works(
    tmp_path: Path,
) -> None:
    """The toolkit's client answers once, and never again: the window must know."""
    folder = tmp_path / "to scan"
    _pictures(folder)
    nowhere = f"unix:path={tmp_path / 'no-bus'}"
    with an_island(tmp_path) as island, a_display() as display:
        desk, keyboard = island.desk, Keyboard(display)
        with scans_shown(desk, keyboard, tmp_path / "desk", bus=nowhere) as subject:
            press_and_see(keyboard, "Return")
            wait_until(lambda: _has_problem(keyboard))
            # A key that is for something else takes away what was said.
            press_and_see(keyboard, "F7")
            wait_until(lambda: not _has_problem(keyboard))
            press_and_see(keyboard, "Return")
            wait_until(lambda: _has_problem(keyboard))
            keyboard.picture("choosing-no-bus")

            press_and_see(keyboard, "shift+Tab", "shift+Tab")
            keyboard.type(str(folder / "1st +&.png"))
            keyboard.press("Return")
            wait_until(lambda: attaching.pages_of(desk.place, subject))
            (page,) = attaching.pages_of(desk.place, subject)
            assert page.name == "1st +&.png"
