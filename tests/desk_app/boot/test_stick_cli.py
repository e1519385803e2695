"""Sticks and sheets by command: what went, what came, and what was not for us."""

from pathlib import Path

import pytest

from tests.support.rigs import Island, take_case
from tests.support.sticks import everything_under
from tests.support.terminal import Terminal


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_all_that_waits_goes_onto_a_stick_and_waits_on(
    terminal: Terminal, island: Island, stick: Path
) -> None:
    take_case(island.desk, "HY12-01", seed=51)
    done = terminal.json("sync", "export", str(stick))
    assert done["batches"] >= 1
    assert done["bytes"] > 0
    written = everything_under(stick)
    assert sum(name.endswith(".batch") for name in written) >= 1
    assert not [name for name in written if name.endswith(".part")]
    assert terminal.json("sync", "status")["waiting"] >= 1, "no receipt is back yet"
    assert str(done["batches"]) in terminal.type("sync", "export", str(stick))


def test_a_stick_that_never_was_at_a_desk_brings_nothing_back(
    terminal: Terminal, stick: Path
) -> None:
    assert terminal.refused("sync", "import", str(stick)) == 1069


def test_a_stick_that_comes_back_unread_releases_nothing(
    terminal: Terminal, stick: Path
) -> None:
    terminal.type("sync", "export", str(stick))
    waiting = terminal.json("sync", "status")["waiting"]
    assert terminal.refused("sync", "import", str(stick)) == 231
    assert terminal.json("sync", "status")["waiting"] == waiting


def test_a_folder_that_is_not_there_is_told_both_ways(
    terminal: Terminal, tmp_path: Path
) -> None:
    for way in ("export", "import"):
        assert terminal.refused("sync", way, str(tmp_path / "gone")) == 1065


@pytest.mark.parametrize(
    ("codes", "number"),
    [
        (("https://example.org",), 1071),
        (("IDS1|350305",), 1071),
        (("IDP1/00000000/1/2/AAAA",), None),
    ],
)
def test_codes_that_are_no_receipts_release_nothing(
    terminal: Terminal, codes: tuple[str, ...], number: int | None
) -> None:
    waiting = terminal.json("sync", "status")["waiting"]
    said = terminal.refused("sync", "paper", *codes)
    assert said in ({number} if number else {1071, 1072, 1073, 1074, 1075})
    piped = terminal.refused("sync", "paper", given="\n".join(codes) + "\n\n")
    assert piped == said, "a scanner types into standard input"
    assert terminal.json("sync", "status")["waiting"] == waiting


def test_no_code_at_all_is_no_sheet(terminal: Terminal) -> None:
    assert terminal.refused("sync", "paper") in {1071, 1072}
