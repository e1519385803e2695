"""The feed: applied once, in order, kept with the bytes that came."""

import pytest
import sqlcipher3

from desk_app.store import feed
from desk_app.store.feed import FeedRecord
from desk_app.store.vault import Transaction
from tests.support.rows import AT, a_number


def _heard(tx: Transaction, position: int, number: str | None = None) -> None:
    body, message = f'{{"n":{position}}}', f"message {position}"
    feed.add(tx, FeedRecord(position, "case_decided", number, body, message, AT))


def test_the_cursor_is_the_last_message_that_was_kept(tx: Transaction) -> None:
    assert (feed.cursor(tx), feed.newest(tx)) == (0, None)
    for position in (1, 2, 5):
        _heard(tx, position)
    assert (feed.cursor(tx), feed.newest(tx)) == (5, "message 5")


def test_what_came_between_two_places_is_in_order_and_half_open(
    tx: Transaction,
) -> None:
    for position in (1, 2, 3, 4):
        _heard(tx, position)
    told = feed.between(tx, after=1, through=3)
    assert told == (('{"n":2}', "message 2"), ('{"n":3}', "message 3"))
    assert feed.between(tx, after=4, through=9) == ()


def test_a_case_has_its_own_messages_only(tx: Transaction) -> None:
    for position, number in ((1, a_number(1)), (2, a_number(2)), (3, a_number(1))):
        _heard(tx, position, number)
    _heard(tx, 4)
    found = feed.of_case(tx, a_number(1))
    assert found == ((1, '{"n":1}'), (3, '{"n":3}'))


def test_p04_a_position_is_applied_once_and_never_changed(tx: Transaction) -> None:
    _heard(tx, 1)
    with pytest.raises(sqlcipher3.IntegrityError):
        _heard(tx, 1)
    with pytest.raises(sqlcipher3.IntegrityError, match="append-only"):
        tx.run("UPDATE feed SET body = '{}'")
    assert feed.between(tx, after=0, through=9) == (('{"n":1}', "message 1"),)
