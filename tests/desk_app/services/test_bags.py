"""Paper bags: a step for each case; one that is refused stops none of the others."""

import pytest

from desk_app.services import bags, steps
from schemas.problems import Code
from schemas.steps import PapersAt
from tests.support.counter import Counter, refused


def _go(_: int) -> bool:
    return True


def _bag(counter: Counter, name: str, count: int = 2) -> list[str]:
    numbers = [counter.take(seed=seed) for seed in range(1, count + 1)]
    moved = bags.pack(counter.place, name, numbers, progress=_go)
    assert [(each.number, each.problem) for each in moved] == [
        (number, None) for number in numbers
    ]
    return numbers


def test_what_was_packed_is_in_the_bag_and_no_longer_at_the_window(
    counter: Counter,
) -> None:
    numbers = _bag(counter, "B-1")
    left = counter.take(seed=3)
    place = counter.place
    assert {row.number for row in bags.in_bag(place, "B-1")} == set(numbers)
    here = {row.number for row in bags.at_town(place)}
    assert left in here
    assert not here & set(numbers)
    assert bags.Bag("B-1", PapersAt.BAG, 2) in bags.bags(place)


def test_a_case_that_is_refused_is_named_and_stops_no_other(counter: Counter) -> None:
    good = counter.take(seed=1)
    unknown = "350305107-01-20260601-9999-0"
    moved = bags.pack(counter.place, "B-2", [unknown, good], progress=_go)
    assert [each.number for each in moved] == [unknown, good]
    assert moved[0].problem is not None
    assert moved[0].problem.code is Code.CASE_UNKNOWN
    assert moved[1].problem is None
    assert [row.number for row in bags.in_bag(counter.place, "B-2")] == [good]


def test_a_bag_moves_as_one_and_those_on_the_way_are_listed_first(
    counter: Counter,
) -> None:
    _bag(counter, "A-arrived")
    _bag(counter, "Z-on-the-way")
    moved = bags.move_bag(counter.place, "A-arrived", PapersAt.DISTRICT, progress=_go)
    assert [each.problem for each in moved] == [None, None]
    order = [bag.bag for bag in bags.bags(counter.place)]
    assert order.index("Z-on-the-way") < order.index("A-arrived")
    assert bags.Bag("A-arrived", PapersAt.DISTRICT, 2) in bags.bags(counter.place)


def test_a_long_work_can_be_stopped_and_says_what_was_done(counter: Counter) -> None:
    numbers = [counter.take(seed=seed) for seed in range(3)]
    told: list[int] = []

    def twice(done: int) -> bool:
        told.append(done)
        return done < 2

    moved = bags.pack(counter.place, "B-3", numbers, progress=twice)
    assert told == [0, 1, 2]
    assert [each.number for each in moved] == numbers[:2]
    assert len(bags.in_bag(counter.place, "B-3")) == 2


@pytest.mark.parametrize("verb", ["pack", "move"])
def test_an_empty_bag_does_not_travel(counter: Counter, verb: str) -> None:
    place = counter.place
    if verb == "pack":
        refused(Code.BAG_EMPTY, bags.pack, place, "B-4", [], progress=_go)
    else:
        refused(
            Code.BAG_EMPTY, bags.move_bag, place, "B-4", PapersAt.TOWN, progress=_go
        )


def test_papers_of_a_case_that_is_over_do_not_wait_to_be_packed(
    counter: Counter,
) -> None:
    withdrawn, waiting = counter.take(seed=5), counter.take(seed=6)
    steps.withdraw(counter.place, withdrawn, reason="不办了")
    here = {row.number for row in bags.at_town(counter.place)}
    assert withdrawn not in here
    assert waiting in here
