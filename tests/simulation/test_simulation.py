"""The simulator itself: what CI lives, that a seed replays, that a loss is noticed."""

import re
from itertools import chain
from pathlib import Path

import pytest

from tests.simulation import fates
from tests.simulation.faults import CALM, Tally
from tests.simulation.witness import BrokenPromise, judge
from tests.simulation.world import World
from tests.simulation.worlds import (
    DAYS,
    DESKS,
    GROUPS,
    QUARTERS,
    SEEDS,
    live,
    table_of,
    total_of,
)

PAGE = Path(__file__).parents[2] / "docs" / "simulation.md"


def test_every_world_of_ci_is_in_one_of_its_files() -> None:
    assert sorted(chain.from_iterable(QUARTERS)) == sorted(set(SEEDS))
    assert len(SEEDS) * DESKS * DAYS >= 10_000


def test_a_seed_replays() -> None:
    """The same seed lives the same life, to the last count."""
    assert live(4, 10).counts == live(4, 10).counts


def test_a_failing_seed_is_printed_with_how_to_replay_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As CI shows it, for every kind of failure."""

    def broken(*_: object) -> None:
        promise, seen = "P3", "lost at the district"
        raise BrokenPromise(promise, seen)

    monkeypatch.setattr("tests.simulation.world.judge", broken)
    with pytest.raises(BrokenPromise) as failed:
        live(6, 1, desks=1)

    assert "replay: make simulate SEED=6 DAYS=1 DESKS=1" in failed.value.__notes__


@pytest.mark.parametrize("side", ["desk", "district"])
def test_a_case_taken_away_behind_the_programs_back_is_a_loss(
    tmp_path: Path, side: str
) -> None:
    """The witness is no ornament: it sees and counts one row less on either side."""
    world = World(1, tmp_path / "world", desks_at=1, weather=CALM)
    desk = world.desks[0]
    world.take_case(desk)
    world.rest()
    if side == "desk":
        with desk.place.vault.write() as tx:
            tx.run("DELETE FROM cases")
    else:
        with world.district.open.record._engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM cases")

    with pytest.raises(BrokenPromise):
        judge(world.witness, world.desks, world.district)

    assert world.witness.lost == 1
    world.close()


@pytest.mark.parametrize("how", ["none", "folder", "machine", "torn"])
def test_p06_a_desk_is_judged_by_what_it_can_know_of_a_loss(
    tmp_path: Path, how: str
) -> None:
    """It learns what a district put back has lost as it calls: again where it forgot.

    Found by world 60: the machine broke before it had called.
    """
    world = World(1, tmp_path / "world", desks_at=1, weather=CALM)
    desk = world.desks[0]
    world.take_case(desk)
    desk.sync()
    world.keep_copy(desk)
    world.put_back_district()
    if how != "none":
        # It had called; what it is put back to knows nothing of that.
        world.heard.spoke(desk.device)
    if how == "folder":
        world.put_back(desk)
    elif how == "machine":
        fates.break_machine(world, desk)
    elif how == "torn":
        world.heard.torn(desk.device)
    world.check_release(desk)

    # Had it called, it would have to know.
    world.heard.spoke(desk.device)
    with pytest.raises(BrokenPromise, match="released 1, held 0"):
        world.check_release(desk)
    world.end()
    world.check_release(desk)
    world.close()


def test_the_table_sums_all_worlds_and_shows_every_line() -> None:
    tallies = [Tally({"lost": 0, "cases": 2}), Tally({"lost": 1, "cases": 1_200})]

    table = table_of(total_of(tallies))

    assert "| **cases lost** | 1 |" in table
    assert "| cases taken | 1,202 |" in table
    assert "| worlds | 2 |" in table
    assert table.count("\n") == 2 + sum(1 + len(group.lines) for group in GROUPS)


def test_what_is_published_is_of_whole_worlds_of_ci_and_names_no_loss() -> None:
    """The page's table is made by a command; here it is held to CI's own worlds."""
    page = PAGE.read_text("utf-8")
    lived = {
        words: int(count.replace(",", ""))
        for words, count in re.findall(r"^\| (.+?) \| ([\d,]+) \|$", page, re.MULTILINE)
    }

    assert lived["desk-days"] == lived["worlds"] * DAYS * DESKS
    assert lived["worlds"] == len(SEEDS)
    assert (lived["**cases lost**"], lived["**cases filed twice**"]) == (0, 0)
