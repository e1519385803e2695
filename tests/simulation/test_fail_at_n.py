"""Every write from taking a case to its receipt fails in turn: nothing is lost.

The power goes before the n-th write (and before and after each commit) of the desk,
then of the district, for every n that the way has; after each cut the way is walked to
its end and both sides are judged.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.case import Received
from sync.district.reconcile.answering import admitted, answer_case
from tests.simulation.faults import CALM, PowerCut
from tests.simulation.witness import check_release, judge
from tests.simulation.world import World

# More than the whole way has; the test says if it ever grows beyond.
FURTHEST = 400


def _desk_acts(world: World, act: Callable[[], object]) -> bool:
    """Let the desk act; True where its power went (it is up again)."""
    desk = world.desks[0]
    try:
        act()
    except PowerCut:
        desk.cut_power()
        return True
    return False


def _answer_all(world: World) -> None:
    record = world.district.open.record
    cases, _ = record.list_cases(limit=1000)
    for case in cases:
        if admitted(case, Received(official_number=f"示例{case.number[-6:]}")):
            answer = Received(official_number=f"示例{case.number[-6:]}")
            answer_case(record, case.number, answer, by="审核", now=world.time.now())


def _walk(world: World) -> None:
    """Take a case, send it, file it, answer it, take the answer."""
    desk, district = world.desks[0], world.district
    _desk_acts(world, desk.take_case)
    world.witness.saw(desk)
    desk.sync()
    district.reconcile()
    try:
        _answer_all(world)
    except PowerCut:
        district.restart()
    district.reconcile()
    desk.sync()
    world.witness.saw(desk)
    check_release(desk, district)


def _to_rest(world: World) -> None:
    desk, district = world.desks[0], world.district
    desk.fuse.put_out()
    district.fuse.put_out()
    for _ in range(3):
        world.time.pass_by(hours=2)
        desk.sync()
        district.reconcile()
    world.witness.saw(desk)
    judge(world.witness, world.desks, district)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("side", ["desk", "district"])
def test_p01_p04_every_write_of_the_way_may_be_the_last(
    tmp_path: Path, side: str
) -> None:
    world = World(7, tmp_path / "world", desks_at=1, weather=CALM)
    fuse = world.desks[0].fuse if side == "desk" else world.district.fuse
    cuts = 0
    for n in range(1, FURTHEST):
        fuse.left = n
        _walk(world)
        walked_whole = fuse.left is not None
        cuts += not walked_whole
        _to_rest(world)
        if walked_whole:
            break
    else:
        pytest.fail("the way has more writes than the test reaches")
    assert cuts > 20
    world.close()
