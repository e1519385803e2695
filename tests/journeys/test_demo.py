"""`make demo` does what the README says, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.screen import ROOT, Keyboard, a_display, wait_until


@contextmanager
def _demo(temporary: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Start the demo in a process group of its own, as a terminal would."""
    kept = {k: v for k, v in os.environ.items() if k != "DISPLAY"}
    demo = subprocess.Popen(
        [sys.executable, "-m", "tools.demo"],
        cwd=ROOT,
        env={**kept, "TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1", **environment},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield demo
    finally:
        if demo.poll() is None:
            os.killpg(demo.pid, signal.SIGKILL)


def _read_until(demo: subprocess.Popen[str], words: str) -> str:
    text = ""
    assert demo.stdout is not None
    for line in demo.stdout:
        text += line
        if words in line:
            return text
    raise AssertionError(text)


def _left_over(temporary: Path) -> list[str]:
    """Command lines that still name the demo's folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = process.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(temporary) in line:
            found.append(line)
    return found


def test_without_a_display_the_journey_runs_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    with _demo(tmp_path, DISPLAY="", WAYLAND_DISPLAY="") as demo:
        said = _read_until(demo, "Ctrl+C ends")
        assert "There is no display" in said
        assert "released by verified receipt" in said
        assert "the window shows: granted, 1 answer" in said

        os.killpg(demo.pid, signal.SIGINT)
        assert demo.wait(timeout=30) == 0

    wait_until(lambda: not _left_over(tmp_path), seconds=10)
    assert list(tmp_path.iterdir()) == []


def test_with_a_display_the_window_opens_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    with a_display() as display:
        keyboard = Keyboard(display)
        with _demo(tmp_path, DISPLAY=display, LIBGL_ALWAYS_SOFTWARE="1") as demo:
            _read_until(demo, "window   login")
            wait_until(keyboard.windows)
            time.sleep(1)

            os.killpg(demo.pid, signal.SIGINT)
            assert demo.wait(timeout=30) == 0

        wait_until(lambda: not _left_over(tmp_path), seconds=10)
        wait_until(lambda: not keyboard.windows(), seconds=10)
