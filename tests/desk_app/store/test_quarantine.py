"""Quarantine: each entry with its reason and task; nothing there vanishes (P3)."""

import dataclasses

import pytest
import sqlcipher3

from desk_app.store import quarantine
from desk_app.store.quarantine import Cut, Quarantined
from desk_app.store.vault import Transaction
from tests.support.rows import AT

ENTRY = Quarantined(1, 4, 305, "not readable", "intake", "suspected", AT)


def test_what_is_new_about_an_entry_replaces_what_was_known(tx: Transaction) -> None:
    """When it was found stays: that is how long it has been somebody's task."""
    quarantine.put(tx, ENTRY)
    offered = dataclasses.replace(
        ENTRY, state="offered", offered_epoch=2, offered_sequence=9, note="重录",
        found_at="later",
    )  # fmt: skip
    quarantine.put(tx, offered)
    kept = dataclasses.replace(offered, found_at=AT)
    assert quarantine.get(tx, 1, 4) == kept
    assert quarantine.offered_as(tx, 2, 9) == kept
    assert quarantine.get(tx, 1, 5) is None
    assert quarantine.offered_as(tx, 1, 4) is None


def test_all_are_listed_in_the_order_of_the_journal(tx: Transaction) -> None:
    places = [(2, 1), (1, 9), (1, 4)]
    for epoch, sequence in places:
        entry = dataclasses.replace(ENTRY, epoch=epoch, sequence=sequence)
        quarantine.put(tx, entry)
    found = [(each.epoch, each.sequence) for each in quarantine.all_of(tx)]
    assert found == sorted(places)
    assert quarantine.last_before(tx, 1, 9) == 4
    assert quarantine.last_before(tx, 1, 4) == 0


def test_p03_a_suspicion_can_be_taken_back_and_a_finding_cannot(
    tx: Transaction,
) -> None:
    quarantine.put(tx, ENTRY)
    found = dataclasses.replace(ENTRY, sequence=5, state="open")
    quarantine.put(tx, found)
    for sequence in (4, 5):
        quarantine.no_longer_suspected(tx, 1, sequence)
    assert quarantine.all_of(tx) == (found,)
    with pytest.raises(sqlcipher3.IntegrityError, match="nothing vanishes"):
        tx.run("DELETE FROM quarantine")


@pytest.mark.parametrize("word", ["state", "found_by"])
def test_a_state_that_there_is_not_is_refused(tx: Transaction, word: str) -> None:
    with pytest.raises(sqlcipher3.IntegrityError):
        quarantine.put(tx, dataclasses.replace(ENTRY, **{word: "gone"}))


def test_a_run_is_cut_and_the_innermost_cut_counts(tx: Transaction) -> None:
    wide, half = Cut(1, 1, 8, withheld=False), Cut(1, 5, 8, withheld=False)
    for how in (wide, half):
        quarantine.cut(tx, how)
    assert quarantine.cut_at(tx, 1, 4) == wide
    assert quarantine.cut_at(tx, 1, 6) == half
    assert quarantine.cut_at(tx, 1, 9) is None
    assert quarantine.cut_at(tx, 2, 4) is None


def test_a_cut_is_made_smaller_and_forgotten(tx: Transaction) -> None:
    quarantine.cut(tx, Cut(1, 5, 8, withheld=False))
    alone = Cut(1, 5, 5, withheld=True)
    quarantine.cut(tx, alone)
    assert quarantine.cut_at(tx, 1, 5) == alone
    assert quarantine.cut_at(tx, 1, 6) is None
    quarantine.uncut(tx, 1, 5)
    assert quarantine.cut_at(tx, 1, 5) is None
