"""Days: their entries, their closings, what the district said, what is left to do."""

import dataclasses

import pytest
import sqlcipher3

from desk_app.store import days, returned
from desk_app.store.days import ClosingRecord, VerdictRecord
from desk_app.store.returned import ReturnedEntry
from desk_app.store.vault import Transaction
from tests.support.rows import AT, a_case, a_number, entries

SUN, MON, TUE = "2026-11-22", "2026-11-23", "2026-11-24"


def _noted(tx: Transaction, *of: str, epoch: int = 1) -> None:
    """Append one entry for each day that is named."""
    entries(tx, len(of), epoch=epoch, number=a_number(epoch))
    for sequence, day in enumerate(of, 1):
        days.note(tx, day, epoch, sequence)


def _closed(tx: Transaction, day: str, sequence: int, version: int = 1) -> None:
    days.add_closing(tx, ClosingRecord(day, version, 1, sequence, "lin", "{}"))


def _told(
    tx: Transaction, position: int, day: str, *, version: int = 1,
    kind: str = "statement_agreed", genuine: bool = True,
) -> VerdictRecord:  # fmt: skip
    said = VerdictRecord(position, day, version, kind, genuine, "{}")
    days.add_verdict(tx, said)
    return said


def test_where_noting_days_goes_on(tx: Transaction) -> None:
    assert days.indexed(tx, 1) == 0
    days.noted_through(tx, 1, 7)
    days.noted_through(tx, 2, 1)
    days.noted_through(tx, 1, 9)
    assert (days.indexed(tx, 1), days.indexed(tx, 2)) == (9, 1)


def test_a_day_has_its_own_entries_in_order(tx: Transaction) -> None:
    _noted(tx, MON, SUN, MON)
    _noted(tx, MON, epoch=2)
    assert days.entries_of(tx, MON) == (
        (1, 1, b"1/1"), (1, 3, b"1/3"), (2, 1, b"2/1"),
    )  # fmt: skip
    assert days.after(tx, MON, 1, 1) == 2
    assert days.after(tx, MON, 2, 1) == 0


def test_p07_what_was_offered_again_counts_at_its_new_place_only(
    tx: Transaction,
) -> None:
    _noted(tx, MON, MON)
    returned.settle(tx, 1, 1, "offered_again")
    returned.settle(tx, 1, 2, "held")
    assert [place[:2] for place in days.entries_of(tx, MON)] == [(1, 2)]


def test_p08_what_came_back_is_of_a_day_unless_the_desk_still_had_it(
    tx: Transaction,
) -> None:
    back = ReturnedEntry(
        "d" * 32, 1, 4, b"lost", "c", AT, "case_received", a_number(1), 9, own=True
    )
    for other in (
        back,
        dataclasses.replace(back, sequence=5, entry=b"held"),
        dataclasses.replace(back, sequence=6, number=None),
        dataclasses.replace(back, device="e" * 32, own=False),
    ):
        returned.add(tx, other)
    returned.settle(tx, 1, 5, "held")
    assert days.came_back(tx) == ((1, 4, b"lost"),)
    assert days.receipt_of(tx, a_number(1)) == b"lost"
    assert days.receipt_of(tx, a_number(2)) is None


def test_the_latest_days_come_first_each_once(tx: Transaction) -> None:
    """A day that was closed without an entry is a day too."""
    assert days.counts(tx, limit=9) == ()
    _noted(tx, MON, SUN, MON)
    _closed(tx, TUE, 3)
    assert days.counts(tx, limit=9) == ((TUE, 0), (MON, 2), (SUN, 1))
    assert days.counts(tx, limit=1) == ((TUE, 0),)


def test_p07_a_day_is_done_by_a_genuine_agreement_to_its_last_closing(
    tx: Transaction,
) -> None:
    def left() -> tuple[str, ...]:
        return days.not_agreed(tx, before=TUE, limit=9)

    _noted(tx, SUN, MON, TUE)
    assert left() == (SUN, MON), "today is not yet late"
    _closed(tx, SUN, 1)
    _told(tx, 1, SUN, kind="statement_differs")
    _told(tx, 2, SUN, genuine=False)
    assert left() == (SUN, MON)
    _told(tx, 3, SUN)
    assert left() == (MON,)
    _closed(tx, SUN, 1, version=2)
    assert left() == (SUN, MON), "the new closing has no answer yet"
    _told(tx, 4, SUN, version=2)
    assert days.not_agreed(tx, before=TUE, limit=9) == (MON,)
    assert days.not_agreed(tx, before=SUN, limit=9) == ()


def test_p07_an_entry_after_the_closing_reopens_an_agreed_day(tx: Transaction) -> None:
    _noted(tx, MON)
    _closed(tx, MON, 1)
    _told(tx, 1, MON)
    assert days.not_agreed(tx, before=TUE, limit=9) == ()
    entries(tx, 1)
    days.note(tx, MON, 1, 2)
    assert days.not_agreed(tx, before=TUE, limit=9) == (MON,)


def test_closings_and_verdicts_are_kept_in_order_and_never_changed(
    tx: Transaction,
) -> None:
    _closed(tx, MON, 5, version=2)
    _closed(tx, MON, 3, version=1)
    first, second = days.closings_of(tx, MON)
    assert first == ClosingRecord(MON, 1, 1, 3, "lin", "{}")
    assert second.sequence == 5
    said = [_told(tx, 8, MON), _told(tx, 2, MON, genuine=False)]
    assert days.verdicts_of(tx, MON) == (said[1], said[0])
    with pytest.raises(sqlcipher3.IntegrityError):
        _closed(tx, MON, 9, version=2)
    for table in ("closings", "day_verdicts"):
        with pytest.raises(sqlcipher3.IntegrityError, match="append-only"):
            tx.run(f"DELETE FROM {table}")  # noqa: S608 - the two tables above


def test_legal_days_that_end_by_a_day_are_counted(tx: Transaction) -> None:
    assert days.oldest_due(tx) is None
    for serial, due in enumerate((TUE, SUN, MON, None), 1):
        a_case(tx, a_number(serial), due_day=due)
    assert days.oldest_due(tx) == SUN
    assert [days.due_by(tx, day) for day in ("2026-11-21", MON, TUE)] == [0, 2, 3]
