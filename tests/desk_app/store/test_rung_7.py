"""Rung 7 is climbed with rows in place, and its proofs are never changed."""

from pathlib import Path

import pytest
import sqlcipher3

from desk_app.store import backups, incidents
from desk_app.store.vault import Vault
from tests.support.older import KEY, left_on_rung


def test_p10_a_vault_of_rung_1_climbs_with_its_rows(tmp_path: Path) -> None:
    """A vault as version 0.1 left it: its rows stay, the new tables work."""
    path = tmp_path / "vault.db"
    with left_on_rung(path, 1) as old:
        old.execute("INSERT INTO journal VALUES (1, 1, x'00', 'c', 'a', 'k', NULL)")

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
