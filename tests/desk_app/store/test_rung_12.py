"""Rung 12 is climbed with drafts and entries in place: read as they stood."""

from pathlib import Path

from desk_app.store import drafts, journal
from desk_app.store.drafts import DraftRecord
from desk_app.store.journal import KeptEntry, Label
from desk_app.store.vault import Vault
from tests.support.older import KEY, left_on_rung

BODY = '{"applicant":{"name":"林海生"}}'
ENTRY = '{"body":{"kind":"case_received"},"operator":"林"}'.encode()


def test_p10_drafts_and_entries_of_before_are_read_and_go_on(tmp_path: Path) -> None:
    path = tmp_path / "vault.db"
    with left_on_rung(path, 11) as old:
        old.execute(
            "INSERT INTO drafts VALUES ('d1', 'HY01-02', ?, '2026', 'lin')", (BODY,)
        )
        old.execute(
            "INSERT INTO journal VALUES (1, 1, ?, 'c1', '2026', 'case_received', 'n1')",
            (ENTRY,),
        )
    vault = Vault(path, KEY)
    kept = DraftRecord("d1", "HY01-02", BODY, "2026", "lin")
    first = KeptEntry(1, 1, ENTRY, "c1")
    with vault.read() as tx:
        assert drafts.all_of(tx) == (kept,)
        assert journal.after(tx, epoch=1, sequence=0, limit=9) == (first,)
        assert journal.entry_of(tx, "n1", ("case_received",), 0) == ENTRY
    second = KeptEntry(1, 2, ENTRY * 30, "c2")
    with vault.write() as tx:
        drafts.save(tx, kept)
        journal.append(tx, second, Label("2026", "case_closed", "n1"))
    with vault.read() as tx:
        assert drafts.get(tx, "d1") == kept
        assert [e.entry for e in journal.of_case(tx, "n1")] == [ENTRY, ENTRY * 30]
        (body,) = tx.row("SELECT body FROM drafts") or (b"",)
        (small,) = tx.row("SELECT entry FROM journal WHERE sequence = 2") or (b"",)
    assert isinstance(body, bytes)
    assert isinstance(small, bytes)
    assert len(small) < len(second.entry) / 10
    vault.close()
