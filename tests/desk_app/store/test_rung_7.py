"""Rung 7 is climbed with rows in place, and its proofs are never changed."""

from pathlib import Path

import pytest
import sqlcipher3

from desk_app.store import backups, incidents
from desk_app.store.migrations import m0001_first
from desk_app.store.vault import Vault, _split

KEY = bytes(range(32))


def test_p10_a_vault_of_rung_1_climbs_with_its_rows(tmp_path: Path) -> None:
    """A vault as version 0.1 left it: its rows stay, the new tables work."""
    path = tmp_path / "vault.db"
    old = sqlcipher3.connect(str(path), isolation_level=None)
    old.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    for statement in _split(m0001_first.statements()):
        old.execute(statement)
    old.execute("INSERT INTO journal VALUES (1, 1, x'00', 'c', 'a', 'k', NULL)")
    old.execute(
        "CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, migration_set TEXT,"
        " name TEXT, applied_at TEXT)"
    )
    old.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('island-desk', 'm0001', '2026')"
    )
    old.close()

    vault = Vault(path, KEY)

    with vault.read() as tx:
        assert tx.row("SELECT sequence FROM journal") == (1,)
        assert backups.remembered(tx, limit=1) == ()
        assert incidents.listed(tx, unseen_only=True, limit=1) == ()
    vault.close()


@pytest.mark.parametrize(
    "row",
    [
        "INSERT INTO returned VALUES ('d', 1, 1, x'00', 'c', 'a', 'k', NULL, 1, 1)",
        "INSERT INTO settled VALUES (1, 1, 'held')",
        "INSERT INTO lost_receipts VALUES ('d', 1, 1, 1, '{}', 'a')",
    ],
)
def test_what_proves_a_healing_is_never_changed(tmp_path: Path, row: str) -> None:
    vault = Vault(tmp_path / "vault.db", KEY)
    table = row.split()[2]
    with vault.write() as tx:
        tx.run(row)

    with pytest.raises(sqlcipher3.IntegrityError), vault.write() as tx:
        tx.run(f"DELETE FROM {table}")  # noqa: S608 - the tables above

    vault.close()
