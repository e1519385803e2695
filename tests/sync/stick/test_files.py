"""Files on a stick: each step alone, and each failure a number that says what to do."""

import errno
import os
from pathlib import Path

import pytest

from schemas.problems import Code, Problem
from sync.stick.files import SystemFiles, stick_problems

FILES = SystemFiles()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EROFS, Code.STICK_READ_ONLY),
        (errno.EACCES, Code.STICK_READ_ONLY),
        (errno.EPERM, Code.STICK_READ_ONLY),
        (errno.ENOSPC, Code.STICK_FULL),
        (errno.EDQUOT, Code.STICK_FULL),
        (errno.EFBIG, Code.STICK_FULL),
        (errno.EIO, Code.STICK_PULLED_OUT),
        (errno.ENODEV, Code.STICK_PULLED_OUT),
        (errno.ENOENT, Code.STICK_PULLED_OUT),
    ],
)
def test_what_a_stick_does_to_us_has_a_number(number: int, code: Code) -> None:
    with pytest.raises(Problem) as found, stick_problems(Path("/media/stick")):
        raise OSError(number, os.strerror(number))
    assert found.value.code is code
    assert found.value.params == {"folder": "/media/stick"}


def test_a_mistake_of_ours_is_no_fault_of_the_stick() -> None:
    with pytest.raises(ZeroDivisionError), stick_problems(Path()):
        raise ZeroDivisionError


def test_a_file_is_written_synced_named_read_and_removed(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert FILES.names(folder) == []
    FILES.make_folder(folder)
    FILES.make_folder(folder)
    FILES.write(folder / "x.part", b"content")
    FILES.sync(folder / "x.part")
    FILES.rename(folder / "x.part", folder / "x")
    FILES.sync_folder(folder)
    assert FILES.names(folder) == ["x"]
    assert FILES.read(folder / "x", 100) == b"content"
    FILES.remove(folder / "x")
    FILES.remove(folder / "x")
    assert FILES.names(folder) == []


def test_one_byte_more_than_allowed_is_read_and_no_more(tmp_path: Path) -> None:
    """Enough to see that it is too large, and no memory filled."""
    (tmp_path / "large").write_bytes(b"x" * 1000)
    assert len(FILES.read(tmp_path / "large", 10)) == 11


@pytest.mark.skipif(os.name != "posix", reason="links and pipes are POSIX's")
def test_a_link_or_a_pipe_under_a_files_name_is_not_followed(tmp_path: Path) -> None:
    """A stick from anywhere may point at the desk's own files, or hang a reader."""
    secret = tmp_path / "secret"
    secret.write_text("secret")
    (tmp_path / "link").symlink_to(secret)
    with pytest.raises(OSError, match="symbolic") as refused:
        FILES.read(tmp_path / "link", 100)
    assert refused.value.errno == errno.ELOOP
    os.mkfifo(tmp_path / "pipe")
    assert FILES.read(tmp_path / "pipe", 100) == b"", "it does not wait for a writer"


def test_a_folder_that_cannot_be_synced_is_forgiven_and_a_dying_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAT drivers say EINVAL; the file itself was synced before it got its name."""
    failing = errno.EINVAL

    def fails(_: int) -> None:
        raise OSError(failing, "fsync")

    monkeypatch.setattr("os.fsync", fails)
    FILES.sync_folder(tmp_path)
    if os.name == "posix":
        failing = errno.EIO
        with pytest.raises(OSError, match="fsync"):
            FILES.sync_folder(tmp_path)
