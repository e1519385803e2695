"""Whether the district's messages follow each other; a fork is noticed and taken."""

from collections.abc import Iterator

import pytest

from desk_app.services import lineage
from desk_app.store import feed, incidents
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.messages import FeedMessage
from schemas.publications import NoticePublished
from sync.seal.feed import Addressee, close_feed, message_digest
from sync.seal.keys import SealingKey
from tests.support.counter import MONDAY, Counter
from tests.support.rows import undone

TO = SealingKey.generate().public


@pytest.fixture
def tx(counter: Counter) -> Iterator[Transaction]:
    with undone(counter.place.vault) as under_way:
        yield under_way


def _message(
    counter: Counter, position: int, after: FeedMessage | None, *, named: bool = True
) -> FeedMessage:
    previous = message_digest(after) if named and after else None
    said = NoticePublished(text="通知", published_at=MONDAY, published_by="区级")
    to = Addressee("d" * 32, TO, position, previous=previous)
    return close_feed(said, to, answers=counter.town.answers, now=MONDAY)


def _take(tx: Transaction, message: FeedMessage) -> int:
    """Apply a message as the port does; returns how often a fork was noticed."""
    lineage.check(tx, message, now=MONDAY)
    record = feed.FeedRecord(
        message.header.position, "notice_published", None, "{}",
        message.model_dump_json(), utc_text(MONDAY),
    )  # fmt: skip
    feed.add(tx, record)
    kinds = [each.what for each in incidents.listed(tx, unseen_only=True, limit=9)]
    return kinds.count("feed_forked")


def test_messages_that_name_the_one_before_are_one_history(
    counter: Counter, tx: Transaction
) -> None:
    last = None
    for position in (1, 2, 3):
        last = _message(counter, position, last)
        assert _take(tx, last) == 0
        assert lineage.last_digest(tx) == message_digest(last)


def test_p08_a_second_history_is_noticed_at_its_first_message(
    counter: Counter, tx: Transaction
) -> None:
    first = _message(counter, 1, None)
    _take(tx, first)
    other = _message(counter, 2, _message(counter, 1, None))
    assert _take(tx, _message(counter, 2, first)) == 0
    assert _take(tx, _message(counter, 3, other)) == 1


def test_a_district_that_names_none_is_believed_until_it_begins_to(
    counter: Counter, tx: Transaction
) -> None:
    """A district of 0.1 names none; one that has begun to does not leave off."""
    first = _message(counter, 1, None)
    second = _message(counter, 2, first, named=False)
    third = _message(counter, 3, second)
    assert [_take(tx, each) for each in (first, second, third)] == [0, 0, 0]
    assert _take(tx, _message(counter, 4, third, named=False)) == 1


def test_before_the_first_message_there_is_nothing_to_name(tx: Transaction) -> None:
    assert lineage.last_digest(tx) is None
