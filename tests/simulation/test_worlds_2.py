"""Every promise, on a quarter of CI's worlds: no case lost, none twice (4 files)."""

import pytest

from tests.simulation.worlds import QUARTERS, live_one_of_ci


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", QUARTERS[1])
def test_a_world_keeps_its_promises(seed: int) -> None:
    """`BrokenPromise` names the promise; its note says how to replay the seed."""
    live_one_of_ci(seed)
