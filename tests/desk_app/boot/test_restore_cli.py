"""A lost desk brought back by command: drill, release, restore, Ctrl+C within it."""

import dataclasses
import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from desk_app.boot import restore_cli
from desk_app.boot.hands import real_hands
from schemas.problems import Code
from sync.district.boot.cli import app as district_app
from tests.support.rigs import Island, an_island, take_case
from tests.support.terminal import Terminal


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Island]:
    """The island whose desk is to be lost."""
    with an_island(tmp_path_factory.mktemp("lost")) as island:
        yield island


@pytest.fixture(scope="module")
def number(lost: Island) -> str:
    return take_case(lost.desk, "HY12-01", seed=1)


@pytest.fixture(scope="module")
def backup(lost: Island, number: str) -> str:
    """A backup that holds that case."""
    del number
    (made,) = Terminal(lost.desk.places.home).json("backup", "now")
    return str(made["file"])


def test_a_drill_is_kept_and_says_that_it_was_good(lost: Island, backup: str) -> None:
    terminal = Terminal(lost.desk.places.home)
    assert terminal.json("restore-drill", "--from", backup)["good"] is True
    status = terminal.json("backup", "status")
    assert status["last_drill_at"] is not None
    assert status["frozen"] is None


def test_the_wrong_paper_restores_nothing(backup: str, tmp_path: Path) -> None:
    other = Terminal(tmp_path / "other")
    said = other.run(
        "restore", "--from", backup, ISLAND_DESK_RECOVERY_KEY="-".join(["0000"] * 8)
    )
    assert said.exit_code == 1
    assert said.stderr.startswith(f"[{int(Code.RECOVERY_KEY_WRONG)}]")
    assert list(other.home.iterdir()) == []


def test_by_the_districts_release_another_machine_is_the_desk(
    lost: Island, backup: str, number: str, tmp_path: Path
) -> None:
    """Without the paper; its numbers are frozen until they follow the register."""
    other, ask, answer = Terminal(tmp_path / "o"), tmp_path / "ask", tmp_path / "answer"
    asked = other.type("restore", "--from", backup, "--ask", str(ask))
    given = CliRunner().invoke(
        district_app,
        ["--home", str(lost.desk.places.home.parent / "district"), "release-backup",
         str(ask), "--out", str(answer), "--fingerprint", asked.strip()[-39:]],
    )  # fmt: skip
    assert given.exit_code == 0, given.output
    other.type("restore", "--from", backup, "--answer", str(answer))
    assert number in other.type("cases", "--json")
    assert other.json("backup", "status")["frozen"] == "restored"
    other.type("numbers", "resume", number)
    again = other.refused("restore", "--from", backup, "--answer", str(answer))
    assert again == Code.RESTORE_WOULD_OVERWRITE


def test_ctrl_c_ends_a_restore_and_the_desk_that_was_there_is_there(
    lost: Island, backup: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = lost.desk.places.home
    before = sorted(home.iterdir())

    def pressed() -> int:
        signal.raise_signal(signal.SIGINT)
        return 0

    # The clock is asked for the time when the work has begun.
    hands = dataclasses.replace(real_hands(), monotonic_ms=pressed)
    monkeypatch.setattr(restore_cli, "real_hands", lambda: hands)
    said = Terminal(home).run(
        "restore", "--from", backup, "--replace", "--json",
        ISLAND_DESK_RECOVERY_KEY="-".join(["0000"] * 8),
    )  # fmt: skip
    assert said.exit_code == 1
    assert json.loads(said.stderr)["problem"] == Code.STOPPED
    assert sorted(home.iterdir()) == before
