"""Days as they stand: noted a part at a time, reopened by late entries, differences."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest

from desk_app.services import close_day, days, numbering
from desk_app.services.receiving import When, receive_case
from desk_app.services.shown import DaysOwed
from desk_app.store import days as kept_days
from desk_app.store import outbox
from desk_app.store.days import VerdictRecord
from desk_app.store.outbox import BatchRecord
from schemas.problems import Code
from schemas.statement import (
    DayQuestion,
    Place,
    RecordDifference,
    StatementAgreed,
    StatementDiffers,
)
from tests.support.counter import MONDAY, Counter, refused

_WEEKS = iter(range(1, 20))


@pytest.fixture
def day(counter: Counter) -> Iterator[str]:
    """A Monday on which nothing was done yet."""
    counter.watch.now = MONDAY + timedelta(weeks=next(_WEEKS))
    return counter.watch.now.date().isoformat()


def _told(
    counter: Counter, day: str, kind: str, body: str = "", *, genuine: bool = True,
    version: int = 1,
) -> None:  # fmt: skip
    """Keep a verdict of the district's; one that says no more than its kind."""
    plain = {
        "statement_agreed": StatementAgreed(day=day, version=version, document={}),
        "statement_differs": StatementDiffers(
            day=day, version=version, before=Place(epoch=1, sequence=1),
            found_at=MONDAY, rounds=1, differences=(),
        ),
        "day_question": DayQuestion(
            day=day, version=version, before=Place(epoch=1, sequence=1), round=1,
            ranges=(),
        ),
    }  # fmt: skip
    body = body or plain[kind].model_dump_json()
    with counter.place.vault.write() as tx:
        position = len(tx.rows("SELECT 1 FROM day_verdicts")) + 1
        kept_days.add_verdict(
            tx, VerdictRecord(position, day, version, kind, genuine, body)
        )


def _row(counter: Counter, day: str) -> days.DayRow:
    return days.view_day(counter.place, day).row


def test_a_day_is_read_as_typed_or_refused() -> None:
    assert days.parse_day(" 2026-06-01\n") == "2026-06-01"
    for text in ("2026-02-30", "1.6.2026", "x" * 99):
        problem = refused(Code.DAY_MALFORMED, days.parse_day, text)
        assert len(str(problem.params["day"])) <= 20


def test_days_are_noted_a_part_at_a_time(counter: Counter, day: str) -> None:
    days.catch_up(counter.place)
    for seed in range(3):
        counter.take(seed=seed)
    assert not days.catch_up(counter.place, limit=2)
    with counter.place.vault.read() as tx:
        assert len(kept_days.entries_of(tx, day)) == 2
    assert days.catch_up(counter.place, limit=2)
    assert days.catch_up(counter.place, limit=0)
    assert _row(counter, day).entries == 3


def test_today_is_always_listed_and_the_newest_comes_first(
    counter: Counter, day: str
) -> None:
    rows = days.list_days(counter.place)
    assert (rows[0].day, rows[0].state, rows[0].entries) == (day, "open", 0)
    assert [row.day for row in rows] == sorted((r.day for r in rows), reverse=True)
    assert days.list_days(counter.place, limit=1) == rows[:1]


def test_p07_a_day_goes_from_open_to_closed_to_agreed_and_reopens(
    counter: Counter, day: str
) -> None:
    counter.take(seed=1)
    assert _row(counter, day).state == "open"
    close_day.close_day(counter.as_("wu"), day)
    row = _row(counter, day)
    assert (row.state, row.version, row.closed_by) == ("closed", 1, "吴窗口")
    assert (row.closed_at, row.sent) == (counter.watch.now, False)
    _told(counter, day, "statement_agreed", genuine=False)
    assert _row(counter, day).state == "closed"
    _told(counter, day, "statement_differs")
    assert _row(counter, day).state == "differs"
    _told(counter, day, "statement_agreed")
    assert _row(counter, day).state == "agreed"
    counter.take(seed=2)
    row = _row(counter, day)
    assert (row.state, row.late, row.entries) == ("reopened", 1, 2)


def test_p07_a_back_entry_is_of_both_days(counter: Counter, day: str) -> None:
    yesterday = counter.watch.now - timedelta(days=1)
    draft = counter.draft(seed=3)
    when = When(received_at=yesterday, reason="停电补录")
    receive_case(counter.place, draft.draft_id, when)
    assert _row(counter, day).entries == 1
    assert _row(counter, yesterday.date().isoformat()).entries == 1


