"""Rung 10 is climbed with cases in place: all of them are found, none is read again."""

from pathlib import Path

import sqlcipher3

from desk_app.store import cases, search, texts
from desk_app.store.migrations.ladder import RUNGS
from desk_app.store.vault import Vault, _split

KEY = bytes(range(32))


def _of_rung_9(path: Path, *, cases_there: int) -> None:
    old = sqlcipher3.connect(str(path), isolation_level=None)
    old.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    old.execute(
        "CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, migration_set TEXT,"
        " name TEXT, applied_at TEXT)"
    )
    for name in sorted(RUNGS)[:9]:
        for statement in _split(RUNGS[name]):
            old.execute(statement)
        old.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('island-desk', ?, '2026')",
            (name,),
        )
    for n in range(cases_there):
        old.execute(
            "INSERT INTO cases (number, item_code, applicant_name, identity, phone,"
            " received_at, received_day, state, revision, last_epoch, last_sequence,"
            " vessel, received_by, standing, papers, bag, batch) VALUES"
            " (?, 'HY01-02', '林海生', 'P', '1', 'a', 'd', 'received', 0, 1, 1, '',"
            " 'o', '{}', 'town', '', '')",
            (f"n{n}",),
        )
    old.execute("INSERT INTO texts VALUES ('edition', 7, ?, '2026')", ("x" * 90000,))
    old.close()


def test_p10_cases_of_before_count_as_found(tmp_path: Path) -> None:
    _of_rung_9(tmp_path / "vault.db", cases_there=3)
    vault = Vault(tmp_path / "vault.db", KEY)
    with vault.read() as tx:
        assert search.found_to(tx) == cases.last_id(tx) == 3
        assert texts.stamp(tx)[1:] == ("edition", "7", "2026")
        (plan,) = tx.rows(
            "EXPLAIN QUERY PLAN SELECT kind, max(edition), loaded_at FROM texts"
            " WHERE kind IN ('edition', 'holidays') GROUP BY kind"
        )
    assert "COVERING INDEX texts_in_use" in str(plan[-1])
    vault.close()


def test_a_vault_without_cases_begins_before_the_first(tmp_path: Path) -> None:
    _of_rung_9(tmp_path / "vault.db", cases_there=0)
    vault = Vault(tmp_path / "vault.db", KEY)
    with vault.read() as tx:
        assert search.found_to(tx) == cases.last_id(tx) == 0
    vault.close()
