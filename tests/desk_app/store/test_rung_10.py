"""Rung 10 is climbed with cases in place: all of them are found, none is read again."""

from pathlib import Path

from desk_app.store import cases, search, texts
from desk_app.store.vault import Vault
from tests.support.older import KEY, left_on_rung


def _of_rung_9(path: Path, *, cases_there: int) -> None:
    with left_on_rung(path, 9) as old:
        for n in range(cases_there):
            old.execute(
                "INSERT INTO cases (number, item_code, applicant_name, identity, phone,"
                " received_at, received_day, state, revision, last_epoch,"
                " last_sequence, vessel, received_by, standing, papers, bag, batch)"
                " VALUES (?, 'HY01-02', '林海生', 'P', '1', 'a', 'd', 'received', 0, 1,"
                " 1, '', 'o', '{}', 'town', '', '')",
                (f"n{n}",),
            )
        old.execute(
            "INSERT INTO texts VALUES ('edition', 7, ?, '2026')", ("x" * 90000,)
        )


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
