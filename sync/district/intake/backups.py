"""Keep desks' backups, unread: parts in a folder a backup, the last two a device.

What is kept is sealed to the desk's own recovery key; nobody at the district opens it.
Only a whole backup replaces an older one.
"""

import os
import shutil
from pathlib import Path
from typing import Final

from sync.seal.backup_parts import ReadPart

_KEPT: Final = 2
# Backups of which parts are missing: one that goes on over days, and one that was begun
# anew. Whoever begins more fills no disk with them.
_UNFINISHED: Final = 2


def keep_part(folder: Path, part: ReadPart) -> None:
    """Write a part down, once and whole; the oldest backups make room."""
    header = part.header
    mine = folder / header.device
    there = mine / header.backup
    there.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = there / f"{header.index:04d}-of-{header.count:04d}"
    if not target.exists():
        aside = target.with_suffix(".new")
        with aside.open("wb") as file:
            file.write(part.content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    if len(parts_of(there)) == header.count:
        _make_room(mine, there)
    else:
        _end_unfinished(mine, there)


def parts_of(backup: Path) -> tuple[Path, ...]:
    """Return the parts of a backup that are there, in order."""
    # Not what a crash left beside them: a part has its name once it is whole.
    return tuple(sorted(backup.glob("[0-9]*-of-*[0-9]")))


def is_whole(backup: Path) -> bool:
    """Say whether every part is there."""
    parts = parts_of(backup)
    return bool(parts) and len(parts) == int(parts[0].name[-4:])


def whole_backups(folder: Path) -> tuple[Path, ...]:
    """Return the whole backups of all devices, the newest first."""
    found = [each for each in folder.glob("*/*") if is_whole(each)]
    return tuple(sorted(found, key=lambda each: each.stat().st_mtime, reverse=True))


def join_parts(backup: Path, out: Path) -> None:
    """Write a whole backup as the file that a desk restores from."""
    with out.open("wb") as file:
        for part in parts_of(backup):
            file.write(part.read_bytes())


def _end_unfinished(mine: Path, newest: Path) -> None:
    """Drop what was begun and never ended, but for the last; whole ones stay."""
    others = [each for each in mine.iterdir() if each != newest and not is_whole(each)]
    others.sort(key=lambda each: each.stat().st_mtime, reverse=True)
    for old in others[_UNFINISHED - 1 :]:
        shutil.rmtree(old)


def _make_room(mine: Path, newest: Path) -> None:
    others = [each for each in mine.iterdir() if each != newest]
    others.sort(key=lambda each: each.stat().st_mtime, reverse=True)
    for old in others[_KEPT - 1 :]:
        shutil.rmtree(old)
