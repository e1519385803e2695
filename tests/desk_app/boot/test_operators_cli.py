"""Operators by command line: secrets never by arguments, roles never guessed."""

import json
from pathlib import Path

from click.testing import Result
from typer.testing import CliRunner

from desk_app.boot.cli import app
from tests.support.rigs import PASSPHRASE

ENV = {
    "ISLAND_DESK_LOGIN": "lin",
    "ISLAND_DESK_PASSPHRASE": PASSPHRASE,
    "ISLAND_DESK_NEW_PASSPHRASE": "sea wind boat rope",
}


def _run(home: Path, *arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(
        app, ["--home", str(home), *arguments], env={**ENV, **environment}
    )


def _a_desk(home: Path) -> str:
    done = _run(home, "setup", "--login", "lin", "--name", "林", "--desk-name", "一号")
    assert done.exit_code == 0, done.output
    return done.stdout.rpartition("：")[2].strip()


def test_somebody_comes_forgets_and_leaves(tmp_path: Path) -> None:
    _a_desk(tmp_path)
    assert _run(tmp_path, "operators", "add", "chen", "--name", "陈").exit_code == 0
    reset = _run(
        tmp_path, "operators", "reset", "chen",
        ISLAND_DESK_NEW_PASSPHRASE="net hook line lamp",
    )  # fmt: skip
    assert reset.exit_code == 0, reset.output
    listed = _run(
        tmp_path, "operators", "--json",
        ISLAND_DESK_LOGIN="chen", ISLAND_DESK_PASSPHRASE="net hook line lamp",
    )  # fmt: skip
    assert {row["login"] for row in json.loads(listed.stdout)} == {"lin", "chen"}
    assert _run(tmp_path, "operators", "remove", "chen").exit_code == 0
    gone = _run(tmp_path, "operators", "remove", "chen")
    assert "[165]" in gone.output


def test_a_role_that_there_is_not_is_wrong_usage(tmp_path: Path) -> None:
    _a_desk(tmp_path)
    done = _run(tmp_path, "operators", "add", "li", "--name", "李", "--role", "king")
    assert done.exit_code == 2
    listed = json.loads(_run(tmp_path, "operators", "list", "--json").stdout)
    assert [row["login"] for row in listed] == ["lin"]


def test_the_recovery_key_opens_until_it_is_renewed(tmp_path: Path) -> None:
    first = _a_desk(tmp_path)
    new = {"ISLAND_DESK_NEW_PASSPHRASE": "net hook line lamp"}
    done = _run(
        tmp_path, "operators", "recover", "lin", ISLAND_DESK_RECOVERY_KEY=first, **new
    )
    assert done.exit_code == 0, done.output
    now = {"ISLAND_DESK_PASSPHRASE": "net hook line lamp"}
    renewed = _run(tmp_path, "operators", "recovery-key", **now)
    assert renewed.exit_code == 0, renewed.output
    again = _run(
        tmp_path, "operators", "recover", "lin", ISLAND_DESK_RECOVERY_KEY=first, **new
    )
    assert "[107]" in again.output
