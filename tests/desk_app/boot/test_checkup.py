"""`doctor` looks at what it can, whatever is broken, and says how to mend it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from desk_app.boot.cli import app
from schemas.problems import Code
from tests.support.rigs import PASSPHRASE, a_desk, an_island

ENV = {"ISLAND_DESK_LOGIN": "lin", "ISLAND_DESK_PASSPHRASE": PASSPHRASE}


def _doctor(home: Path, **environment: str) -> tuple[int, dict[str, dict[str, str]]]:
    done = CliRunner().invoke(
        app, ["--home", str(home), "doctor", "--json"], env={**ENV, **environment}
    )
    return done.exit_code, {each["what"]: each for each in json.loads(done.stdout)}


def test_a_desk_that_is_well_says_so_and_asks_its_district(tmp_path: Path) -> None:
    with an_island(tmp_path):
        code, found = _doctor(tmp_path / "desk")
    assert code == 0, found
    assert found["district"]["ok"]
    assert found["enrolment"]["detail"] == "01"


def test_a_district_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with an_island(tmp_path):
        pass
    code, found = _doctor(tmp_path / "desk")
    assert code == 1
    assert found["district"]["detail"] == f"[{int(Code.LINE_DOWN)}]"
    assert found["district"]["mend"]


def test_where_nothing_is_set_up_the_program_is_checked_all_the_same(
    tmp_path: Path,
) -> None:
    code, found = _doctor(tmp_path)
    assert code == 3
    assert found["self_test"]["ok"]
    assert found["client"]["ok"]
    assert not found["set_up"]["ok"]


def _garbage(home: Path) -> None:
    (home / "keyslots.json").write_text("garbage")


def _no_vault(home: Path) -> None:
    (home / "vault.db").unlink()


def _open_folder(home: Path) -> None:
    (home / "vault.db").unlink()
    (home / "vault.db").mkdir()


def _torn_page(home: Path) -> None:
    with (home / "vault.db").open("r+b") as file:
        size = file.seek(0, 2)
        for position in range(8192, size, 4096):
            file.seek(position + 100)
            file.write(b"torn")


@pytest.mark.parametrize(
    ("spoil", "what", "code"),
    [
        (_garbage, "keyslots", Code.KEYSLOTS_DAMAGED),
        (_no_vault, "keyslots", Code.VAULT_MISSING),
        (_open_folder, "unlock", Code.VAULT_NOT_OPENED),
        (_torn_page, "unlock", Code.VAULT_DAMAGED),
    ],
)
def test_what_is_broken_is_named_with_its_remedy(
    tmp_path: Path, spoil: Callable[[Path], None], what: str, code: Code
) -> None:
    a_desk(tmp_path).lock()
    spoil(tmp_path)
    exit_code, found = _doctor(tmp_path)
    assert exit_code == 1
    assert found["fonts"]["ok"]
    assert found[what]["detail"] == f"[{int(code)}]"
    assert found[what]["mend"]


def test_without_a_passphrase_the_rest_is_looked_at(tmp_path: Path) -> None:
    a_desk(tmp_path).lock()
    code, found = _doctor(tmp_path, ISLAND_DESK_PASSPHRASE="")
    assert code == 1
    assert found["keyslots"]["ok"]
    assert "ISLAND_DESK_PASSPHRASE" in found["unlock"]["mend"]
