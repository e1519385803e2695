"""A window that is told to end takes its client with it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.rigs import a_desk
from tests.support.screen import ROOT, Keyboard, a_display, settle, wait_until


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_signal_ends_the_window_and_its_client(
    tmp_path: Path, number: signal.Signals
) -> None:
    a_desk(tmp_path / "desk").lock()
    with a_display() as display:
        keyboard = Keyboard(display)
        window = subprocess.Popen(
            [sys.executable, "-m", "desk_app.boot.cli", "--home",
             str(tmp_path / "desk"), "window"],
            cwd=ROOT,
            env={**keyboard.environment, "LIBGL_ALWAYS_SOFTWARE": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_until(keyboard.windows)
        settle(keyboard)

        window.send_signal(number)

        window.wait(timeout=20)
        wait_until(lambda: not keyboard.windows(), seconds=10)
