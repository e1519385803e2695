"""The district's command line: numbers and words, exit codes, JSON, the doctor."""

import json
from pathlib import Path

import pytest
from cryptography import x509
from typer.testing import CliRunner, Result

from schemas.problems import Code
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


FILES = (
    "intake/charter.json", "intake/receipt.key", "intake/server.key",
    "intake/server.pem", "intake/sealed.db", "reconcile/opening.key",
    "reconcile/answers.key", "reconcile/ca.key", "reconcile/record.db",
)  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_lost_is_found_missing_and_never_made_anew(
    tmp_path: Path, name: str
) -> None:
    """An empty ledger in the place of a lost one would forget what was receipted."""
    home = _made(tmp_path)
    (home / name).unlink()

    done = _run(home, "doctor", "--json")

    assert done.exit_code == 1, done.output
    amiss = [each for each in json.loads(done.output) if not each["ok"]]
    assert amiss
    assert all(each["mend"] for each in amiss)
    again = _run(home, "init", "--url", "https://localhost:1", "--name", "示例区")
    assert again.exit_code == 1
    assert not (home / name).exists()


@pytest.mark.parametrize("name", ["sealed.db", "record.db", "charter.json"])
def test_a_file_that_is_something_else_is_a_numbered_problem(
    tmp_path: Path, name: str
) -> None:
    home = _made(tmp_path)
    next(home.glob(f"*/{name}")).write_bytes(b"something else entirely " * 400)

    assert _run(home, "doctor", "--json").exit_code == 1
    done = _run(home, "cases")
    assert done.exit_code == 1
    assert f"[{int(Code.DISTRICT_FILE_DAMAGED)}]" in done.output


def test_wrong_usage_is_exit_2(tmp_path: Path) -> None:
    words = ("staff", "add", "zhao", "--name", "赵", "--role", "king")
    assert _run(_made(tmp_path), *words).exit_code == 2


def test_a_weak_first_passphrase_makes_no_district(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["--home", str(tmp_path), "init", "--url", "https://x", "--name", "区"],
        env={"ISLAND_DISTRICT_PASSPHRASE": "short"},
    )  # fmt: skip
    assert "[102]" in done.output
    _made(tmp_path)


def test_intakes_certificate_is_renewed_under_the_same_authority(
    tmp_path: Path,
) -> None:
    home = _made(tmp_path)
    before = (home / "intake" / "server.pem").read_text()
    assert _run(home, "certificate", "renew").exit_code == 0
    after = (home / "intake" / "server.pem").read_text()
    assert after != before
    assert _run(home, "doctor").exit_code == 0
    charter = json.loads((home / "intake" / "charter.json").read_text())
    authority = x509.load_pem_x509_certificate(charter["ca_pem"].encode())
    x509.load_pem_x509_certificate(after.encode()).verify_directly_issued_by(authority)
