"""Rung 8 is climbed with rows in place."""

from pathlib import Path

from desk_app.store import publications
from desk_app.store.vault import Vault
from tests.support.older import KEY, left_on_rung


def test_p10_a_vault_of_rung_1_climbs_with_its_feed(tmp_path: Path) -> None:
    """What the older program kept unread is found, once."""
    path = tmp_path / "vault.db"
    with left_on_rung(path, 1) as old:
        kind = "notice_published"
        old.execute("INSERT INTO feed VALUES (1, ?, NULL, '{}', '{}', 'a')", (kind,))

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
