"""A desk put back to before it renewed its own keys comes to rest, by people (P8).

Found by worlds of seeds 39 and 40: it signed with the former keys and was refused for
ever. Now its supervisor asks, as the window says, and the district approves.
"""

from pathlib import Path
from typing import Final

import pytest

from desk_app.services.syncing import keys_of
from schemas.problems import Code
from tests.simulation import fates
from tests.simulation.desk import SimDesk
from tests.simulation.faults import CALM, KINDS
from tests.simulation.world import World

_ROUNDS: Final = 4


def _island(folder: Path) -> tuple[World, SimDesk]:
    """Two desks; one has a case at the district."""
    world = World(1, folder / "world", desks_at=2, weather=CALM)
    desk = world.desks[0]
    world.take_case(desk)
    _talk(world, desk)
    return world, desk


def _rests(world: World, desk: SimDesk, *, after: Code, by: str) -> None:
    """The district says no; people do what the window says, and nothing is left."""
    world.take_case(desk)
    report = desk.sync()
    assert report is not None
    assert report.problem is after
    world.end()
    assert world.tally.counts[by] == 1
    world.close()


def _talk(world: World, desk: SimDesk) -> None:
    for _ in range(_ROUNDS):
        world.time.pass_by(hours=1)
        desk.sync()
        world.district.reconcile()


@pytest.mark.parametrize("how", ["folder", "backup"])
@pytest.mark.parametrize("district_too", [False, True])
def test_p08_a_desk_put_back_to_before_its_keys_comes_to_rest(
    tmp_path: Path, how: str, *, district_too: bool
) -> None:
    world, desk = _island(tmp_path)
    world.keep_copy(desk)
    before = keys_of(desk.place).signing.key_id
    fates.renew_desk(world, desk)
    _talk(world, desk)
    assert keys_of(desk.place).signing.key_id != before
    world.keep_district()
    for _ in range(3):
        world.take_case(desk)
        _talk(world, desk)
    world.district.answer_some(2)
    world.take_case(desk)

    if district_too:
        world.put_back_district()
    if how == "folder":
        world.put_back(desk)
    else:
        fates.break_machine(world, desk)
    assert keys_of(desk.place).signing.key_id == before
    _rests(world, desk, after=Code.DEVICE_KEY_RETIRED, by="fresh keys approved")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_p08_it_comes_to_rest_in_weather_too(tmp_path: Path, seed: int) -> None:
    """Keys are renewed, and the folder put back, again and again, on a bad line."""
    weather = KINDS[seed % len(KINDS)]
    world = World(seed, tmp_path / "world", desks_at=1, weather=weather)
    desk = world.desks[0]
    for _ in range(3):
        world.keep_copy(desk)
        fates.renew_desk(world, desk)
        for _ in range(3):
            world._day()
        if desk not in world.desks:
            break
        world.put_back(desk)
    world.end()
    world.close()


@pytest.mark.parametrize("renewals", [1, 2])
def test_p08_a_desk_whose_keys_its_put_back_district_forgot_comes_to_rest(
    tmp_path: Path, renewals: int
) -> None:
    """Found by the world of seed 60: it was unknown (300), for ever."""
    world, desk = _island(tmp_path)
    world.keep_district()
    for _ in range(renewals):
        fates.renew_desk(world, desk)
        world.take_case(desk)
        _talk(world, desk)
    world.district.answer_some(2)
    _talk(world, desk)
    world.put_back_district()
    _rests(world, desk, after=Code.DEVICE_UNKNOWN, by="known again")
