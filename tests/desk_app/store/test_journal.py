"""The journal: gapless, byte for byte, read as both sides had it after a healing."""

import pytest
import sqlcipher3

from desk_app.store import journal, returned
from desk_app.store.journal import Head, KeptEntry, Label
from desk_app.store.returned import ReturnedEntry
from desk_app.store.vault import Transaction
from tests.support.rows import AT, a_number, entries

CASE, OTHER = a_number(1), a_number(2)


def _came_back(
    tx: Transaction, epoch: int, sequence: int, raw: bytes, *, own: bool = True
) -> None:
    returned.add(tx, ReturnedEntry(
        "d" * 32, epoch, sequence, raw, f"chain of {raw!r}", AT, "case_received",
        CASE, 1, own,
    ))  # fmt: skip


def _bytes(found: tuple[KeptEntry, ...]) -> list[str]:
    return [each.entry.decode() for each in found]


def test_entries_come_back_byte_for_byte_in_order(tx: Transaction) -> None:
    assert journal.head(tx, 1) is None
    entries(tx, 4)
    assert journal.head(tx, 1) == Head(4, "chain 1/4")
    found = journal.after(tx, epoch=1, sequence=1, limit=2)
    assert found == (
        KeptEntry(1, 2, b"1/2", "chain 1/2"), KeptEntry(1, 3, b"1/3", "chain 1/3"),
    )  # fmt: skip
    assert journal.chain_at(tx, epoch=1, sequence=4) == "chain 1/4"
    assert journal.chain_at(tx, epoch=1, sequence=5) is None


@pytest.mark.parametrize("sequence", [1, 2, 4])
def test_the_file_itself_refuses_a_gap_and_a_repeat(
    tx: Transaction, sequence: int
) -> None:
    entries(tx, 2)
    kept = KeptEntry(1, sequence, b"x", "c")
    with pytest.raises(sqlcipher3.IntegrityError):
        journal.append(tx, kept, Label(AT, "case_received", None))
    assert journal.head(tx, 1) == Head(2, "chain 1/2")


def test_an_entry_is_looked_up_by_its_label(tx: Transaction) -> None:
    entries(tx, 1, number=CASE)
    entries(tx, 1, kind="day_closed")
    assert journal.number_of(tx, epoch=1, sequence=1) == CASE
    assert journal.number_of(tx, epoch=1, sequence=2) is None
    assert journal.label_of(tx, epoch=1, sequence=2) == Label(AT, "day_closed", None)
    assert journal.label_of(tx, epoch=2, sequence=1) is None


def test_what_lies_between_a_place_and_a_later_epoch(tx: Transaction) -> None:
    for epoch in (1, 2, 3):
        entries(tx, 2, epoch=epoch)
    found = journal.between(tx, epoch=1, sequence=1, before=3)
    assert _bytes(found) == ["1/2", "2/1", "2/2"]


def test_a_case_is_read_once_however_often_its_entries_were_offered(
    tx: Transaction,
) -> None:
    """Offered again: at its new place. Held and sent back as well: once."""
    entries(tx, 3, number=CASE)
    entries(tx, 1, epoch=2, number=CASE)
    entries(tx, 1, epoch=2, number=OTHER)
    returned.settle(tx, 1, 2, "held")
    _came_back(tx, 1, 2, b"1/2")
    returned.settle(tx, 1, 3, "offered_again")
    assert _bytes(journal.of_case(tx, CASE)) == ["1/1", "1/2", "2/1"]
    assert journal.entry_of(tx, CASE, ("case_received",), 2) == b"2/1"
    assert journal.entry_of(tx, CASE, ("case_received",), 3) is None


def test_what_the_predecessor_did_comes_first_and_is_not_called_own(
    tx: Transaction,
) -> None:
    entries(tx, 1, number=CASE)
    _came_back(tx, 7, 4, b"theirs", own=False)
    found = journal.of_case(tx, CASE)
    assert [(each.entry, each.own) for each in found] == [
        (b"theirs", False), (b"1/1", True),
    ]  # fmt: skip


def test_a_left_epoch_is_what_both_sides_had_of_it(tx: Transaction) -> None:
    """The district's bytes stand where it held others than the desk's own."""
    entries(tx, 3)
    returned.settle(tx, 1, 2, "offered_again")
    returned.settle(tx, 1, 3, "offered_again")
    _came_back(tx, 1, 2, b"lost work")
    found = journal.history_after(tx, epoch=1, sequence=0, limit=9)
    assert _bytes(found) == ["1/1", "lost work"]
    chain = journal.history_chain_at(tx, epoch=1, sequence=2)
    assert chain == "chain of b'lost work'"
    assert journal.history_chain_at(tx, epoch=1, sequence=3) is None
    assert journal.unreleased(tx, 1, after=1) == (1, AT)
    assert journal.unreleased(tx, 1, after=2) == (0, None)


def test_a_correction_leans_on_the_newest_application_before_the_batch(
    tx: Transaction,
) -> None:
    entries(tx, 1, number=CASE)
    entries(tx, 1, number=OTHER)
    entries(tx, 1, number=CASE, kind="corrected_on_spot")
    entries(tx, 1, number=OTHER, kind="case_accepted")
    entries(tx, 1, epoch=2, number=CASE, kind="case_resubmitted")
    entries(tx, 1, epoch=2, number=OTHER, kind="case_closed")
    found = journal.earlier_applications(tx, epoch=2, first=1, last=2)
    assert _bytes(found) == ["1/3"]
    assert journal.earlier_applications(tx, epoch=1, first=1, last=2) == ()
