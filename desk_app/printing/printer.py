"""To paper: the system's printing, or a file that the clerk asked for.

On Linux the PDF goes to CUPS by standard input, so no readable copy is left behind.
On Windows the shell prints a file: it is overwritten and deleted afterwards.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from schemas.problems import Code, Problem

_TIMEOUT_S = 60


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
    done = subprocess.run(  # noqa: S603 - a fixed command, the file by stdin
        [command, "-t", name],
        input=pdf,
        capture_output=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        no_printer = b"destination" in done.stderr or b"scheduler" in done.stderr
        raise Problem(Code.NO_PRINTER if no_printer else Code.PRINT_FAILED)


def _print_windows(pdf: bytes) -> None:
    descriptor, name = tempfile.mkstemp(suffix=".pdf")
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pdf)
        os.startfile(name, "print")  # type: ignore[attr-defined,unused-ignore]  # noqa: S606
    except OSError as error:
        raise Problem(Code.NO_PRINTER) from error
    finally:
        path.write_bytes(b"\0" * len(pdf))
        path.unlink(missing_ok=True)