def test_p07_a_closed_days_statement_is_what_was_said(
    counter: Counter, day: str
) -> None:
    numbering.void_next_number(counter.place, "测试打印")
    counter.take(seed=1)
    fresh = days.view_day(counter.place, day).statement
    said = close_day.close_day(counter.place, day).statement
    assert fresh == said
    assert [(use.last, use.cases) for use in said.serials] == [(2, 1)]
    counter.watch.later(days=1)
    counter.take(seed=2)
    assert days.view_day(counter.place, day).statement == said
    counter.watch.later(days=-1)
    counter.take(seed=4)
    again = days.view_day(counter.place, day).statement
    assert (again.version, again.entries.count) == (2, 3)


def test_p07_differences_are_named_by_case_and_step(counter: Counter, day: str) -> None:
    number = counter.take(seed=1)
    sequence = counter.entries()[-1].sequence
    said = close_day.close_day(counter.place, day).statement
    here = RecordDifference(what="changed", epoch=1, sequence=sequence)
    unknown = RecordDifference(what="missing_at_desk", epoch=1, sequence=9999)
    body = StatementDiffers(
        day=day, version=1, before=said.before, found_at=MONDAY, rounds=1,
        differences=(here, unknown),
    )  # fmt: skip
    _told(counter, day, "statement_differs", body.model_dump_json())
    view = days.view_day(counter.place, day)
    assert [(d.number, d.kind) for d in view.differences] == [
        (number, "case_received"), ("", ""),
    ]  # fmt: skip
    assert not view.asking


def test_a_question_is_shown_while_it_has_no_outcome(
    counter: Counter, day: str
) -> None:
    close_day.close_day(counter.place, day)
    _told(counter, day, "day_question")
    view = days.view_day(counter.place, day)
    assert (view.asking, view.row.state) == (True, "closed")
    _told(counter, day, "statement_agreed", genuine=False, version=2)
    assert days.view_day(counter.place, day).asking, "that is another closing's"


def test_what_was_signed_is_shown_as_it_came_and_an_unreadable_one_is_none(
    counter: Counter, day: str
) -> None:
    """A later district may sign another form: the day is shown all the same."""
    said = close_day.close_day(counter.place, day)
    _told(counter, day, "statement_agreed", genuine=False)
    view = days.view_day(counter.place, day)
    assert (view.agreement, view.agreement_genuine) == (None, False)
    agreed = counter.town.agrees(said, said.statement.before)
    _told(counter, day, "statement_agreed", agreed.model_dump_json())
    view = days.view_day(counter.place, day)
    assert view.agreement is not None
    assert view.agreement.statement == said.statement
    assert view.agreement_genuine


def test_a_receipt_says_that_the_closing_went_out(counter: Counter, day: str) -> None:
    close_day.close_day(counter.place, day)
    at = counter.entries()[-1].sequence
    with counter.place.vault.write() as tx:
        outbox.add(tx, BatchRecord(f"batch {at}", 1, at, at, "{}", b""))
        outbox.receipted(tx, f"batch {at}", "{}")
    assert _row(counter, day).sent


def test_p08_what_a_left_epoch_closed_is_open_again_unless_agreed(
    counter: Counter, day: str
) -> None:
    close_day.close_day(counter.place, day)
    counter.put("epoch", "2")
    try:
        assert _row(counter, day).state == "reopened"
        _told(counter, day, "statement_agreed")
        assert _row(counter, day).state == "agreed"
    finally:
        counter.put("epoch", "1")


def test_the_board_says_which_days_are_owed(counter: Counter, day: str) -> None:
    """Each day of the past is in one place, and today in none before it is closed."""
    names = [
        (counter.watch.now + timedelta(days=n)).date().isoformat() for n in range(4)
    ]
    for n in range(4):
        counter.take(seed=n)
        if n:
            close_day.close_day(counter.place, names[n])
        counter.watch.later(days=1)
    _told(counter, names[2], "statement_differs")
    _told(counter, names[3], "statement_agreed")
    counter.take(seed=9)
    owed = days.owed(counter.place)
    told = dataclasses.replace(
        owed,
        unclosed=tuple(d for d in owed.unclosed if d >= day),
        waiting=tuple(d for d in owed.waiting if d >= day),
        differing=tuple(d for d in owed.differing if d >= day),
    )
    assert told == DaysOwed((names[0],), (names[1],), (names[2],), counted=True)
