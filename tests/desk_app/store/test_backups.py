"""Backup files: whole or not at all, private, and what the vault remembers of them."""

import dataclasses
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk_app.store import backups, settings
from desk_app.store.backups import BackupRecord, DrillRecord
from desk_app.store.vault import Transaction, Vault
from schemas.backup import BackupSecret
from schemas.problems import Code, Problem
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.recovery import Snapshot, close_backup

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
KEY = bytes(range(32))
DEVICE, OTHER = "d" * 32, "e" * 32


def _written(
    vault: Vault, folder: Path, name: str, *, device: str = DEVICE, hour: int = 4
) -> Path:
    """Write a backup of the vault the way the desk does."""
    aside, target = folder / f"aside-{name}", folder / f"{name}.idv"
    size, digest = backups.take_snapshot(vault, aside)
    begin, _ = close_backup(
        Snapshot(device, "一号窗口", 1, 0, size, digest),
        BackupSecret(key="AA", keyslots="AA"),
        recovery_public=SealingKey(b"\x01" * 96).public,
        district_public=None,
        signing=SigningKey(b"\x02" * 32),
        now=NOON.replace(hour=hour),
    )
    backups.join(begin, aside, target)
    return target


def test_what_was_joined_is_read_and_unpacked_as_the_vault_it_was(
    vault: Vault, tmp_path: Path
) -> None:
    with vault.write() as tx:
        settings.put(tx, "mark", "林海生")
    file = _written(vault, tmp_path, "one")

    backup = backups.read(file)
    backups.unpack(file, backup, tmp_path / "back" / "vault.db")

    copy = Vault(tmp_path / "back" / "vault.db", KEY)
    with copy.read() as tx:
        assert settings.get(tx, "mark") == "林海生"
    assert copy.damage() == []
    copy.close()
    with vault.write() as tx:
        tx.run("DELETE FROM settings")


def test_p02_snapshots_and_backups_are_their_owners_alone(
    vault: Vault, tmp_path: Path
) -> None:
    file = _written(vault, tmp_path, "one")
    backups.unpack(file, backups.read(file), tmp_path / "vault.db")
    for each in (file, tmp_path / "aside-one", tmp_path / "vault.db"):
        assert each.stat().st_mode & 0o077 == 0, each.name
    assert not list(tmp_path.glob("*.part"))


def test_a_byte_more_less_or_other_makes_it_unreadable(
    vault: Vault, tmp_path: Path
) -> None:
    file = _written(vault, tmp_path, "one")
    whole = file.read_bytes()
    flipped = bytes([whole[-9] ^ 1])
    for raw, part in (
        (whole + b"\0", "size"),
        (whole[:-1], "size"),
        (whole[:-9] + flipped + whole[-8:], "snapshot"),
        (b"no" + whole[2:], "magic"),
    ):
        file.write_bytes(raw)
        with pytest.raises(Problem) as refused:
            backups.read(file)
        assert refused.value.code is Code.BACKUP_UNREADABLE
        assert refused.value.params["part"] == part
    with pytest.raises(Problem) as missing:
        backups.read(tmp_path / "none.idv")
    assert missing.value.code is Code.FILE_NOT_READABLE


@pytest.mark.parametrize("where", [0, 5, 30, 900, 4000, -1, -5000])
def test_any_flipped_byte_is_found(vault: Vault, tmp_path: Path, where: int) -> None:
    file = _written(vault, tmp_path, "one")
    raw = bytearray(file.read_bytes())
    raw[where] ^= 1
    file.write_bytes(raw)
    with pytest.raises(Problem) as refused:
        backups.read(file)
    assert refused.value.code in {Code.BACKUP_UNREADABLE, Code.SUITE_UNKNOWN}


@pytest.mark.parametrize("part", [0.0, 0.01, 0.5, 0.999])
def test_half_a_backup_is_no_backup(vault: Vault, tmp_path: Path, part: float) -> None:
    file = _written(vault, tmp_path, "one")
    raw = file.read_bytes()
    file.write_bytes(raw[: int(len(raw) * part)])
    with pytest.raises(Problem) as refused:
        backups.read(file)
    assert refused.value.code is Code.BACKUP_UNREADABLE


def test_where_nothing_can_be_written_the_file_is_named(
    vault: Vault, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Problem) as refused:
        backups.take_snapshot(vault, tmp_path / "file" / "under")
    assert refused.value.code is Code.BACKUP_NOT_WRITTEN
    with pytest.raises(Problem) as refused:
        backups.join(b"begin", tmp_path / "no snapshot", tmp_path / "one.idv")
    assert refused.value.code is Code.BACKUP_NOT_WRITTEN
    assert not (tmp_path / "one.idv").exists()


def test_a_folder_shows_the_own_backups_newest_first_and_leaves_the_rest(
    vault: Vault, tmp_path: Path
) -> None:
    old = _written(vault, tmp_path, "z-old", hour=1)
    new = _written(vault, tmp_path, "a-new", hour=9)
    _written(vault, tmp_path, "other", device=OTHER)
    (tmp_path / "broken.idv").write_bytes(b"IDV1 and no more")
    (tmp_path / "folder.idv").mkdir()
    (tmp_path / "notes.txt").write_bytes(old.read_bytes())
    os.utime(old)
    found = backups.in_folder(tmp_path, DEVICE)
    assert [file for file, _ in found] == [new, old]
    assert backups.in_folder(tmp_path / "none", DEVICE) == ()


def test_the_vault_remembers_what_was_made_and_taken_away(tx: Transaction) -> None:
    first = BackupRecord("a" * 64, "2026-11-22", "one.idv", 9, 1, 4)
    second = BackupRecord("b" * 64, "2026-11-23", "two.idv", 9, 1, 7)
    for record in (first, second):
        backups.remember(tx, record)
    backups.removed(tx, "one.idv", at="2026-11-24")
    backups.removed(tx, "one.idv", at="2026-11-25")
    gone = dataclasses.replace(first, removed_at="2026-11-24")
    assert backups.remembered(tx, limit=9) == (second, gone)
    assert backups.remembered(tx, limit=1) == (second,)


def test_the_last_drill_and_the_last_good_one_may_differ(tx: Transaction) -> None:
    assert backups.last_drill(tx, good=False) is None
    good = DrillRecord("2026-11-22", "a" * 64, 900, True, True, 3, 1, None)
    bad = DrillRecord("2026-11-23", "b" * 64, 20, False, False, 0, 0, 405)
    for record in (good, bad):
        backups.drilled(tx, record)
    assert backups.last_drill(tx, good=True) == good
    assert backups.last_drill(tx, good=False) == bad
    again = dataclasses.replace(bad, entries_lost=bad.entries_lost + 1)
    backups.drilled(tx, again)
    assert backups.last_drill(tx, good=False) == again
