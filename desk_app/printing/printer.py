"""To paper: the system's printing, or a file that the clerk asked for.

On Linux the PDF goes to CUPS by standard input, so no readable copy is left behind.
On Windows the shell prints a file, whose copy is overwritten and deleted a while later.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from schemas.problems import Code, Problem

_TIMEOUT_S = 60
# What a slow PC needs to start its reader; then as long again while it is held open.
_READ_WITHIN_S: Final = 45.0
_TRIES: Final = 5
Later: TypeAlias = Callable[[float, Callable[[], None]], None]


def save_pdf(folder: Path, name: str, pdf: bytes) -> Path:
    """Write a PDF where the clerk can take it; returns its path."""
    path = folder / f"{name}.pdf"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pdf)
    except OSError as error:
        raise Problem(Code.FILE_NOT_WRITABLE, file=str(path)) from error
    return path


def can_print() -> bool:
    """Say whether the system has something to print by; not whether paper is in it."""
    return sys.platform == "win32" or shutil.which("lp") is not None


def print_pdf(pdf: bytes, *, name: str) -> None:
    """Print; `Problem(NO_PRINTER)` or `Problem(PRINT_FAILED)`."""
    if sys.platform == "win32":
        _print_windows(pdf)
        return
    command = shutil.which("lp")
    if command is None:
        raise Problem(Code.NO_PRINTER)
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command, the file by stdin
            [command, "-t", name],
            input=pdf,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Problem(Code.PRINT_FAILED) from error
    if done.returncode:
        no_printer = b"destination" in done.stderr or b"scheduler" in done.stderr
        raise Problem(Code.NO_PRINTER if no_printer else Code.PRINT_FAILED)


def _in(seconds: float, verb: Callable[[], None]) -> None:
    # No daemon: a command that prints ends only when its copy is gone.
    threading.Timer(seconds, verb).start()


def _print_windows(pdf: bytes, *, later: Later = _in) -> None:
    descriptor, name = tempfile.mkstemp(suffix=".pdf")
    path = Path(name)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pdf)
    try:
        os.startfile(name, "print")  # type: ignore[attr-defined,unused-ignore]  # noqa: S606
    except OSError as error:
        _wipe(path, len(pdf), later=later, tries=0)
        raise Problem(Code.NO_PRINTER) from error
    # The shell answers before the reader has read the file.
    later(_READ_WITHIN_S, lambda: _wipe(path, len(pdf), later=later, tries=_TRIES))


def _wipe(path: Path, size: int, *, later: Later, tries: int) -> None:
    """Overwrite and delete the copy; a reader that holds it is given more time."""
    try:
        path.write_bytes(b"\0" * size)
        path.unlink()
    except OSError:
        if tries:
            again = partial(_wipe, path, size, later=later, tries=tries - 1)
            later(_READ_WITHIN_S, again)
