"""The vault: nothing readable outside it, durable, guarded against our own code."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlcipher3

from desk_app.store import settings
from desk_app.store.vault import Vault
from schemas.problems import Code, Problem

KEY = bytes(range(32))


def test_p02_what_is_kept_is_not_readable_in_any_file(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault.db", KEY)
    with vault.write() as tx:
        settings.put(tx, "secret_name", "林海生11010519491231002X")
    for file in tmp_path.iterdir():
        raw = file.read_bytes()
        assert "林海生".encode() not in raw
        assert b"11010519491231002X" not in raw
        assert b"secret_name" not in raw
    vault.close()


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    Vault(tmp_path / "vault.db", KEY).close()
    with pytest.raises(Problem) as refused:
        Vault(tmp_path / "vault.db", bytes(32))
    assert refused.value.code is Code.VAULT_DAMAGED


def test_a_vault_of_a_newer_program_is_not_touched(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault.db", KEY)
    with vault.write() as tx:
        tx.run(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('island-desk', 'm9999', '2030-01-01')"
        )
    vault.close()
    with pytest.raises(Problem) as refused:
        Vault(tmp_path / "vault.db", KEY)
    assert refused.value.code is Code.VAULT_NEWER


@pytest.mark.parametrize("table", ["audit", "journal", "serials", "feed"])
def test_what_was_written_down_cannot_be_rewritten(tmp_path: Path, table: str) -> None:
    vault = Vault(tmp_path / "vault.db", KEY)
    with vault.write() as tx:
        rows = {
            "audit": "INSERT INTO audit VALUES (1, 'a', 'o', 'w', 's', 'c')",
            "journal": "INSERT INTO journal VALUES (1, 1, x'00', 'c', 'a', 'k', NULL)",
            "serials": "INSERT INTO serials VALUES ('01', 'd', 1, 'n', NULL)",
            "feed": "INSERT INTO feed VALUES (1, 'k', NULL, '{}', '{}', 'a')",
        }
        tx.run(rows[table])
    with pytest.raises(sqlcipher3.IntegrityError), vault.write() as tx:
        tx.run(f"DELETE FROM {table}")  # noqa: S608 - the tables above
    vault.close()


def test_the_journal_refuses_a_skipped_sequence(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault.db", KEY)
    with pytest.raises(sqlcipher3.IntegrityError), vault.write() as tx:
        tx.run("INSERT INTO journal VALUES (1, 2, x'00', 'c', 'a', 'k', NULL)")
    vault.close()


WRITER = """
import sys
from pathlib import Path
from desk_app.store import settings
from desk_app.store.vault import Vault
vault = Vault(Path(sys.argv[1]), bytes(range(32)))
n = 0
while True:
    n += 1
    with vault.write() as tx:
        settings.put(tx, f"n{n}", "x" * 200)
    print(n, flush=True)
"""


def test_p01_what_was_said_to_be_saved_survives_a_kill(tmp_path: Path) -> None:
    """Killed at once after saying so, ten times: every row that was told is there."""
    path = tmp_path / "vault.db"
    for rounds in range(10):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        assert child.stdout is not None
        last = 0
        for _ in range(5 + rounds):
            last = int(child.stdout.readline())
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        vault = Vault(path, KEY)
        with vault.read() as tx:
            assert settings.get(tx, f"n{last}") is not None
        assert vault.damage() == []
        vault.close()


def test_a_check_of_every_page_stops_when_it_is_told_to(tmp_path: Path) -> None:
    """Between the cipher's check and the database's, and within the database's."""
    vault = Vault(tmp_path / "vault.db", KEY)
    with vault.write() as tx:
        for n in range(25_000):
            settings.put(tx, f"k{n}", "v" * 50)
    counts: list[int] = []

    def until(count: int) -> bool:
        counts.append(count)
        return len(counts) <= most

    for most in (0, 1):
        counts.clear()
        with pytest.raises(Problem) as stopped:
            vault.damage(progress=until)
        assert stopped.value.code is Code.STOPPED
        assert len(counts) == most + 1
    assert vault.damage() == [], "nobody is asked any more"
    assert len(counts) == 2
    vault.close()


def test_what_is_derived_is_whole_or_not_there_and_the_next_save_is_synced(
    tmp_path: Path,
) -> None:
    vault = Vault(tmp_path / "vault.db", KEY)
    with vault.write_derived() as tx:
        settings.put(tx, "figures", "1")
        assert tx.row("PRAGMA synchronous") == (1,), "it waits for no disk"
    with pytest.raises(sqlcipher3.IntegrityError):
        _half_way(vault)
    with vault.write() as tx:
        assert settings.get(tx, "figures") == "1"
        assert settings.get(tx, "half way") is None
        assert tx.row("PRAGMA synchronous") == (2,), "a save waits for the disk"
    vault.close()


def _half_way(vault: Vault) -> None:
    with vault.write_derived() as tx:
        for _ in range(2):
            tx.run("INSERT INTO settings VALUES ('half way', '2')")
