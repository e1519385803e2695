"""The feed's cursor: repeats are ignored, gaps and strangers are refused whole."""

from datetime import UTC, datetime

import pytest

from schemas.feed import EntryQuarantined, FeedMessage
from schemas.problems import Code, Problem
from sync.protocol.feed import fresh_messages
from sync.seal.feed import Addressee, close_feed, open_feed
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


def test_only_the_answers_key_answers_and_only_its_desk_reads() -> None:
    one = message(1)
    for public, key, expected in (
        (SigningKey.generate().public, DESK, Code.SIGNATURE_INVALID),
        (ANSWERS.public, SealingKey.generate(), Code.KEY_MISSING),
    ):
        with pytest.raises(Problem) as refused:
            open_feed(one, answers_public=public, key=key)
        assert refused.value.code is expected


def test_p10_a_body_of_a_newer_district_is_kept_whole() -> None:
    """What this version does not know is carried, not dropped."""

    class Newer(EntryQuarantined):
        kind: str = "from_the_future"  # type: ignore[assignment]
        more: str = "kept"

    newer = Newer(epoch=1, sequence=1, problem=1, reason="示例")
    sealed = close_feed(
        newer, Addressee(DEVICE, DESK.public, 1), answers=ANSWERS, now=NOON
    )
    opened = open_feed(sealed, answers_public=ANSWERS.public, key=DESK)
    assert opened.kind == "from_the_future"
    assert opened.model_dump()["more"] == "kept"
