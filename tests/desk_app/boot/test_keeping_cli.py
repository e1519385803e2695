"""Backups, restores, drills and keys by command: both sides, one journey."""

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


def test_keys_by_command_on_both_sides(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        home, district = tmp_path / "desk", tmp_path / "district"
        file = tmp_path / "succession.json"
        rotated = _district(district, "keys", "rotate", "--out", str(file))
        assert rotated.exit_code == 0, rotated.output
        listed = json.loads(_district(district, "keys", "list", "--json").output)
        assert sorted(each["in_force"] for each in listed["keys"]) == [
            False, False, False, True, True, True,
        ]  # fmt: skip
        assert len(listed["lagging"]) == 1
        former = next(k["key"] for k in listed["keys"] if not k["in_force"])
        early = _district(district, "keys", "retire", former)
        assert (early.exit_code, "[364]" in early.output) == (1, True)
        assert _district(district, "keys", "retire", former, "--force").exit_code == 0

        followed = _desk(home, "keys", "follow", str(file))
        assert followed.exit_code == 0, followed.output
        renewed = _desk(home, "keys", "rotate")
        assert renewed.exit_code == 0, renewed.output
        twice = _desk(home, "keys", "rotate")
        assert (twice.exit_code, "[1061]" in twice.output) == (1, True)
        shown = json.loads(_desk(home, "keys", "list", "--json").output)
        states = {each["state"] for each in shown}
        assert {"in_force", "next", "former"} <= states

        device = island.district.sealed.devices()[0].device
        gone = _district(
            district, "revoke", device, "--reason", "示例：遗失", "--from-sequence", "3"
        )
        assert gone.exit_code == 0, gone.output
        cut = island.district.sealed.keys.cut_off(device)
        assert cut is not None
        assert (cut.epoch, cut.sequence) == (1, 2)
        assert _district(district, "restored").exit_code == 0
        noticed = json.loads(_district(district, "rollbacks", "--json").output)
        assert noticed == {"noticed": [], "epochs": []}
