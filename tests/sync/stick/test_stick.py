"""One stick: files whole or not there, foreign ones untouched, damage named."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.problems import Code, Problem
from sync.stick.files import SystemFiles
from sync.stick.layout import LARGEST, PART, ROOT, Kind, Name, name_of
from sync.stick.stick import Stick
from tests.support.sticks import Protected, Pulled, each_cut, everything_under

DEVICE = "d" * 32


def refused(act: Callable[[], object]) -> Code:
    with pytest.raises(Problem) as found:
        act()
    return found.value.code


def place(folder: Path, side: str = "out") -> Path:
    return folder / ROOT / DEVICE / side


def test_what_is_put_is_listed_and_read_by_the_other_side(tmp_path: Path) -> None:
    stick = Stick(tmp_path)
    name = stick.put(DEVICE, "out", Kind.BATCH, b"sealed")
    assert stick.put(DEVICE, "out", Kind.BATCH, b"sealed") == name, "one file, once"
    other = Stick(tmp_path)
    assert other.devices() == (DEVICE,)
    assert other.listed(DEVICE, "out") == ((name,), ())
    assert other.listed(DEVICE, "in") == ((), ())
    assert other.read(DEVICE, "out", name) == b"sealed"
    other.drop(DEVICE, "out", (name,))
    assert other.listed(DEVICE, "out") == ((), ())


def test_a_folder_that_is_no_stick_is_told_apart(tmp_path: Path) -> None:
    assert refused(lambda: Stick(tmp_path / "gone")) is Code.STICK_NOT_FOUND
    (tmp_path / "holiday.jpg").write_bytes(b"")
    assert refused(Stick(tmp_path).devices) is Code.STICK_FOREIGN
    (tmp_path / ROOT / "not a device").mkdir(parents=True)
    assert Stick(tmp_path).devices() == ()


def test_foreign_files_are_named_and_left_alone(tmp_path: Path) -> None:
    stick = Stick(tmp_path)
    name = stick.put(DEVICE, "out", Kind.BATCH, b"sealed")
    foreign = place(tmp_path) / "autorun.inf"
    foreign.write_bytes(b"foreign")
    (place(tmp_path) / f"{name}{PART}").write_bytes(b"half")
    names, troubles = stick.listed(DEVICE, "out")
    assert names == (name,), "what is being written is not seen"
    assert [(t.file, t.code) for t in troubles] == [
        ("autorun.inf", Code.STICK_FILE_UNKNOWN)
    ]
    stick.drop(DEVICE, "out", (name,))
    assert [path.name for path in place(tmp_path).iterdir()] == ["autorun.inf"]


def test_a_damaged_file_is_seen_by_its_name_and_written_again(tmp_path: Path) -> None:
    stick = Stick(tmp_path)
    name = stick.put(DEVICE, "out", Kind.BATCH, b"sealed")
    (place(tmp_path) / str(name)).write_bytes(b"seaLed")
    assert refused(lambda: stick.read(DEVICE, "out", name)) is Code.STICK_FILE_DAMAGED
    stick.put(DEVICE, "out", Kind.BATCH, b"sealed")
    assert stick.read(DEVICE, "out", name) == b"sealed"


def test_a_file_larger_than_its_kind_may_be_is_not_read_in(tmp_path: Path) -> None:
    limit = LARGEST[Kind.RECEIPT]
    place(tmp_path, "in").mkdir(parents=True)
    large = b"x" * (limit + 1)
    name = name_of(large, Kind.RECEIPT)
    (place(tmp_path, "in") / str(name)).write_bytes(large)
    act = lambda: Stick(tmp_path).read(DEVICE, "in", name)  # noqa: E731 - said twice
    assert refused(act) is Code.STICK_FILE_TOO_LARGE
    exact = Stick(tmp_path).put(DEVICE, "in", Kind.RECEIPT, large[:-1])
    assert len(Stick(tmp_path).read(DEVICE, "in", exact)) == limit


@pytest.mark.skipif(os.name != "posix", reason="links are POSIX's")
def test_a_folder_or_link_under_a_files_name_is_no_file(tmp_path: Path) -> None:
    place(tmp_path).mkdir(parents=True)
    folder, link = Name("a" * 64, Kind.BATCH), Name("b" * 64, Kind.BATCH)
    (place(tmp_path) / str(folder)).mkdir()
    (place(tmp_path) / str(link)).symlink_to("/etc/hostname")
    for name in (folder, link):
        code = refused(lambda name=name: Stick(tmp_path).read(DEVICE, "out", name))
        assert code is Code.STICK_FILE_UNKNOWN


def test_p03_pulled_out_at_any_step_a_file_is_whole_or_not_there(
    tmp_path: Path,
) -> None:
    """Each operation fails once; what a reader finds is the old state or the new."""
    content = b"sealed bytes" * 50

    def put(files: Pulled) -> None:
        Stick(tmp_path, files).put(DEVICE, "out", Kind.BATCH, content)
        everything = everything_under(tmp_path)
        assert [raw for name, raw in everything.items() if PART not in name] == [
            content
        ]

    steps = each_cut(put)
    assert steps >= 5
    names, troubles = Stick(tmp_path).listed(DEVICE, "out")
    assert (len(names), troubles) == (1, ())
    Stick(tmp_path).drop(DEVICE, "out", ())
    assert len(everything_under(tmp_path)) == 1, "the halves of broken tries are gone"


def test_p03_bytes_are_on_the_medium_before_their_name_is(tmp_path: Path) -> None:
    """A name that came first would show a file of nothing after a power cut."""

    class Watched(SystemFiles):
        def __init__(self) -> None:
            self.done: list[str] = []

        def write(self, path: Path, content: bytes) -> None:
            super().write(path, content)
            self.done.append("write")

        def sync(self, path: Path) -> None:
            super().sync(path)
            self.done.append("sync")

        def rename(self, old: Path, new: Path) -> None:
            super().rename(old, new)
            self.done.append("rename")

        def sync_folder(self, folder: Path) -> None:
            super().sync_folder(folder)
            self.done.append("sync folder")

    files = Watched()
    Stick(tmp_path, files).put(DEVICE, "out", Kind.BATCH, b"sealed")
    assert files.done == ["write", "sync", "rename", "sync folder"]


def test_a_half_written_file_never_has_a_files_name(tmp_path: Path) -> None:
    for after in range(8):
        folder = tmp_path / str(after)
        folder.mkdir()
        try:
            Stick(folder, Pulled(after)).put(DEVICE, "out", Kind.BATCH, b"0123456789")
        except Problem as problem:
            assert problem.code is Code.STICK_PULLED_OUT  # noqa: PT017 - or it was put
        for name in Stick(folder, SystemFiles()).listed(DEVICE, "out")[0]:
            assert Stick(folder).read(DEVICE, "out", name) == b"0123456789"


def test_a_protected_stick_says_so(tmp_path: Path) -> None:
    stick = Stick(tmp_path, Protected(30))
    act = lambda: stick.put(DEVICE, "out", Kind.BATCH, b"x")  # noqa: E731 - said once
    assert refused(act) is Code.STICK_READ_ONLY
