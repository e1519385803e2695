"""The real window under Xvfb, pressed by keyboard alone; pictures to look at."""

import contextlib
import dataclasses
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desk_app.services.desk import Desk
from schemas.case import MaterialTaken
from tests.support.rigs import PASSPHRASE, an_island
from tools.sample_cases import sample_applicant, sample_form, sample_materials

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build" / "screenshots"


@pytest.fixture
def display() -> Iterator[str]:
    """Start a virtual display on a number that the server finds free itself."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24"],
        pass_fds=[write],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as numbers:
        name = f":{numbers.readline().strip()}"
    yield name
    server.terminate()
    server.wait(timeout=10)


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

    def type(self, text: str) -> None:
        self._run("xdotool", "type", "--delay", "30", text)

    def windows(self) -> str:
        return self._run("xdotool", "search", "--onlyvisible", "--name", ".")

    def picture(self, name: str) -> Path:
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.png"
        self._run("import", "-window", "root", str(path))
        return path


def wait_until(true: Callable[[], object], *, seconds: float = 40) -> None:
    """Look again until it is so; the window has its own pace."""
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "the window did not get there"
        time.sleep(0.1)


def _still(keyboard: Keyboard) -> bool:
    """Say whether the picture has stopped changing."""
    first = keyboard.picture("_now").read_bytes()
    time.sleep(0.4)
    return keyboard.picture("_now").read_bytes() == first


def _finished_draft(desk: Desk) -> str:
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


def test_a_clerk_logs_in_and_accepts_a_case_by_keyboard_alone(
    tmp_path: Path, display: str
) -> None:
    """Log in, find an item, open a draft, F8: the case is in the vault."""
    with an_island(tmp_path) as island:
        desk, keyboard = island.desk, Keyboard(display)
        _finished_draft(desk)
        window = subprocess.Popen(
            [sys.executable, "-m", "desk_app.boot.cli", "--home",
             str(tmp_path / "desk"), "window"],
            cwd=ROOT,
            env={**keyboard.environment, "LIBGL_ALWAYS_SOFTWARE": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            wait_until(keyboard.windows)
            time.sleep(2)
            wait_until(lambda: _still(keyboard))
            keyboard.picture("desk-login")
            keyboard.type("lin")
            keyboard.press("Return")
            time.sleep(0.5)
            keyboard.type(PASSPHRASE)
            keyboard.press("Return")
            time.sleep(1)
            wait_until(lambda: _still(keyboard))
            keyboard.picture("desk-board")
            keyboard.press("F2")
            time.sleep(1)
            keyboard.type("HY1201")
            time.sleep(1)
            keyboard.picture("desk-new-find")
            # One hit, then the draft: two steps on.
            keyboard.press("Tab", "Tab", "Return")
            time.sleep(2)
            wait_until(lambda: _still(keyboard))
            keyboard.picture("desk-new-form")
            keyboard.press("F8")
            wait_until(lambda: desk.cases().total == 1)
            time.sleep(1)
            keyboard.picture("desk-accepted")
            assert desk.drafts() == ()
            keyboard.press("F9")
            wait_until(lambda: desk.sync_status().waiting == 0)
            keyboard.press("F3")
            time.sleep(1)
            wait_until(lambda: _still(keyboard))
            keyboard.picture("desk-cases")
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(window.pid, signal.SIGKILL)
            window.wait(timeout=10)
            (PICTURES / "_now.png").unlink(missing_ok=True)
