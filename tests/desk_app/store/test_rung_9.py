"""Rung 9 is climbed with a batch in place, and refusals are counted per batch."""

from pathlib import Path

import sqlcipher3

from desk_app.store import outbox
from desk_app.store.migrations import m0001_first
from desk_app.store.vault import Vault, _split

KEY = bytes(range(32))


def test_p10_a_batch_of_rung_1_starts_with_no_refusal(tmp_path: Path) -> None:
    path = tmp_path / "vault.db"
    old = sqlcipher3.connect(str(path), isolation_level=None)
    old.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    for statement in _split(m0001_first.statements()):
        old.execute(statement)
    old.execute(
        "INSERT INTO outbox (batch_digest, epoch, first, last, header, raw, state)"
        " VALUES ('d', 1, 1, 2, '{}', x'00', 'waiting')"
    )
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

    with vault.write() as tx:
        assert outbox.refused_again(tx, "d") == 1
        assert outbox.refused_again(tx, "d") == 2
    vault.close()
