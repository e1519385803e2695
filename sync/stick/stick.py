"""One stick: several desks' folders, each file whole or not there.

Rule 1: a file appears by write, sync, rename, sync: pulling the stick out at any moment
        leaves the old state or the new one, and at worst a `.part` that nobody reads.
Rule 2: nothing is overwritten and nothing foreign is touched; what is superseded is
        removed only after what follows it is there.
"""

import errno
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schemas.problems import Code, Problem
from sync.stick.files import FilePort, SystemFiles, stick_problems
from sync.stick.layout import (
    LARGEST,
    PART,
    ROOT,
    Kind,
    Name,
    Side,
    is_device,
    name_of,
    read_name,
)

# A folder, a link or a device under the name of a file of ours.
_NO_FILE: Final = frozenset({errno.EISDIR, errno.ELOOP, errno.ENXIO})


@dataclass(frozen=True, slots=True)
class Trouble:
    """A file that was not used, and why; the others are not held up by it."""

    file: str
    code: Code


@dataclass(frozen=True, slots=True)
class DeskTaken:
    """What one desk's folder brought a district, and what was put back for it."""

    device: str
    receipts: int
    messages: int
    greeted: bool
    troubles: tuple[Trouble, ...]


class Stick:
    """The folder that people call the stick."""

    def __init__(self, folder: Path, files: FilePort | None = None) -> None:
        self._folder = folder
        self._files = files or SystemFiles()
        if not folder.is_dir():
            raise Problem(Code.STICK_NOT_FOUND, folder=str(folder))

    def devices(self) -> tuple[str, ...]:
        """Return the desks with a folder; `Problem(STICK_FOREIGN)` if none of ours."""
        with stick_problems(self._folder):
            if ROOT not in self._files.names(self._folder):
                raise Problem(Code.STICK_FOREIGN, folder=str(self._folder))
            return tuple(filter(is_device, self._files.names(self._folder / ROOT)))

    def listed(
        self, device: str, side: Side
    ) -> tuple[tuple[Name, ...], tuple[Trouble, ...]]:
        """Return what lies in one half of a desk's folder, and what is not ours."""
        names: list[Name] = []
        troubles: list[Trouble] = []
        with stick_problems(self._folder):
            for text in self._files.names(self._place(device, side)):
                if text.endswith(PART):
                    continue
                name = read_name(text)
                if name is None:
                    troubles.append(Trouble(text[:80], Code.STICK_FILE_UNKNOWN))
                else:
                    names.append(name)
        return tuple(names), tuple(troubles)

    def read(self, device: str, side: Side, name: Name) -> bytes:
        """Return a file's content, checked against its name.

        `Problem(STICK_FILE_DAMAGED)`, `Problem(STICK_FILE_TOO_LARGE)`.
        """
        with stick_problems(self._folder):
            return self._read(device, side, name)

    def _read(self, device: str, side: Side, name: Name) -> bytes:
        limit = LARGEST[name.kind]
        path = self._place(device, side) / str(name)
        try:
            content = self._files.read(path, limit)
        except OSError as error:
            if error.errno in _NO_FILE:
                raise Problem(Code.STICK_FILE_UNKNOWN, file=str(name)) from error
            raise
        if len(content) > limit:
            raise Problem(Code.STICK_FILE_TOO_LARGE, file=str(name))
        if name_of(content, name.kind) != name:
            raise Problem(Code.STICK_FILE_DAMAGED, file=str(name))
        return content

    def put(self, device: str, side: Side, kind: Kind, content: bytes) -> Name:
        """Have this content on the stick; what is there whole is left as it is."""
        name = name_of(content, kind)
        with stick_problems(self._folder):
            place = self._place(device, side)
            if str(name) in self._files.names(place) and self._whole(
                device, side, name
            ):
                return name
            self._files.make_folder(place)
            part, path = place / f"{name}{PART}", place / str(name)
            self._files.write(part, content)
            self._files.sync(part)
            self._files.rename(part, path)
            self._files.sync_folder(place)
        return name

    def _whole(self, device: str, side: Side, name: Name) -> bool:
        try:
            self._read(device, side, name)
        except Problem:
            return False
        return True

    def drop(self, device: str, side: Side, names: tuple[Name, ...]) -> None:
        """Remove what is done with, and parts that a pulled-out stick left."""
        with stick_problems(self._folder):
            place = self._place(device, side)
            left = [n for n in self._files.names(place) if n.endswith(PART)]
            for text in (*map(str, names), *left):
                self._files.remove(place / text)

    def _place(self, device: str, side: Side) -> Path:
        return self._folder / ROOT / device / side
