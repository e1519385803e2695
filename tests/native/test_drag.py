"""Files dragged from a real file manager into the real window, by mouse."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from desk_app.services import attaching
from tests.support.screen import (
    Keyboard,
    a_desk_in_its_window,
    find_the_item,
    finished_draft,
    open_the_draft,
    press_and_see,
    settle,
    wait_until,
)

# A colour that neither the desk nor a file manager has: so their icons are found.
MARKED = (255, 0, 255)
NAMES = ("船舶 照片.png", "船员.png")
# The screen's lower right corner, and a place of the desk's window beside it.
CORNER = (760, 440, 520, 460)
BESIDE = (300, 500)


@contextmanager
def a_file_manager(keyboard: Keyboard, folder: Path, home: Path) -> Iterator[None]:
    """Show a folder in the screen's corner; its pictures are their own icons."""
    home.mkdir()
    manager = subprocess.Popen(
        ["pcmanfm", "--no-desktop", str(folder)],
        env={**keyboard.environment, "HOME": str(home)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_until(lambda: keyboard.place_window(folder.name, CORNER))
        wait_until(lambda: marked(keyboard))
        settle(keyboard)
        yield
    finally:
        manager.terminate()
        manager.wait(timeout=10)


def marked(keyboard: Keyboard) -> Sequence[tuple[int, int]]:
    """Return where the marked colour is seen, row by row."""
    seen = keyboard.look()
    pixels = seen.load()
    assert pixels is not None
    every = ((x, y) for y in range(seen.height) for x in range(seen.width))
    return [(x, y) for x, y in every if pixels[x, y] == MARKED]


def test_pictures_are_dragged_from_a_file_manager(tmp_path: Path) -> None:
    folder = tmp_path / "camera"
    folder.mkdir()
    for name in NAMES:
        Image.new("RGB", (120, 120), MARKED).save(folder / name)
    with a_desk_in_its_window(tmp_path) as (desk, keyboard):
        subject = finished_draft(desk)
        find_the_item(keyboard)
        open_the_draft(keyboard)
        press_and_see(keyboard, "F6")
        with a_file_manager(keyboard, folder, tmp_path / "home"):
            last = marked(keyboard)[-1]
            keyboard.point_at(last)
            press_and_see(keyboard, "ctrl+a")
            keyboard.drag(last, BESIDE)
            settle(keyboard)
            keyboard.picture("drag-over")
            keyboard.let_go()
            wait_until(lambda: len(attaching.pages_of(desk.place, subject)) == 2)
        settle(keyboard)
        keyboard.picture("drag-taken")
        names = {page.name for page in attaching.pages_of(desk.place, subject)}
        assert names == set(NAMES)
        assert {path.name for path in folder.iterdir()} == set(NAMES)
