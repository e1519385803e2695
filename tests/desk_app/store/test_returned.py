"""What came back from the district: proofs, kept once; one number on two papers."""

import dataclasses

import pytest
import sqlcipher3

from desk_app.store import returned
from desk_app.store.returned import Renumbered, ReturnedEntry
from desk_app.store.vault import Transaction
from tests.support.rows import AT, a_number

OWN, OTHER = "d" * 32, "e" * 32
ENTRY = ReturnedEntry(
    OWN, 1, 4, b"\x00entry", "c4", AT, "case_received", a_number(1), 10, own=True
)


def test_an_entry_is_kept_as_it_came_first_and_never_changed(tx: Transaction) -> None:
    returned.add(tx, ENTRY)
    returned.add(tx, dataclasses.replace(ENTRY, entry=b"other", chain="x", position=99))
    assert returned.after(tx, OWN, epoch=1, sequence=0, limit=9) == (ENTRY,)
    assert returned.entry_at(tx, OWN, 1, 4) == b"\x00entry"
    assert returned.entry_at(tx, OTHER, 1, 4) is None
    for sql in ("DELETE FROM returned", "UPDATE returned SET own = 0"):
        with pytest.raises(sqlcipher3.IntegrityError, match="append-only"):
            tx.run(sql)


def test_an_epoch_is_read_on_from_a_place(tx: Transaction) -> None:
    assert returned.last_chain(tx, OWN, 1) is None
    for sequence in (4, 6, 5):
        returned.add(
            tx, dataclasses.replace(ENTRY, sequence=sequence, chain=f"c{sequence}")
        )
    returned.add(tx, dataclasses.replace(ENTRY, epoch=2, sequence=1))
    assert returned.last_chain(tx, OWN, 1) == (6, "c6")
    before = [returned.last_before(tx, OWN, 1, n) for n in (4, 5, 9)]
    assert before == [None, (4, "c4"), (6, "c6")]
    found = returned.after(tx, OWN, epoch=1, sequence=4, limit=9)
    assert [each.sequence for each in found] == [5, 6]
    (only,) = returned.after(tx, OWN, epoch=1, sequence=4, limit=1)
    assert only.sequence == 5


def test_one_healing_is_told_by_where_its_entries_came(tx: Transaction) -> None:
    for position, number in ((8, a_number(8)), (10, a_number(1)), (11, None),
                             (12, a_number(1)), (13, "")):  # fmt: skip
        returned.add(tx, dataclasses.replace(
            ENTRY, sequence=position, position=position, number=number
        ))  # fmt: skip
    assert returned.count_since(tx, 10) == 4
    assert returned.numbers_since(tx, 10) == {a_number(1)}
    assert returned.numbers_since(tx, 14) == frozenset()


def test_a_number_was_given_where_it_was_received_or_voided(tx: Transaction) -> None:
    for serial, kind in ((1, "case_received"), (2, "number_voided"),
                         (3, "case_closed")):  # fmt: skip
        returned.add(tx, dataclasses.replace(
            ENTRY, sequence=serial, kind=kind, number=a_number(serial)
        ))  # fmt: skip
    given = [returned.gave(tx, a_number(serial)) for serial in (1, 2, 3, 4)]
    assert given == [True, True, False, False]


def test_what_became_of_an_own_entry_is_said_once(tx: Transaction) -> None:
    returned.settle(tx, 1, 4, "held")
    returned.settle(tx, 1, 4, "offered_again")
    assert tx.rows("SELECT epoch, sequence, how FROM settled") == [(1, 4, "held")]
    with pytest.raises(sqlcipher3.IntegrityError):
        returned.settle(tx, 1, 5, "forgotten")


def test_a_number_on_two_papers_is_open_until_the_applicant_knows(
    tx: Transaction,
) -> None:
    returned.renumber(tx, old=a_number(1), new=a_number(7), at="2026-11-22")
    returned.renumber(tx, old=a_number(2), new=a_number(8), at="2026-11-23")
    assert returned.told(tx, a_number(7), by="lin", at="2026-11-24")
    assert not returned.told(tx, a_number(7), by="chen", at="2026-11-25")
    assert not returned.told(tx, a_number(9), by="lin", at="2026-11-25")
    later = Renumbered(a_number(2), a_number(8), "2026-11-23", None)
    told = Renumbered(a_number(1), a_number(7), "2026-11-22", "2026-11-24")
    assert returned.renumberings(tx, open_only=True) == (later,)
    assert returned.renumberings(tx, open_only=False) == (later, told)
