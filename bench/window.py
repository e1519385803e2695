"""What a clerk waits for in front of the real window, over a million cases.

The program runs under a virtual display (Xvfb, software rendering); keys come from the
server's test extension, and the display is photographed without pause. A time runs from
just before the key is sent to the first photograph that looks as the screen then stays:
sending the key and the photographs' own pace are part of it, and said at the end.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image, ImageChops, ImageGrab

from bench.keys import Keys, keys_of
from bench.measure import Bar, Comparison, Timing
from bench.million import COUNT, a_million, home_in
from tests.support.rigs import PASSPHRASE
from tests.support.screen import (
    ROOT,
    Keyboard,
    a_display,
    a_window,
    settle,
    window_of,
)

# The rows' names under the search box and the filters; nothing blinks there. A larger
# picture takes longer, and the processor from the window that is measured.
_ROWS = (300, 280, 560, 780)
_WINDOW = (0, 0, 1200, 780)
_BAR = (11, 92, 122)
_INK = 120
_PACE_S = 0.004
_STILL_S = 0.4
_PATIENCE_S = 8.0
_LOGINS = 3
_TURNS = 12
# Each last letter brings other rows than were there.
_TYPED = ("l", "c", "h", "z", "w", "x", "m", "zj", "lh", "wm", "cx", "lhs", "zjh")


def _seen(display: str, box: tuple[int, int, int, int]) -> Image.Image:
    return ImageGrab.grab(bbox=box, xdisplay=display)


def _until_it_stays(
    display: str,
    box: tuple[int, int, int, int],
    act: Callable[[], object],
    *,
    is_it: Callable[[Image.Image], bool] = lambda _: True,
) -> float:
    """Return the milliseconds from `act` to the picture that stays and is it."""
    before = _seen(display, box)
    shots: list[tuple[float, Image.Image]] = []
    started = time.perf_counter()
    act()
    while True:
        now = time.perf_counter()
        shot = _seen(display, box)
        # The window is drawn by the same processors: leave them something.
        time.sleep(_PACE_S)
        if not shots or ImageChops.difference(shots[-1][1], shot).getbbox():
            shots.append((now - started, shot))
        changed = len(shots) > 1 or _differ(before, shots[0][1])
        stays = now - started - shots[-1][0] > _STILL_S
        if changed and stays and is_it(shots[-1][1]):
            return shots[-1][0] * 1000
        if now - started > _PATIENCE_S:
            message = "the window did not change"
            raise TimeoutError(message)


def _is_board(shot: Image.Image) -> bool:
    """Say whether the bar on top is there, and rows under the figures."""
    bar = shot.convert("RGB").getpixel((600, 8))
    rows = shot.crop((0, 300, 600, 700)).convert("L").getextrema()
    return bar == _BAR and rows[0] < _INK


def _differ(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one, other).getbbox() is not None


def _fresh(keyboard: Keyboard, text: str) -> None:
    """Empty the search box and type all but the last letter."""
    keyboard.press("ctrl+a", "BackSpace")
    keyboard.type(text[:-1])
    time.sleep(0.5)
    settle(keyboard)


def run(folder: Path) -> Iterator[Comparison | str]:
    """Measure logging in, typing and turning pages."""
    a_million(folder).lock()
    command = window_of(home_in(folder))
    yield f"the window over {COUNT:,} cases, in a virtual display, drawn by software"
    with a_display() as display, keys_of(display) as keys:
        keyboard = Keyboard(display)
        logins: list[float] = []
        typed: list[float] = []
        read: list[float] = []
        turned: list[float] = []
        for number in range(_LOGINS):
            with a_window(keyboard, command, cwd=ROOT):
                keyboard.type("lin")
                keyboard.press("Return")
                time.sleep(0.5)
                keyboard.type(PASSPHRASE)
                settle(keyboard)
                logins.append(
                    _until_it_stays(
                        display, _WINDOW, lambda: keys.press("Return"),
                        is_it=_is_board,
                    )
                )  # fmt: skip
                if number:
                    continue
                _key(keys, display, "F3", _WINDOW)
                time.sleep(1)
                for text in _TYPED:
                    _fresh(keyboard, text)
                    typed += _if_changed(keys, display, text[-1])
                keyboard.press("ctrl+a", "BackSpace")
                settle(keyboard)
                for _ in range(_TURNS):
                    # A page has more lines than are seen: its rest, then the next.
                    read.append(_key(keys, display, "Next", _ROWS))
                    turned.append(_key(keys, display, "Next", _ROWS))
                    settle(keyboard)
        yield Comparison(
            Timing("passphrase's Enter to the board on screen, cold", tuple(logins)),
            bars=(Bar(2500, "median ms"),),
        )
        yield Comparison(
            Timing("key press to rows on screen", tuple(typed)),
            bars=(Bar(100, "median ms"),),
        )
        yield Comparison(
            Timing("Page Down to the rest of a page on screen", tuple(read)),
            bars=(Bar(100, "median ms"),),
        )
        yield Comparison(
            Timing("Page Down to the next page on screen", tuple(turned)),
            bars=(Bar(100, "median ms"),),
        )
        yield _overhead(keys, display)


def _if_changed(keys: Keys, display: str, key: str) -> list[float]:
    """Leave out a letter that brings the same rows as stood there."""
    try:
        return [_key(keys, display, key, _ROWS)]
    except TimeoutError:
        return []


def _key(keys: Keys, display: str, key: str, box: tuple[int, int, int, int]) -> float:
    return _until_it_stays(display, box, lambda: keys.press(key))


def _overhead(keys: Keys, display: str) -> str:
    """Say what the measuring itself takes: sending a key, taking a photograph."""
    sent, shots = [], []
    for _ in range(20):
        started = time.perf_counter()
        keys.press("Shift_L")
        sent.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        _seen(display, _ROWS)
        shots.append((time.perf_counter() - started) * 1000)
    return (
        f"of these times, sending a key is {statistics.median(sent):.0f} ms and a "
        f"photograph {statistics.median(shots):.0f} ms"
    )
