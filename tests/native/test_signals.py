"""A window that is told to end takes its client with it."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from schemas.problems import Code
from tests.support.rigs import a_desk
from tests.support.screen import (
    PATIENCE_S,
    ROOT,
    Keyboard,
    a_display,
    settle,
    wait_until,
    window_of,
)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_one_signal_ends_the_window_and_its_client(
    tmp_path: Path, number: signal.Signals
) -> None:
    a_desk(tmp_path / "desk").lock()
    with a_display() as display:
        keyboard = Keyboard(display)
        window = subprocess.Popen(
            window_of(tmp_path / "desk"),
            cwd=ROOT,
            env={**keyboard.environment, "LIBGL_ALWAYS_SOFTWARE": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        wait_until(lambda: keyboard.windows() or window.poll() is not None)
        assert window.poll() is None, window.communicate()[1]
        settle(keyboard)

        window.send_signal(number)

        _, said = window.communicate(timeout=PATIENCE_S)
        assert "Traceback" not in said
        wait_until(lambda: not keyboard.windows())


def test_a_display_that_is_not_there_is_a_numbered_problem(tmp_path: Path) -> None:
    """The toolkit's client just ends; somebody at the keyboard must be told why."""
    a_desk(tmp_path / "desk").lock()
    done = subprocess.run(
        window_of(tmp_path / "desk"),
        cwd=ROOT, env={**os.environ, "DISPLAY": ":9999"}, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"[{int(Code.WINDOW_NOT_STARTED)}]" in done.stderr
    assert "Traceback" not in done.stderr
