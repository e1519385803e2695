"""The feed's cursor: repeats are ignored, gaps and strangers are refused whole."""

from datetime import UTC, datetime

import pytest

from schemas.feed import EntryQuarantined, FeedMessage
from schemas.problems import Code, Problem
from sync.protocol.feed import fresh_messages
from sync.seal.feed import Addressee, close_feed
from sync.seal.keys import SealingKey, SigningKey

DEVICE, STRANGER = "0" * 32, "1" * 32
ANSWERS, DESK = SigningKey.generate(), SealingKey.generate()
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


def message(position: int, device: str = DEVICE) -> FeedMessage:
    body = EntryQuarantined(epoch=1, sequence=1, problem=404, reason="示例")
    to = Addressee(device, DESK.public, position)
    return close_feed(body, to, answers=ANSWERS, now=NOON)


def fresh(*positions: int, cursor: int) -> list[int]:
    page = tuple(map(message, positions))
    found = fresh_messages(page, cursor=cursor, device=DEVICE)
    return [each.header.position for each in found]


def test_p04_repeats_are_ignored_and_order_is_restored() -> None:
    assert fresh(2, 1, 3, 2, cursor=1) == [2, 3]
    assert fresh(1, 2, cursor=2) == []
    assert fresh(cursor=0) == []


def test_a_gap_is_refused_and_nothing_of_the_page_is_used() -> None:
    with pytest.raises(Problem) as refused:
        fresh(1, 3, cursor=0)
    assert refused.value.code is Code.FEED_GAP


def test_a_message_for_another_desk_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        fresh_messages((message(1, STRANGER),), cursor=0, device=DEVICE)
    assert refused.value.code is Code.MESSAGE_MALFORMED
