"""A real window under a virtual display, pressed by keyboard; pictures to look at."""

import contextlib
import ctypes
import dataclasses
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from PIL import Image, ImageChops, ImageGrab

from desk_app.services.desk import Desk
from schemas.case import MaterialTaken
from tests.support.rigs import PASSPHRASE, an_island
from tools.sample_cases import sample_applicant, sample_form, sample_materials

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build" / "screenshots"
# The window opens in the screen's corner at this size; the rest is nobody's.
WINDOW = (0, 0, 1200, 820)
# Pixels of a caret's width; levels of brightness that are more than an empty frame.
CARET = 6
SOMETHING = 40
DARK = 300


@contextmanager
def a_display() -> Iterator[str]:
    """Start a virtual display on a number that the server finds free itself."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-noreset", "-screen", "0", "1280x900x24"],
        pass_fds=[write],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as numbers:
        name = f":{numbers.readline().strip()}"
    try:
        yield name
    finally:
        server.terminate()
        server.wait(timeout=10)


class _ClientMessage(ctypes.Structure):
    """XClientMessageEvent of X11/Xlib.h, padded to the size of XEvent."""

    _fields_: ClassVar = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("pad", ctypes.c_long * 12),
    ]


_CLIENT_MESSAGE = 33


def ask_to_close(display: str, window: int) -> None:
    """Send WM_DELETE_WINDOW (ICCCM 4.2.8.1); xdotool cannot."""
    x = ctypes.CDLL("libX11.so.6")
    x.XOpenDisplay.restype = ctypes.c_void_p
    x.XInternAtom.restype = ctypes.c_ulong
    x.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    x.XSendEvent.argtypes = [
        ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long, ctypes.c_void_p,
    ]  # fmt: skip
    x.XCloseDisplay.argtypes = [ctypes.c_void_p]
    server = x.XOpenDisplay(display.encode())
    message = _ClientMessage(type=_CLIENT_MESSAGE, window=window, format=32)
    message.message_type = x.XInternAtom(server, b"WM_PROTOCOLS", 0)
    message.data[0] = x.XInternAtom(server, b"WM_DELETE_WINDOW", 0)
    x.XSendEvent(server, window, 0, 0, ctypes.byref(message))
    x.XCloseDisplay(server)


class Keyboard:
    """Types into the window, and takes pictures."""

    def __init__(self, display: str) -> None:
        self.environment = {**os.environ, "DISPLAY": display}

    def _run(self, *command: str) -> str:
        return subprocess.run(
            command,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        ).stdout

    def press(self, *keys: str) -> None:
        self._run("xdotool", "key", "--delay", "120", *keys)

    def send(self, key: str) -> None:
        """One key, and no waiting afterwards."""
        self._run("xdotool", "key", "--delay", "0", key)

    def type(self, text: str) -> None:
        self._run("xdotool", "type", "--delay", "30", text)

    def click(self, x: int, y: int) -> None:
        """Press where somebody with a mouse would; for pictures of inner screens."""
        self._run("xdotool", "mousemove", str(x), str(y), "click", "1")

    def point_at(self, where: tuple[int, int]) -> None:
        self._run("xdotool", "mousemove", *map(str, where))

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Take what is at one place, and hold it over another."""
        self._run("xdotool", "mousemove", *map(str, start), "mousedown", "1")
        for step in range(1, 11):
            # A drag begins only after some way, and a window is entered by moving.
            between = (
                a + (b - a) * step // 10 for a, b in zip(start, end, strict=True)
            )
            self._run("xdotool", "mousemove", *map(str, between), "sleep", "0.05")

    def let_go(self) -> None:
        self._run("xdotool", "mouseup", "1")

    def place_window(self, name: str, where: tuple[int, int, int, int]) -> bool:
        """Move and size the window of a name; says whether it is there."""
        found = self._run("xdotool", "search", "--onlyvisible", "--name", name).split()
        x, y, width, height = map(str, where)
        for window in found:
            self._run("xdotool", "windowmove", window, x, y)
            self._run("xdotool", "windowsize", window, width, height)
        return bool(found)

    def press_the_cross(self) -> None:
        """Ask the window to close, as a window manager does for its cross."""
        display = self.environment["DISPLAY"]
        ask_to_close(display, int(self.windows().split()[0]))

    def windows(self) -> str:
        return self._run("xdotool", "search", "--onlyvisible", "--name", ".")

    def look(self) -> Image.Image:
        """Return what the window shows now."""
        display = self.environment["DISPLAY"]
        return ImageGrab.grab(WINDOW, xdisplay=display).convert("RGB")

    def picture(self, name: str) -> Path:
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.png"
        self.look().save(path)
        return path


# A machine that others use may be ten times slower; who gets there waits for none.
PATIENCE_S = 180


