"""The district's command line: numbers and words, exit codes, JSON, the doctor."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from sync.district.boot.cli import app
from tests.support.rigs import PASSPHRASE

ENV = {"ISLAND_DISTRICT_PASSPHRASE": PASSPHRASE}


def _run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["--home", str(home), *words], env=ENV)


def _made(home: Path) -> Path:
    done = _run(home, "init", "--url", "https://localhost:1", "--name", "示例区")
    assert done.exit_code == 0, done.output
    return home


def test_a_district_that_is_not_made_says_so(tmp_path: Path) -> None:
    done = _run(tmp_path, "devices")
    assert done.exit_code == 3
    assert "[350]" in done.output


def test_making_a_district_twice_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    home = _made(tmp_path)
    before = (home / "reconcile" / "opening.key").read_text()

    again = _run(home, "init", "--url", "https://localhost:1", "--name", "示例区")

    assert again.exit_code == 1
    assert "[351]" in again.output
    assert (home / "reconcile" / "opening.key").read_text() == before


def test_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    home = _made(tmp_path)
    keys = [*home.rglob("*.key")]
    assert len(keys) >= 4
    assert {key.stat().st_mode & 0o777 for key in keys} == {0o600}


def test_every_reading_command_speaks_json(tmp_path: Path) -> None:
    home = _made(tmp_path)
    for command in (
        ["devices"], ["cases"], ["verify"], ["doctor"], ["open"], ["staff", "list"]
    ):  # fmt: skip
        done = _run(home, *command, "--json")
        assert done.exit_code == 0, (command, done.output)
        json.loads(done.output)


def test_the_doctor_finds_a_key_that_is_not_the_charters(tmp_path: Path) -> None:
    """A key restored from the wrong backup would quietly open nothing."""
    home, other = _made(tmp_path / "one"), _made(tmp_path / "other")
    key = Path("reconcile") / "opening.key"
    (home / key).write_text((other / key).read_text())

    done = _run(home, "doctor", "--json")

    assert done.exit_code == 1
    found = {each["what"]: each["ok"] for each in json.loads(done.output)}
    assert found["opening_key"] is False
    assert found["answers_key"] is True


def test_an_answer_to_an_unknown_case_is_a_numbered_problem(tmp_path: Path) -> None:
    done = _run(
        _made(tmp_path), "answer", "350305107-01-20261123-0001-7", "--by", "审核",
        "--received",
    )  # fmt: skip
    assert done.exit_code == 1
    assert "[152]" in done.output
