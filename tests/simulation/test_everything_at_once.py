"""Worlds in which every disaster may happen: both sides put back within days (P8)."""

from pathlib import Path

import pytest

from tests.simulation.faults import Weather
from tests.simulation.world import World

DAYS = 15


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [3, 5])
def test_p08_a_world_with_every_disaster_keeps_its_promises(
    seed: int, tmp_path: Path
) -> None:
    world = World(seed, tmp_path / "world", 2, Weather())

    tally = world.run(DAYS)

    assert tally.counts["cases"] > DAYS
