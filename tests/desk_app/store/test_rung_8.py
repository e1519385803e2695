"""Rung 8 is climbed with rows in place."""

from pathlib import Path

import sqlcipher3

from desk_app.store import publications
from desk_app.store.migrations import m0001_first
from desk_app.store.vault import Vault, _split

KEY = bytes(range(32))


def test_p10_a_vault_of_rung_1_climbs_with_its_feed(tmp_path: Path) -> None:
    """What the older program kept unread is found, once."""
    path = tmp_path / "vault.db"
    old = sqlcipher3.connect(str(path), isolation_level=None)
    old.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    for statement in _split(m0001_first.statements()):
        old.execute(statement)
    kind = "notice_published"
    old.execute("INSERT INTO feed VALUES (1, ?, NULL, '{}', '{}', 'a')", (kind,))
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
        assert publications.unread_kinds(tx, (kind,)) == ((1, "{}"),)
        notice = publications.NoticeRecord(1, "x", "2026", "y", None, ())
        publications.add_notice(tx, notice)
        assert publications.unread_kinds(tx, (kind,)) == ()
        assert publications.see(tx, 1, "a", at="2026")
        assert not publications.see(tx, 1, "a", at="2026")
        (found,) = publications.notices(tx, day="2026-01-01", limit=9)
    assert found.seen_by == ("a",)
    vault.close()
