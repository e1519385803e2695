"""Rung 4 is climbed with rows in place: what was receipted or refused stays."""

from pathlib import Path

from desk_app.store import outbox, quarantine
from desk_app.store.quarantine import Cut, Quarantined
from desk_app.store.vault import Vault
from tests.support.older import KEY, left_on_rung


def a_vault_of_rung_1(path: Path) -> None:
    with left_on_rung(path, 1) as old:
        for state, first, last in (("receipted", 1, 3), ("refused", 4, 6)):
            old.execute(
                "INSERT INTO outbox VALUES (?, 1, ?, ?, '{}', NULL, ?, 305, NULL)",
                (f"{first:064d}", first, last, state),
            )


def test_p10_batches_of_rung_1_are_as_they_were(tmp_path: Path) -> None:
    a_vault_of_rung_1(tmp_path / "vault.db")
    vault = Vault(tmp_path / "vault.db", KEY)
    with vault.read() as tx:
        assert outbox.is_receipted(tx, epoch=1, sequence=2)
        assert not outbox.is_receipted(tx, epoch=1, sequence=5)
        assert [each[1:] for each in outbox.refusals(tx)] == [(4, 6, 305)]
        assert outbox.next_gap(tx, 1) == (7, None)
        assert quarantine.all_of(tx) == ()
    vault.close()


def test_a_gap_between_batches_is_the_next_to_send(tmp_path: Path) -> None:
    a_vault_of_rung_1(tmp_path / "vault.db")
    vault = Vault(tmp_path / "vault.db", KEY)
    with vault.write() as tx:
        tx.run("DELETE FROM outbox WHERE first = 1")
        assert outbox.next_gap(tx, 1) == (1, 3)
        assert outbox.next_gap(tx, 2) == (1, None)
        assert outbox.overlaps(tx, 1, 3, 4)
        assert not outbox.overlaps(tx, 1, 1, 3)
    vault.close()


def test_p03_an_entry_behind_a_stub_is_not_receipted_until_it_came_itself(
    tmp_path: Path,
) -> None:
    a_vault_of_rung_1(tmp_path / "vault.db")
    vault = Vault(tmp_path / "vault.db", KEY)
    with vault.write() as tx:
        entry = Quarantined(1, 2, 403, "", "intake", "open", "2026")
        quarantine.put(tx, entry)
        assert not outbox.is_receipted(tx, epoch=1, sequence=2)
        quarantine.put(tx, Quarantined(1, 2, 403, "", "intake", "offered", "", 1, 3))
        assert outbox.is_receipted(tx, epoch=1, sequence=2)
        quarantine.cut(tx, Cut(1, 7, 9, withheld=False))
        quarantine.cut(tx, Cut(1, 7, 8, withheld=False))
        found = quarantine.cut_at(tx, 1, 8)
        assert found == Cut(1, 7, 8, withheld=False)
        assert quarantine.cut_at(tx, 1, 9) is None
    vault.close()
