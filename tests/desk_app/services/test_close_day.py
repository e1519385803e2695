"""Closing a day: the clerk's statement, again after a late change, never twice."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from desk_app.services import catalogue, close_day, comparing, days
from desk_app.store import days as kept_days
from desk_app.store import journal, returned
from desk_app.store.days import VerdictRecord
from schemas.journal import JournalEntry
from schemas.problems import Code
from schemas.statement import DayClosed, Place, StatementDiffers
from tests.support.counter import MONDAY, Counter, a_bare_counter, refused

_WEEKS = iter(range(1, 20))


@pytest.fixture
def day(counter: Counter) -> Iterator[str]:
    """A Monday on which nothing was done yet."""
    counter.watch.now = MONDAY + timedelta(weeks=next(_WEEKS))
    return counter.watch.now.date().isoformat()


def _agreed(counter: Counter, day: str, version: int) -> None:
    with counter.place.vault.write() as tx:
        position = len(tx.rows("SELECT 1 FROM day_verdicts")) + 1
        kept_days.add_verdict(tx, VerdictRecord(
            position, day, version, "statement_agreed", True, "{}"
        ))  # fmt: skip


def test_p07_the_statement_is_an_entry_that_names_its_clerk(
    counter: Counter, day: str
) -> None:
    counter.take(seed=1)
    place = counter.as_("wu")
    said = close_day.close_day(place, f" {day} ")
    entry = counter.entries()[-1]
    assert entry.body == said
    assert entry.operator == place.operator
    assert (said.operator_name, said.closed_at) == ("吴窗口", counter.watch.now)
    statement = said.statement
    assert (statement.day, statement.version) == (day, 1)
    assert statement.entries.count == 1
    assert statement.before == Place(epoch=1, sequence=entry.sequence)
    assert (said.late, counter.trail()[0]) == ((), "day_closed")


def test_an_empty_day_is_closed_too(counter: Counter, day: str) -> None:
    said = close_day.close_day(counter.place, day)
    assert said.statement.entries.count == 0
    assert days.view_day(counter.place, day).row.state == "closed"


def test_what_waits_and_what_presses_is_said(counter: Counter, day: str) -> None:
    """A legal day presses from the working day before it on: no sooner, no later."""
    with counter.place.vault.write() as tx:
        tx.run("UPDATE cases SET due_day = NULL")
    row = counter.desk.case(counter.take(seed=1)).row
    assert row.deadline is not None
    first = close_day.close_day(counter.place, day)
    calendar = catalogue.current_calendar(counter.place)
    before = [row.deadline.day - timedelta(days=n) for n in range(1, 9)]
    eve, sooner = [each for each in before if calendar.is_working_day(each)][:2]
    said = []
    for each in (sooner, eve):
        counter.watch.now = counter.watch.now.replace(month=each.month, day=each.day)
        said.append(close_day.close_day(counter.place, each.isoformat()))
    assert [each.pressing for each in (first, *said)] == [0, 0, 1]
    waiting = len(counter.entries()) - 3
    assert [each.waiting for each in (first, *said)] == [waiting + n for n in range(3)]


def test_p07_nothing_new_is_not_closed_again(counter: Counter, day: str) -> None:
    close_day.close_day(counter.place, day)
    refused(Code.DAY_ALREADY_CLOSED, close_day.close_day, counter.place, day)
    _agreed(counter, day, 1)
    refused(Code.DAY_ALREADY_CLOSED, close_day.close_day, counter.place, day)


def test_p07_a_late_entry_is_named_by_the_next_version(
    counter: Counter, day: str
) -> None:
    close_day.close_day(counter.place, day)
    _agreed(counter, day, 1)
    counter.take(seed=2)
    last = counter.entries()[-1]
    said = close_day.close_day(counter.place, day)
    assert said.statement.version == 2
    assert said.late == (Place(epoch=last.epoch, sequence=last.sequence),)
    with counter.place.vault.read() as tx:
        kept = kept_days.closings_of(tx, day)
    assert [DayClosed.model_validate_json(each.body).late for each in kept] == [
        (), said.late,
    ]  # fmt: skip


def test_only_days_that_have_begun_are_closed(counter: Counter, day: str) -> None:
    tomorrow = (counter.watch.now + timedelta(days=1)).date().isoformat()
    count = len(counter.entries())
    refused(Code.DAY_NOT_BEGUN, close_day.close_day, counter.place, tomorrow)
    for text in ("", "yesterday", "2026-13-01", day.replace("-", "/")):
        refused(Code.DAY_MALFORMED, close_day.close_day, counter.place, text)
    assert len(counter.entries()) == count


def test_p08_what_was_closed_in_a_left_epoch_is_closed_again_unless_agreed(
    counter: Counter, day: str
) -> None:
    other = (counter.watch.now - timedelta(days=1)).date().isoformat()
    for each in (day, other):
        close_day.close_day(counter.place, each)
    _agreed(counter, other, 1)
    counter.put("epoch", "2")
    try:
        assert close_day.close_day(counter.place, day).statement.version == 2
        refused(Code.DAY_ALREADY_CLOSED, close_day.close_day, counter.place, other)
    finally:
        counter.put("epoch", "1")


def test_p07_a_day_that_differs_by_what_came_back_is_closed_again(
    counter: Counter, day: str
) -> None:
    """No ruling can sign what was closed before a lost entry of the day came back."""
    counter.put("epoch", "3")
    try:
        counter.take(seed=4)
        said = close_day.close_day(counter.place, day)
        _differs(counter, said)
        assert days.view_day(counter.place, day).row.state == "differs"
        refused(Code.DAY_ALREADY_CLOSED, close_day.close_day, counter.place, day)
        _comes_back(counter, epoch=2)
        assert days.view_day(counter.place, day).row.state == "reopened"
        assert day in days.owed(counter.place).unclosed
        again = close_day.close_day(counter.place, day).statement
        assert (again.version, again.entries.count) == (2, 2)
        assert days.view_day(counter.place, day).row.state == "closed"
    finally:
        counter.put("epoch", "1")


def _differs(counter: Counter, closed: DayClosed) -> None:
    said = StatementDiffers(
        day=closed.statement.day, version=1, before=closed.statement.before,
        found_at=counter.watch.now, rounds=1, differences=(),
    )  # fmt: skip
    with counter.place.vault.write() as tx:
        comparing.take(counter.place, tx, said, 999)


def _comes_back(counter: Counter, *, epoch: int) -> None:
    """Let the district give back what the received case of the day was, elsewhere."""
    with counter.place.vault.read() as tx:
        kept = journal.between(tx, epoch=0, sequence=0, before=99)
    read = [JournalEntry.model_validate_json(each.entry) for each in kept]
    was = [each for each in read if getattr(each.body, "number", None)][-1]
    lost = was.model_copy(update={"epoch": epoch, "sequence": 7})
    kept = returned.ReturnedEntry(
        lost.device, epoch, 7, lost.model_dump_json().encode(), "", "",
        "case_received", str(was.body.model_dump()["number"]), 1, own=True,
    )  # fmt: skip
    with counter.place.vault.write() as tx:
        returned.add(tx, kept)


def test_before_enrolment_there_is_nobody_to_close_a_day_for(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    bare = a_bare_counter(tmp_path_factory.mktemp("bare"))
    refused(Code.NOT_ENROLLED, close_day.close_day, bare.place, "2026-06-01")
    bare.desk.lock()
