"""The clipboard in the real window: a picture becomes a scan, Chinese text a name."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image

from desk_app.services import attaching
from tests.support.rigs import an_island
from tests.support.screen import (
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


@contextmanager
def copied(keyboard: Keyboard, content: bytes, kind: str) -> Iterator[None]:
    """Hold something in the clipboard, as the program does that copied it."""
    holder = subprocess.Popen(
        ["xclip", "-quiet", "-selection", "clipboard", "-t", kind, "-i"],
        env=keyboard.environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert holder.stdin is not None
    holder.stdin.write(content)
    holder.stdin.close()
    try:
        yield
    finally:
        holder.terminate()
        holder.wait(timeout=10)


def a_picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (120, 160), "#336699").save(out, "PNG")
    return out.getvalue()


def test_a_picture_and_a_chinese_name_are_pasted(tmp_path: Path) -> None:
    command = window_of(tmp_path / "desk")
    with an_island(tmp_path) as island, a_display() as display:
        desk, keyboard = island.desk, Keyboard(display)
        with a_window(keyboard, command, cwd=ROOT):
            log_in(keyboard)
            find_the_item(keyboard)
            press_and_see(keyboard, "Return")
            wait_until(lambda: len(desk.drafts()) == 1)
            subject = desk.drafts()[0].draft_id

            press_and_see(keyboard, "F6")
            with copied(keyboard, a_picture(), "image/png"):
                keyboard.press("ctrl+v")
                wait_until(lambda: attaching.pages_of(desk.place, subject))
            (page,) = attaching.pages_of(desk.place, subject)
            shown = attaching.preview(desk.place, page)
            assert Image.open(BytesIO(shown.png)).getpixel((60, 80)) == (51, 102, 153)
            settle(keyboard)
            keyboard.picture("paste-scan")

            press_and_see(keyboard, "Escape")
            keyboard.type("1")
            press_and_see(keyboard, "Return")
            with copied(keyboard, "林海生".encode(), "UTF8_STRING"):
                keyboard.press("ctrl+v")
                wait_until(
                    lambda: desk.draft(subject).applicant.get("name") == "林海生"
                )
            settle(keyboard)
            keyboard.picture("paste-name")
