"""Rungs 2 and 3 are climbed with rows in place, and keep each of them."""

from pathlib import Path

from desk_app.store import cases, powers, search, vessels
from desk_app.store.vault import Vault
from tests.support.older import KEY, left_on_rung

NUMBER = "350305107-01-20261123-0001-7"


def _a_vault_of_the_first_rung(path: Path) -> None:
    with left_on_rung(path, 1) as old:
        old.execute(
            "INSERT INTO certificates VALUES"
            " ('闽秀渔99001', 'P', 'HY01', '渔业捕捞许可证', '2027-01-01', ?)",
            (NUMBER,),
        )
        names = "number, item_code, applicant_name, identity, phone, received_at,"
        names += " received_day, state, revision, last_epoch, last_sequence,"
        names += " official_number, vessel, received_by, standing, papers, bag, batch"
        old.execute(
            f"INSERT INTO cases ({names}) VALUES"  # noqa: S608 - the names above
            " (?, 'HY01-02', '林海生', 'P', '1', '2026-11-23T00:00:00Z', '2026-11-23',"
            " 'received', 0, 1, 1, 'FJ-1', '闽秀渔99001', 'o', '{}', 'town', '', 'b1')",
            (NUMBER,),
        )
        for row, tokens in (
            (1, "林海 海生 生 linhaisheng lhs"),
            (-1, "陈阿 阿妹 妹 cam"),
        ):
            old.execute(
                "INSERT INTO words (rowid, tokens) VALUES (?, ?)", (row, tokens)
            )


def test_the_rung_keeps_certificates_and_cases_and_adds_registers(
    tmp_path: Path,
) -> None:
    _a_vault_of_the_first_rung(tmp_path / "vault.db")
    vault = Vault(tmp_path / "vault.db", KEY)
    with vault.write() as tx:
        (kept,) = vessels.ending(tx, by="2027-12-31")
        assert (kept.number, kept.licence) == (NUMBER, "")
        found, total = cases.page(tx, cases.CaseFilter(batch="b1"), limit=5, offset=0)
        assert (total, found[0].number) == (1, NUMBER)
        power = powers.PowerRecord("P", "A", "陈阿妹", "亲属", None, NUMBER, "2026")
        powers.remember(tx, power)
        assert powers.of_owner(tx, "P") == powers.of_agent(tx, "A") == (power,)
    vault.close()
    # A second start finds nothing to climb.
    Vault(tmp_path / "vault.db", KEY).close()


def test_the_rung_keeps_what_words_find_and_finds_by_the_first_letter(
    tmp_path: Path,
) -> None:
    _a_vault_of_the_first_rung(tmp_path / "vault.db")
    vault = Vault(tmp_path / "vault.db", KEY)

    def found(text: str) -> int:
        with vault.read() as tx:
            wanted = cases.CaseFilter(text=text)
            return len(cases.page(tx, wanted, limit=5, offset=0)[0])

    assert [found(t) for t in ("林海", "林", "生", "l", "lh", "linhai")] == [1] * 6
    assert [found(t) for t in ("陈", "海林", "x")] == [0] * 3
    with vault.read() as tx:
        rows = tx.rows("SELECT rowid FROM words WHERE words MATCH '\"陈\"*'")
        assert rows == [(-1,)]
        plan = tx.rows("SELECT sql FROM sqlite_master WHERE name = 'words'")
        assert "prefix='1 2'" in str(plan[0][0])
    # A corrected case's words replace the old ones (the index keeps deletions).
    with vault.write() as tx:
        search.change(tx, 1, "黄志 志强")
    assert (found("林海"), found("黄志")) == (0, 1)
    vault.close()
