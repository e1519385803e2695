"""Backups, restores and drills by command: both sides, one journey."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from desk_app.boot.cli import app
from sync.district.boot.cli import app as district_app
from tests.support.rigs import PASSPHRASE, an_island, take_case

ENV = {"ISLAND_DESK_LOGIN": "lin", "ISLAND_DESK_PASSPHRASE": PASSPHRASE}


def _desk(home: Path, *words: str, **env: str) -> Result:
    return CliRunner().invoke(app, ["--home", str(home), *words], env={**ENV, **env})


def _district(home: Path, *words: str) -> Result:
    return CliRunner().invoke(district_app, ["--home", str(home), *words])


def test_backup_restore_and_drill_by_command(tmp_path: Path) -> None:
    """A backup, its drill, a restore by the district's release on another machine."""
    with an_island(tmp_path) as island:
        number = take_case(island.desk, "HY12-01", seed=1)
        home, district = tmp_path / "desk", tmp_path / "district"
        made = _desk(home, "backup", "now", "--json")
        assert made.exit_code == 0, made.output
        (backup,) = json.loads(made.output)
        listed = json.loads(_desk(home, "backup", "list", "--json").output)
        assert [each["present"] for each in listed] == [True]

        drill = _desk(home, "restore-drill", "--json")
        assert drill.exit_code == 0, drill.output
        assert json.loads(drill.output)["good"] is True
        status = json.loads(_desk(home, "backup", "status", "--json").output)
        assert status["last_drill_at"] is not None
        assert status["frozen"] is None

        other, ask, answer = tmp_path / "other", tmp_path / "ask", tmp_path / "answer"
        wrong = _desk(
            other, "restore", "--from", backup["file"],
            ISLAND_DESK_RECOVERY_KEY="-".join(["0000"] * 8),
        )  # fmt: skip
        assert (wrong.exit_code, "[107]" in wrong.output) == (1, True)
        asked = _desk(other, "restore", "--from", backup["file"], "--ask", str(ask))
        assert asked.exit_code == 0, asked.output
        mark = asked.output.strip()[-39:]
        given = _district(
            district, "release-backup", str(ask), "--out", str(answer),
            "--fingerprint", mark,
        )  # fmt: skip
        assert given.exit_code == 0, given.output
        done = _desk(
            other, "restore", "--from", backup["file"], "--answer", str(answer)
        )
        assert done.exit_code == 0, done.output
        assert number in _desk(other, "cases", "--json").output
        frozen = json.loads(_desk(other, "backup", "status", "--json").output)
        assert frozen["frozen"] == "restored"
        resumed = _desk(other, "numbers", "resume", number)
        assert resumed.exit_code == 0, resumed.output
        again = _desk(other, "restore", "--from", backup["file"], "--answer", "x")
        assert again.exit_code == 1
