"""What the district says of a day: a question is answered, a forgery never counts."""

from datetime import timedelta

import pytest

from desk_app.services import close_day, comparing
from desk_app.store import days as kept_days
from desk_app.store import former_keys
from schemas.base import utc_text
from schemas.feed import EntryQuarantined, FeedBody
from schemas.statement import (
    DayClosed,
    DayCompared,
    DayQuestion,
    Place,
    Range,
    StatementDiffers,
)
from sync.seal.keys import SigningKey
from tests.support.counter import MONDAY, Counter

_WEEKS = iter(range(1, 20))


@pytest.fixture
def closed(counter: Counter) -> DayClosed:
    """A day of two cases that was closed."""
    counter.watch.now = MONDAY + timedelta(weeks=next(_WEEKS))
    for seed in (1, 2):
        counter.take(seed=seed)
    day = counter.watch.now.date().isoformat()
    return close_day.close_day(counter.place, day)


def _take(counter: Counter, body: FeedBody) -> None:
    with counter.place.vault.write() as tx:
        position = len(tx.rows("SELECT 1 FROM day_verdicts")) + 1
        comparing.take(counter.place, tx, body, position)


def _verdicts(counter: Counter, said: DayClosed) -> list[tuple[str, bool]]:
    with counter.place.vault.read() as tx:
        found = kept_days.verdicts_of(tx, said.statement.day)
    return [(each.kind, each.genuine) for each in found]


def _question(said: DayClosed, digest: str) -> DayQuestion:
    whole = Range(count=2, digest=digest)
    return DayQuestion(
        day=said.statement.day, version=1, before=said.statement.before, round=1,
        ranges=(whole,),
    )  # fmt: skip


def test_p07_a_question_is_answered_by_what_is_held(
    counter: Counter, closed: DayClosed
) -> None:
    """Where the digests differ the records are named; where they agree nothing is."""
    _take(counter, _question(closed, "0" * 64))
    answer = counter.entries()[-1].body
    assert isinstance(answer, DayCompared)
    assert (answer.day, answer.round) == (closed.statement.day, 1)
    named = [leaf for each in answer.ranges for leaf in each.records or ()]
    places = [(leaf.epoch, leaf.sequence) for leaf in named]
    last = closed.statement.before.sequence
    assert places == [(1, last - 2), (1, last - 1)]
    _take(counter, _question(closed, closed.statement.root))
    again = counter.entries()[-1].body
    assert isinstance(again, DayCompared)
    assert again.ranges == ()
    assert _verdicts(counter, closed) == [("day_question", True)] * 2


def test_p07_a_late_entry_is_no_part_of_the_answer(
    counter: Counter, closed: DayClosed
) -> None:
    """The question is of the closing: what came after it was not counted there."""
    counter.take(seed=3)
    _take(counter, _question(closed, closed.statement.root))
    answer = counter.entries()[-1].body
    assert isinstance(answer, DayCompared)
    assert answer.ranges == ()


def test_p07_the_districts_signature_over_this_very_closing_counts(
    counter: Counter, closed: DayClosed
) -> None:
    _take(counter, counter.town.agrees(closed, closed.statement.before))
    assert _verdicts(counter, closed) == [("statement_agreed", True)]


def test_p07_a_signature_of_before_the_districts_keys_changed_counts(
    counter: Counter, closed: DayClosed
) -> None:
    """It was on its way while they changed; once a key is retired it counts no more."""
    former = SigningKey(b"\x0f" * 32)
    with counter.place.vault.write() as tx:
        former_keys.keep(tx, "answers", former.public, since=utc_text(MONDAY))
    said = counter.town.agrees(closed, closed.statement.before, former)
    _take(counter, said)
    with counter.place.vault.write() as tx:
        former_keys.retire(tx, former.key_id, at=utc_text(MONDAY))
    _take(counter, said)
    assert _verdicts(counter, closed) == [
        ("statement_agreed", True), ("statement_agreed", False)
    ]  # fmt: skip


def test_p07_any_other_signature_is_kept_and_does_not_count(
    counter: Counter, closed: DayClosed
) -> None:
    here = closed.statement.before
    good = counter.town.agrees(closed, here)
    elsewhere = Place(epoch=1, sequence=here.sequence - 1)
    other = closed.statement.model_copy(update={"root": "0" * 64})
    for forged in (
        counter.town.agrees(closed, here, SigningKey(b"\x66" * 32)),
        counter.town.agrees(closed, elsewhere),
        counter.town.agrees(closed.model_copy(update={"statement": other}), here),
        good.model_copy(update={"version": 2}),
        good.model_copy(update={"document": {}}),
    ):
        _take(counter, forged)
    assert _verdicts(counter, closed) == [("statement_agreed", False)] * 5


def test_a_difference_is_kept_and_other_bodies_are_not_for_here(
    counter: Counter, closed: DayClosed
) -> None:
    count = len(counter.entries())
    _take(counter, StatementDiffers(
        day=closed.statement.day, version=1, before=closed.statement.before,
        found_at=MONDAY, rounds=2, differences=(),
    ))  # fmt: skip
    _take(counter, EntryQuarantined(epoch=1, sequence=1, problem=305, reason="r"))
    assert _verdicts(counter, closed) == [("statement_differs", True)]
    assert len(counter.entries()) == count
