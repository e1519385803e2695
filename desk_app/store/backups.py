"""Backup files: written aside, synced, renamed; read back piece by piece.

Rule 1: never half a backup under its own name, and never over another file.
Rule 2: nothing readable is written, aside or elsewhere: snapshots are the vault's own
        encrypted pages.
Rule 3: only files of this desk that were verified are ever taken away.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from desk_app.config.durable import sync_folder
from desk_app.store.vault import Row, Transaction, Vault
from schemas.backup import BackupHeader
from schemas.problems import Code, Problem
from schemas.progress import Progress, nobody_watches, tell
from sync.seal.recovery import LARGEST_BEGIN, ReadBackup, read_backup

SUFFIX: Final = ".idv"
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class BackupRecord:
    """A backup as the vault remembers it."""

    digest: str
    made_at: str
    file: str
    size: int
    epoch: int
    sequence: int
    removed_at: str | None = None


@dataclass(frozen=True, slots=True)
class DrillRecord:
    """How one drill went."""

    at: str
    digest: str
    took_ms: int
    good: bool
    by_recovery_key: bool
    entries_lost: int
    drafts_lost: int
    problem: int | None


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Problem(
            Code.BACKUP_NOT_WRITTEN, file=str(error.filename or "")
        ) from error


def take_snapshot(
    vault: Vault, aside: Path, *, progress: Progress = nobody_watches
) -> tuple[int, str]:
    """Copy the vault to a new file; returns its size and digest."""
    with _disk():
        aside.parent.mkdir(parents=True, exist_ok=True)
        aside.unlink(missing_ok=True)
        # The file is there, private, before a byte is in it.
        os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    vault.snapshot(aside, progress=progress)
    return aside.stat().st_size, digest_of(aside, at=0, progress=progress)


def digest_of(file: Path, *, at: int, progress: Progress = nobody_watches) -> str:
    """Return the digest of a file from a place on."""
    digest = hashlib.sha256()
    with file.open("rb") as source:
        source.seek(at)
        while piece := source.read(_PIECE):
            tell(progress, source.tell() // _PIECE)
            digest.update(piece)
    return digest.hexdigest()


def join(
    begin: bytes, snapshot: Path, target: Path, *, progress: Progress = nobody_watches
) -> int:
    """Write a backup file whole; returns its size.

    `progress` is told how many megabytes; stopped, nothing of it is left.
    """
    aside = target.with_name(target.name + ".part")
    try:
        return _joined(begin, snapshot, target, aside, progress)
    finally:
        # Renamed by now, or not wanted.
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)


def _joined(
    begin: bytes, snapshot: Path, target: Path, aside: Path, progress: Progress
) -> int:
    with _disk():
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out, snapshot.open("rb") as source:
            out.write(begin)
            while piece := source.read(_PIECE):
                tell(progress, source.tell() // _PIECE)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
            size = out.tell()
        aside.replace(target)
        sync_folder(target.parent)
    return size


def read(file: Path, *, progress: Progress = nobody_watches) -> ReadBackup:
    """Verify a whole backup file; `Problem(BACKUP_UNREADABLE)` names what is off."""
    try:
        with file.open("rb") as source:
            backup = read_backup(source.read(LARGEST_BEGIN))
        whole = backup.snapshot_at + backup.header.snapshot_size
        if file.stat().st_size != whole:
            raise Problem(Code.BACKUP_UNREADABLE, part="size")
        digest = digest_of(file, at=backup.snapshot_at, progress=progress)
    except OSError as error:
        raise Problem(Code.FILE_NOT_READABLE, file=str(file)) from error
    if digest != backup.header.snapshot_digest:
        raise Problem(Code.BACKUP_UNREADABLE, part="snapshot")
    return backup


def unpack(
    file: Path, backup: ReadBackup, target: Path, *, progress: Progress = nobody_watches
) -> None:
    """Write a verified backup's snapshot to a new private file, durably."""
    with _disk():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out, file.open("rb") as source:
            source.seek(backup.snapshot_at)
            while piece := source.read(_PIECE):
                tell(progress, source.tell() // _PIECE)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())


def in_folder(folder: Path, device: str) -> tuple[tuple[Path, BackupHeader], ...]:
    """Return this desk's backups in a folder, the newest first; others are left out.

    Only the beginnings are read; `read` verifies one whole.
    """
    found = []
    for file in folder.glob(f"*{SUFFIX}"):
        try:
            with file.open("rb") as source:
                header = read_backup(source.read(LARGEST_BEGIN)).header
        except (OSError, Problem):
            continue
        if header.device == device:
            found.append((file, header))
    return tuple(sorted(found, key=lambda each: each[1].made_at, reverse=True))


def remember(tx: Transaction, record: BackupRecord) -> None:
    """Note a backup that was made."""
    tx.run(
        "INSERT INTO backups (digest, made_at, file, size, epoch, sequence)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        record.digest, record.made_at, record.file, record.size, record.epoch,
        record.sequence,
    )  # fmt: skip


def removed(tx: Transaction, file: str, *, at: str) -> None:
    """Note that retention took a file away."""
    tx.run(
        "UPDATE backups SET removed_at = ? WHERE file = ? AND removed_at IS NULL",
        at,
        file,
    )


def remembered(tx: Transaction, *, limit: int) -> tuple[BackupRecord, ...]:
    """Return the backups that were made, the newest first."""
    rows = tx.rows(
        "SELECT digest, made_at, file, size, epoch, sequence, removed_at FROM backups"
        " ORDER BY made_at DESC LIMIT ?",
        limit,
    )
    return tuple(_backup(row) for row in rows)


def _backup(row: Row) -> BackupRecord:
    digest, made_at, file, size, epoch, sequence, gone = row
    return BackupRecord(
        str(digest), str(made_at), str(file), int(str(size)), int(str(epoch)),
        int(str(sequence)), str(gone) if gone else None,
    )  # fmt: skip


def drilled(tx: Transaction, record: DrillRecord) -> None:
    """Keep how a drill went; of two at one moment (a clock set back) the later."""
    tx.run(
        "INSERT OR REPLACE INTO drills (at, digest, took_ms, good, by_recovery_key,"
        " entries_lost, drafts_lost, problem) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        record.at, record.digest, record.took_ms, int(record.good),
        int(record.by_recovery_key), record.entries_lost, record.drafts_lost,
        record.problem,
    )  # fmt: skip


def last_drill(tx: Transaction, *, good: bool) -> DrillRecord | None:
    """Return the last drill, or the last good one."""
    row = tx.row(
        "SELECT at, digest, took_ms, good, by_recovery_key, entries_lost, drafts_lost,"
        " problem FROM drills WHERE good >= ? ORDER BY at DESC LIMIT 1",
        int(good),
    )
    if row is None:
        return None
    at, digest, took, well, by_key, entries, drafts, problem = row
    return DrillRecord(
        str(at), str(digest), int(str(took)), bool(well), bool(by_key),
        int(str(entries)), int(str(drafts)),
        None if problem is None else int(str(problem)),
    )  # fmt: skip
