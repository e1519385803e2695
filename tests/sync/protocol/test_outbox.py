"""Patience and letting go: pure decisions."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.problems import Code
from schemas.receipt import Receipt
from sync.protocol.outbox import FIRST_DELAY, LONGEST_DELAY, Patience, releases
from sync.seal.batches import read_batch

VECTORS = json.loads(
    (Path(__file__).parents[3] / "docs" / "vectors" / "wire-1.json").read_text("utf-8")
)
BATCH = read_batch(base64.b64decode(VECTORS["batch"]))
RECEIPT = Receipt.model_validate(VECTORS["receipt"])
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


def test_p06_a_receipt_releases_the_very_batch_it_names() -> None:
    assert releases(RECEIPT, header=BATCH.header, batch_digest=BATCH.digest)
    assert not releases(RECEIPT, header=BATCH.header, batch_digest="0" * 64)


@pytest.mark.parametrize(
    "change",
    [
        {"device": "0" * 32},
        {"epoch": 2},
        {"first": 2},
        {"last": 3},
        {"chain_after": "0" * 64},
        {"batch_digest": "0" * 64},
    ],
)
def test_p06_a_receipt_for_other_entries_releases_nothing(
    change: dict[str, object],
) -> None:
    other = RECEIPT.model_copy(update=change)
    assert not releases(other, header=BATCH.header, batch_digest=BATCH.digest)
