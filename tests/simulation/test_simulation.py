"""Every promise, on many seeds: no case lost, none twice, whatever breaks."""

import pytest

from tests.simulation.__main__ import live

DAYS = 40
SEEDS = range(1, 13)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_world_keeps_its_promises(seed: int) -> None:
    """`BrokenPromise` names the promise; its note says how to replay the seed."""
    tally = live(seed, DAYS)

    assert tally.counts["desk-days"] == 2 * DAYS
    assert tally.counts["cases"] > DAYS


def test_a_seed_replays() -> None:
    """The same seed lives the same life, to the last count."""
    assert live(5, 12).counts == live(5, 12).counts