def wait_until(true: Callable[[], object], *, seconds: float = PATIENCE_S) -> None:
    """Look again until it is so; the window has its own pace."""
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "the window did not get there"
        time.sleep(0.1)


# Looks that must show the same, and the time between them: a loaded machine answers a
# key late, and a picture that rests for one moment may not be the last one yet.
LOOKS = 3
BETWEEN_S = 0.3


def still(keyboard: Keyboard) -> bool:
    """Say whether the picture shows something and has stopped changing.

    A blinking caret is no change: whatever differs in a box narrower than a letter.
    """
    before = keyboard.look()
    if max(high - low for low, high in before.getextrema()) < SOMETHING:
        return False
    for _ in range(LOOKS):
        time.sleep(BETWEEN_S)
        if differs(before, keyboard.look()):
            return False
    return True


def differs(before: Image.Image, after: Image.Image) -> bool:
    """Say whether more than a caret is another in two pictures."""
    changed = ImageChops.difference(before, after).getbbox()
    return changed is not None and changed[2] - changed[0] > CARET


def window_of(home: Path) -> list[str]:
    """Return the command that opens the window of a desk's folder."""
    program = [sys.executable, "-m", "desk_app.boot.cli"]
    return [*program, "--home", str(home), "window"]


def finished_draft(desk: Desk) -> str:
    edition = desk.edition()
    item = edition.item("HY12-01")
    assert item is not None
    draft = dataclasses.replace(
        desk.new_draft(item.code),
        applicant=sample_applicant(item, seed=0),
        form=sample_form(item, edition, seed=0),
        materials=tuple(map(MaterialTaken.model_validate, sample_materials(item))),
    )
    desk.save_draft(draft)
    return draft.draft_id


@contextmanager
def a_window(
    keyboard: Keyboard, command: Sequence[str], *, cwd: Path, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a program that opens a window; its whole process group ends with it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (PICTURES / "said.txt").open("wb") as said:
        window = subprocess.Popen(
            command,
            cwd=cwd,
            env={**keyboard.environment, "LIBGL_ALWAYS_SOFTWARE": "1", **environment},
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
    try:
        wait_until(keyboard.windows)
        settle(keyboard)
        yield window
    except BaseException:
        # What the window showed when the test gave up, and what the program said.
        keyboard.picture("gave-up")
        (PICTURES / "said.txt").replace(PICTURES / "gave-up.txt")
        raise
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(window.pid, signal.SIGKILL)
        window.wait(timeout=10)


def settle(keyboard: Keyboard) -> None:
    """Wait until the picture shows something and has stopped changing."""
    wait_until(lambda: still(keyboard))


def press_and_see(keyboard: Keyboard, *keys: str) -> None:
    """Press, and wait until the window shows something else and is still."""
    settle(keyboard)
    before = keyboard.look()
    keyboard.press(*keys)
    wait_until(lambda: differs(before, keyboard.look()))
    settle(keyboard)


def log_in(keyboard: Keyboard, login: str = "lin") -> None:
    """Type login and passphrase, Enter after each."""
    keyboard.type(login)
    press_and_see(keyboard, "Return")
    keyboard.type(PASSPHRASE)
    press_and_see(keyboard, "Return")
    # The check of a passphrase takes its time on purpose.
    wait_until(lambda: _shows_navigation(keyboard))
    settle(keyboard)


def _shows_navigation(keyboard: Keyboard) -> bool:
    """The line of screens is dark, and only there for somebody who is logged in."""
    return sum(keyboard.look().getpixel((3, 3))) < DARK  # type: ignore[arg-type]


@contextmanager
def a_desk_in_its_window(folder: Path) -> Iterator[tuple[Desk, Keyboard]]:
    """Show a joined desk in a window of its own; its clerk has logged in."""
    with an_island(folder) as island, a_display() as display:
        keyboard = Keyboard(display)
        with a_window(keyboard, window_of(folder / "desk"), cwd=ROOT):
            log_in(keyboard)
            yield island.desk, keyboard


def find_the_item(keyboard: Keyboard) -> None:
    """Go to new cases and find the item with the short form; Enter begins a draft."""
    press_and_see(keyboard, "F2")
    keyboard.type("HY1201")
    settle(keyboard)


def open_the_draft(keyboard: Keyboard) -> None:
    """Open the one draft of the item that was found: one hit, then the draft."""
    keyboard.press("Tab", "Tab")
    press_and_see(keyboard, "Return")


def accept_the_draft(keyboard: Keyboard, desk: Desk, name: str) -> None:
    """Find the item, open its one draft, F8: the case is in the vault."""
    find_the_item(keyboard)
    keyboard.picture(f"{name}-new-find")
    open_the_draft(keyboard)
    keyboard.picture(f"{name}-new-form")
    keyboard.press("F8")
    wait_until(lambda: desk.cases().total == 1)
    settle(keyboard)
    keyboard.picture(f"{name}-accepted")
