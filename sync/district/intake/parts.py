"""The parts of uploads, one file each: what has arrived is what the file holds.

Rule 1: bytes are appended as they come and are on the disk before anybody is told.
Rule 2: who asks last writes: an older request, whose line may be dead without anybody
        having noticed, is turned away, so that a desk never waits for a ghost.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from schemas.problems import Code, Problem


class Parts:
    """The folder of parts; names are upload ids (letters, digits, `-`, `_`)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turns: dict[str, int] = {}
        folder.mkdir(parents=True, exist_ok=True)
        if os.name == "posix":
            folder.chmod(0o700)

    def _path(self, upload: str) -> Path:
        return self._folder / f"{upload}.part"

    def size(self, upload: str) -> int:
        """Return how many bytes have arrived."""
        try:
            return self._path(upload).stat().st_size
        except FileNotFoundError:
            return 0

    def take_turn(self, upload: str) -> int:
        """Make every earlier request for this upload stop writing."""
        turn = self._turns.get(upload, 0) + 1
        self._turns[upload] = turn
        return turn

    @contextmanager
    def writing(self, upload: str, turn: int) -> Iterator["Writer"]:
        """Append to a part for one turn; on the disk when the block ends."""
        with self._path(upload).open("ab", buffering=0) as file:
            try:
                yield Writer(file, lambda: self._turns.get(upload) == turn)
            finally:
                os.fsync(file.fileno())

    def read(self, upload: str, limit: int | None = None) -> bytes:
        """Return what has arrived, or its first `limit` bytes."""
        try:
            with self._path(upload).open("rb") as file:
                return file.read() if limit is None else file.read(limit)
        except FileNotFoundError:
            return b""

    def drop(self, upload: str) -> None:
        """Forget a part."""
        self.take_turn(upload)
        self._path(upload).unlink(missing_ok=True)

    def drop_all_but(self, known: frozenset[str]) -> None:
        """Forget the parts that no upload is known for."""
        for path in self._folder.glob("*.part"):
            if path.stem not in known:
                path.unlink(missing_ok=True)


class Writer:
    """One request's pen."""

    def __init__(self, file: BinaryIO, is_current: Callable[[], bool]) -> None:
        self._file = file
        self._is_current = is_current

    def append(self, piece: bytes) -> None:
        """Append some bytes; `Problem(UPLOAD_TAKEN_OVER)` when the turn is over."""
        if not self._is_current():
            raise Problem(Code.UPLOAD_TAKEN_OVER)
        view = memoryview(piece)
        while view:
            view = view[self._file.write(view) :]
