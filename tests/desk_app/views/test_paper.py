"""A document leaves the program: saved where exports go, or sent to the printer."""

import stat
from pathlib import Path

import pytest

from desk_app.services.desk import Desk
from desk_app.views.paper import print_button, print_pdf_of, save_pdf_of
from schemas.problems import Problem
from tests.support.headless import a_headless_window

PDF = b"%PDF-1.4 a page"


@pytest.fixture
def printer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A printer whose queue is a file: the system's command, first in the path."""
    queue, command = tmp_path / "queue", tmp_path / "bin" / "lp"
    command.parent.mkdir()
    command.write_text(f"#!/bin/sh\ncat > {queue}\n")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{command.parent}:/usr/bin:/bin")
    return queue


def arrived(queue: Path) -> bytes:
    return queue.read_bytes()


async def test_what_is_saved_says_where(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        await save_pdf_of(seen.shell, "one", PDF)
        await seen.until_shown("已存到", "one.pdf")
        assert (desk.exports / "one.pdf").read_bytes() == PDF


async def test_what_is_printed_reaches_the_printer_whole(
    desk: Desk, printer: Path
) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        await print_pdf_of(seen.shell, "one", PDF)
        await seen.until_shown("已送往打印机")
    assert arrived(printer) == PDF


async def test_a_page_that_is_kept_nowhere_is_made_when_it_is_printed(
    desk: Desk, printer: Path
) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")

        async def make() -> bytes:
            return PDF

        seen.shell.show([print_button(seen.shell, "打印这一页", "key", make)])
        await seen.press("打印这一页")
        await seen.until_shown("已送往打印机")
    assert arrived(printer) == PDF


async def test_without_a_printer_a_number_says_so(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        with pytest.raises(Problem):
            await print_pdf_of(seen.shell, "one", PDF)
