"""A small file is the old one or the new one, never half of either."""

import os
from pathlib import Path

import pytest

from desk_app.config.durable import sync_folder, write_durably


def test_p01_a_file_is_replaced_whole_and_nothing_is_left_beside_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "keyslots.json"
    for content in (b"first", b"second, longer", b""):
        write_durably(path, content)
        assert path.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir()] == ["keyslots.json"]


def test_p01_a_disk_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rename comes after the sync: what was not synced replaces nothing."""
    path = tmp_path / "keyslots.json"
    write_durably(path, b"old")

    def fails(_: int) -> None:
        raise OSError(5, "input/output error")

    monkeypatch.setattr("os.fsync", fails)
    with pytest.raises(OSError, match="input/output"):
        write_durably(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["keyslots.json"]


def test_p01_the_file_is_synced_before_it_is_renamed_and_its_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keyslots.json"
    seen: list[bool] = []
    monkeypatch.setattr("os.fsync", lambda _: seen.append(path.exists()))
    write_durably(path, b"new")
    assert seen == ([False, True] if os.name == "posix" else [False])


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_p02_no_other_user_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "keyslots.json"
    write_durably(path, b"secret")
    assert path.stat().st_mode & 0o077 == 0


def test_a_half_written_file_of_a_crash_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "keyslots.json"
    (tmp_path / "keyslots.json.new").write_bytes(b"half of a longer one")
    write_durably(path, b"whole")
    assert path.read_bytes() == b"whole"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_durably(tmp_path / "gone" / "x", b"")
    with pytest.raises(FileNotFoundError):
        sync_folder(tmp_path / "gone")
