"""The journals as filed: a changed entry is found, a gap is nobody's bytes."""

import sqlite3
from pathlib import Path

from schemas.problems import Code
from sync.district.ledger.record import Record
from sync.seal.compressing import EntryRange
from tests.support.ledgers import Writer, a_case, a_number, file_line

DESK = Writer()


def test_p08_a_changed_entry_breaks_its_chain(record: Record, tmp_path: Path) -> None:
    for sequence in (1, 2, 3):
        file_line(record, DESK, sequence)
    assert record.journals.broken() == []
    with sqlite3.connect(tmp_path / "record.db") as raw:
        # The record itself cannot do this; who has the file can.
        raw.execute("DROP TRIGGER entries_never_update")
        raw.execute("UPDATE entries SET entry = X'7b7d' WHERE sequence = 2")
    assert record.journals.broken() == [(DESK.device, 1)]


def test_p03_what_is_set_aside_is_in_sight_and_is_not_the_entry(record: Record) -> None:
    good = file_line(record, DESK, 1)
    file_line(record, DESK, 2, problem=Code.ENTRY_WITHHELD)
    forked = file_line(record, DESK, 3, problem=Code.CHAIN_FORKED)

    assert [each.sequence for each in record.journals.quarantined()] == [2, 3]
    there = record.journals.entry_at(DESK.device, 1, 3)
    assert there is not None
    assert (there.problem, there.healed_by) == (Code.CHAIN_FORKED, None)
    assert record.journals.entry_at(DESK.device, 1, 4) is None
    # A stub stands for an entry that never came: its bytes are nobody's.
    run = record.journals.run_of(DESK.device, EntryRange(epoch=1, first=1, count=3))
    assert run == (good, forked)


def test_a_cases_entries_are_read_in_the_order_of_the_journal(record: Record) -> None:
    case = a_case(2, DESK.device)
    for sequence in (1, 2, 3):
        file_line(record, DESK, sequence, case=case if sequence != 2 else None)
    found = record.journals.entries_of(a_number(2))
    assert [(e.sequence, e.entry) for e in found] == [
        (1, DESK.line(1)), (3, DESK.line(3))
    ]  # fmt: skip
    assert record.journals.entries_of(a_number(9)) == ()
