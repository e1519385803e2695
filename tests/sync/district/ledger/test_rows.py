"""What the record holds, as values: they are the columns that the tables have."""

import dataclasses

import pytest
from sqlalchemy import Table

from sync.district.ledger.record import Record
from sync.district.ledger.rows import CaseFiled, EntryFiled, StaffMember
from sync.district.ledger.tables import cases, entries, staff


@pytest.mark.parametrize(
    ("shape", "table", "apart"),
    [
        (CaseFiled, cases, set()),
        (StaffMember, staff, set()),
        # When an entry was filed is the record's own note, not part of what was filed.
        (EntryFiled, entries, {"filed_at"}),
    ],
)
def test_a_row_is_a_value_and_nothing_of_it_is_lost(
    shape: type, table: Table, apart: set[str]
) -> None:
    # What healed an entry is said beside it, in its own table.
    fields = {each.name for each in dataclasses.fields(shape)} - {"healed_by"}
    assert fields == set(table.c.keys()) - apart


def test_a_member_comes_back_as_it_was_added(record: Record) -> None:
    chen = StaffMember("chen", "陈审核", "reviewer", "00:11", 0, None)
    record.staff.add(chen)
    assert record.staff.member("chen") == chen


def test_a_row_is_never_changed_in_place() -> None:
    member = StaffMember("chen", "陈审核", "reviewer", "00:11", 0, None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        member.role = "admin"  # type: ignore[misc]
