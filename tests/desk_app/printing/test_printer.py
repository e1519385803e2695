"""To paper through the system's own command; nothing readable is left behind."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk_app.printing import printer
from desk_app.printing.printer import print_pdf, save_pdf
from desk_app.printing.recovery import recovery_pdf
from schemas.problems import Code, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="CUPS is not there")


def _lp(folder: Path, script: str) -> None:
    """A printer's command of our own, first on the path."""
    command = folder / "lp"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)


def test_the_page_reaches_the_printer_by_a_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lp(tmp_path, f'cat > "{tmp_path}/printed"; echo "$@" > "{tmp_path}/asked"')
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    pdf = recovery_pdf("ABCD-EFGH", desk_name="示例", made_at="2026-11-23 09:00")

    print_pdf(pdf, name="recovery")

    assert (tmp_path / "printed").read_bytes() == pdf
    assert (tmp_path / "asked").read_text().split() == ["-t", "recovery"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo 'lp: Error - no default destination available.' >&2; exit 1",
         Code.NO_PRINTER),
        ("echo 'paper is out' >&2; exit 1", Code.PRINT_FAILED),
    ],
)  # fmt: skip
def test_a_printer_that_does_not_print_is_a_numbered_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, expected: Code
) -> None:
    _lp(tmp_path, script)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(Problem) as refused:
        print_pdf(b"%PDF", name="x")
    assert refused.value.code is expected


def test_without_the_command_it_says_that_there_is_no_printer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Problem) as refused:
        print_pdf(b"%PDF", name="x")
    assert refused.value.code is Code.NO_PRINTER


def test_a_pdf_is_saved_where_the_clerk_asked(tmp_path: Path) -> None:
    path = save_pdf(tmp_path / "new", "number", b"%PDF")
    assert path.read_bytes() == b"%PDF"
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Problem) as refused:
        save_pdf(tmp_path / "file", "number", b"%PDF")
    assert refused.value.code is Code.FILE_NOT_WRITABLE


def test_on_windows_the_copy_stays_until_the_reader_has_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shell's print verb returns at once: an early wipe would print zeros."""
    waiting: list[Callable[[], None]] = []
    given: list[Path] = []
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(
        "os.startfile", lambda name, _: given.append(Path(name)), raising=False
    )
    printer._print_windows(b"%PDF", later=lambda _, verb: waiting.append(verb))
    assert given[0].read_bytes() == b"%PDF"

    # The reader holds it open: on Windows neither writing nor deleting succeeds.
    read = given[0].rename(tmp_path / "held")
    given[0].mkdir()
    waiting.pop()()
    assert len(waiting) == 1, "it is tried again"
    given[0].rmdir()
    read.rename(given[0])
    waiting.pop()()
    assert (list(tmp_path.iterdir()), waiting) == ([], [])


def test_a_printer_that_hangs_is_a_numbered_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lp(tmp_path, "exec sleep 5")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(printer, "_TIMEOUT_S", 0.2)
    with pytest.raises(Problem) as refused:
        print_pdf(b"%PDF" * 50_000, name="x")
    assert refused.value.code is Code.PRINT_FAILED
