"""Patience and letting go: pure decisions."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas.problems import Code
from sync.protocol.chain import chain_next, chain_over, chain_start
from sync.protocol.outbox import FIRST_DELAY, LONGEST_DELAY, Patience
from sync.protocol.outcomes import Busy, Kept, NotOurs, Refused, parse_outcome
from sync.seal import suite1

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


@given(st.integers(0, 10_000), st.floats(0, 0.999))
def test_waits_double_and_stay_within_the_hour(failures: int, dice: float) -> None:
    after = Patience(failures).failed(Code.LINE_DOWN, now=NOON, dice=dice)
    assert after.not_before is not None
    wait = after.not_before - NOON
    assert FIRST_DELAY * 0.9 <= wait <= LONGEST_DELAY * 1.1


def test_p09_a_clock_set_back_never_stops_sending() -> None:
    waiting = Patience().failed(Code.LINE_DOWN, now=NOON, dice=0.5)
    assert not waiting.allows(NOON)
    assert waiting.allows(NOON - timedelta(days=400))


def test_p06_a_captive_portal_is_not_a_district() -> None:
    page = b"<html>please log in</html>"
    assert parse_outcome(page, retry_after=None) == NotOurs(Code.ANSWER_NOT_OURS)
    assert isinstance(parse_outcome(b'{"receipt": {}}', retry_after=None), Kept)
    refused = parse_outcome(b'{"problem": 301}', retry_after=None)
    assert refused == Refused(Code.DEVICE_REVOKED)
    assert parse_outcome(b'{"problem": 203}', retry_after="90") == Busy(90)


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=6))
def test_any_change_of_the_journal_changes_the_chain(entries: list[bytes]) -> None:
    start = chain_start(suite1.digest, "d" * 32, 1)
    head = chain_over(suite1.digest, start, entries)
    swapped = [entries[0] + b"x", *entries[1:]]
    assert chain_over(suite1.digest, start, swapped) != head
    assert chain_next(suite1.digest, head, b"more") != head
