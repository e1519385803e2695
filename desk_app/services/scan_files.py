"""Files that become scans: chosen, dragged, or saved by a document camera.

Rule 1: one that cannot be taken keeps none of the others out.
Rule 2: a camera's file is taken in by a clerk, and removed once the vault has it; any
        other file stays where it is.
"""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from desk_app.services import attaching
from desk_app.services.hands import Workplace
from desk_app.services.scan_sizes import too_large
from schemas.problems import Code, Problem
from schemas.progress import Progress, nobody_watches

# A film or a disk image that was dragged in by mistake would fill the memory.
_READ_MOST: Final = 256 * 2**20
_THE_FILES_OWN: Final = frozenset(
    {Code.FILE_NOT_READABLE, Code.ATTACHMENT_NOT_READABLE, Code.ATTACHMENT_TOO_LARGE}
)
WATCHED: Final = frozenset({".jpg", ".jpeg", ".png", ".pdf", ".bmp", ".tif", ".tiff"})


def attach_files(
    place: Workplace,
    subject: str,
    material: str,
    paths: Sequence[Path],
    *,
    progress: Progress,
) -> int:
    """Put several files at a material; returns how many before it was stopped.

    One that cannot be taken keeps none of the others out. A single file's problem is
    raised as it is, those of several as `Problem(FILES_LEFT_OUT)` with their names.
    """
    done = 0
    left_out: dict[Path, Problem] = {}
    for path in paths:
        if not progress(done):
            break
        try:
            raw = _content(path)
            attaching.attach(place, subject, material, name=path.name, raw=raw)
            done += 1
        except Problem as problem:
            # A disk that is full is none of the file's.
            if problem.code not in _THE_FILES_OWN:
                raise
            left_out[path] = problem
    if left_out and len(paths) == 1:
        raise left_out[paths[0]]
    if left_out:
        raise Problem(
            Code.FILES_LEFT_OUT, count=len(left_out), done=done,
            files="、".join(path.name for path in left_out),
        )  # fmt: skip
    return done


def _content(path: Path) -> bytes:
    try:
        # A pipe or a device has no end, and a folder no content.
        if not path.is_file():
            raise Problem(Code.FILE_NOT_READABLE, file=str(path))
        size = path.stat().st_size
        if size > _READ_MOST:
            raise too_large(size, _READ_MOST)
        return path.read_bytes()
    except OSError as error:
        raise Problem(Code.FILE_NOT_READABLE, file=str(path)) from error


def take_in(
    place: Workplace, subject: str, material: str, path: Path, *,
    progress: Progress = nobody_watches,
) -> None:  # fmt: skip
    """Put a document camera's file at a material; the readable copy is removed.

    It is removed only after the vault has it; one that cannot be removed stays.
    """
    if not attach_files(place, subject, material, [path], progress=progress):
        return
    with contextlib.suppress(OSError):
        path.unlink()


def new_scans(folder: Path) -> tuple[Path, ...]:
    """Return files in the watched folder, the newest first.

    Document cameras save there; the file is taken in by a clerk, never by itself.
    """
    found: list[tuple[float, Path]] = []
    # A camera may take a file away, or its folder, while this looks.
    with contextlib.suppress(OSError):
        found += [
            (path.stat().st_mtime, path)
            for path in folder.iterdir()
            if path.suffix.lower() in WATCHED
        ]
    return tuple(path for _, path in sorted(found, reverse=True))
