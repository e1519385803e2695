"""Desks' backups at the district: in parts, unread, the last two of a device."""

import os
from pathlib import Path

from schemas.backup import PartHeader
from sync.district.intake.backups import (
    is_whole,
    join_parts,
    keep_part,
    parts_of,
    whole_backups,
)
from sync.seal import suite1
from sync.seal.backup_parts import ReadPart

DESK = "d" * 32


def _part(
    content: bytes, index: int, count: int, *, backup: str = "1" * 64
) -> ReadPart:
    header = PartHeader(
        suite=1, device=DESK, signing_key="e" * 32, backup=backup, index=index,
        count=count, digest=suite1.digest(content),
    )  # fmt: skip
    return ReadPart(header, b"", b"", content)


def _whole(folder: Path, backup: str, *, age_s: int) -> Path:
    keep_part(folder, _part(b"all", 0, 1, backup=backup))
    made = folder / DESK / backup
    stamp = made.stat().st_mtime - age_s
    os.utime(made, (stamp, stamp))
    return made


def test_parts_in_any_order_are_the_backup_file(tmp_path: Path) -> None:
    backup = tmp_path / DESK / ("1" * 64)
    for index in (2, 0, 1):
        assert not is_whole(backup)
        keep_part(tmp_path, _part(b"abc"[index : index + 1], index, 3))
    assert is_whole(backup)
    join_parts(backup, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"abc"


def test_p04_a_part_is_kept_once(tmp_path: Path) -> None:
    keep_part(tmp_path, _part(b"first", 0, 2))
    keep_part(tmp_path, _part(b"again", 0, 2))
    (kept,) = parts_of(tmp_path / DESK / ("1" * 64))
    assert kept.read_bytes() == b"first"


def test_a_part_that_a_crash_left_half_written_is_none(tmp_path: Path) -> None:
    backup = tmp_path / DESK / ("1" * 64)
    backup.mkdir(parents=True)
    (backup / "0000-of-0001.new").write_bytes(b"half")
    assert not is_whole(backup)
    keep_part(tmp_path, _part(b"whole", 0, 1))
    assert [each.read_bytes() for each in parts_of(backup)] == [b"whole"]


def test_the_last_two_backups_stay_once_a_new_one_is_whole(tmp_path: Path) -> None:
    old = _whole(tmp_path, "1" * 64, age_s=200)
    last = _whole(tmp_path, "2" * 64, age_s=100)
    keep_part(tmp_path, _part(b"a", 0, 2, backup="3" * 64))
    assert old.exists(), "half a backup replaces nothing"
    keep_part(tmp_path, _part(b"b", 1, 2, backup="3" * 64))
    assert not old.exists()
    assert whole_backups(tmp_path) == (tmp_path / DESK / ("3" * 64), last)


def test_backups_that_are_begun_and_never_ended_fill_no_disk(tmp_path: Path) -> None:
    whole = _whole(tmp_path, "0" * 64, age_s=9000)
    for count in range(1, 9):
        keep_part(tmp_path, _part(b"a", 0, 2, backup=f"{count:064x}"))
        begun = tmp_path / DESK / f"{count:064x}"
        stamp = begun.stat().st_mtime - 1000 + count
        os.utime(begun, (stamp, stamp))
    assert whole.exists()
    left = {each.name for each in (tmp_path / DESK).iterdir()} - {whole.name}
    assert left == {f"{7:064x}", f"{8:064x}"}
    # The one that was begun before the last may still be ended.
    keep_part(tmp_path, _part(b"b", 1, 2, backup=f"{7:064x}"))
    assert is_whole(tmp_path / DESK / f"{7:064x}")
