"""The few operations on files that a stick needs, and what their failures mean.

Each is one step that a pulled-out stick can end: the tests cut after every one of them.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from schemas.problems import Code, Problem

# A write-protected stick is "permission denied" on Windows (its error 19).
_READ_ONLY: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class FilePort(Protocol):
    """Operations on files; each raises `OSError` as the system does."""

    def names(self, folder: Path) -> list[str]:
        """Return what is in a folder; nothing where there is none."""

    def make_folder(self, folder: Path) -> None:
        """Make a folder and those above it."""

    def read(self, path: Path, limit: int) -> bytes:
        """Return at most `limit` + 1 bytes of an ordinary file."""

    def write(self, path: Path, content: bytes) -> None:
        """Write a new file."""

    def sync(self, path: Path) -> None:
        """Have a file's bytes on the medium."""

    def rename(self, old: Path, new: Path) -> None:
        """Give a file its name, all at once."""

    def sync_folder(self, folder: Path) -> None:
        """Have a folder's names on the medium."""

    def remove(self, path: Path) -> None:
        """Remove a file; one that is gone already is no failure."""


class SystemFiles:
    """The operations as the operating system does them."""

    def names(self, folder: Path) -> list[str]:
        """Return what is in a folder; nothing where there is none."""
        try:
            return sorted(each.name for each in folder.iterdir())
        except (FileNotFoundError, NotADirectoryError):
            return []

    def make_folder(self, folder: Path) -> None:
        """Make a folder and those above it."""
        folder.mkdir(parents=True, exist_ok=True)

    def read(self, path: Path, limit: int) -> bytes:
        """Return at most `limit` + 1 bytes of an ordinary file, no link followed."""
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            return file.read(limit + 1)

    def write(self, path: Path, content: bytes) -> None:
        """Write a new file."""
        with path.open("wb") as file:
            file.write(content)

    def sync(self, path: Path) -> None:
        """Have a file's bytes on the medium (Windows wants it open for writing)."""
        with path.open("r+b") as file:
            os.fsync(file.fileno())

    def rename(self, old: Path, new: Path) -> None:
        """Give a file its name, all at once."""
        old.replace(new)

    def sync_folder(self, folder: Path) -> None:
        """Have a folder's names on the medium; Windows has no handle for that."""
        if os.name != "posix":
            return
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            # Some stick file systems cannot sync a folder; the file itself is.
            if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
                raise
        finally:
            os.close(descriptor)

    def remove(self, path: Path) -> None:
        """Remove a file; one that is gone already is no failure."""
        path.unlink(missing_ok=True)


@contextmanager
def stick_problems(folder: Path) -> Iterator[None]:
    """Turn what a stick can do to us into numbered problems."""
    try:
        yield
    except OSError as error:
        code = Code.STICK_PULLED_OUT
        if error.errno in _READ_ONLY:
            code = Code.STICK_READ_ONLY
        elif error.errno in _FULL:
            code = Code.STICK_FULL
        raise Problem(code, folder=str(folder)) from error
