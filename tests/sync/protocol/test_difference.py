"""P7: where two sides differ is found to the record in few exchanges."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.statement import Leaf, RecordDifference
from sync.protocol import difference
from sync.protocol.difference import Held, answer, first_question, judge
from sync.seal import suite1

Side = dict[tuple[int, int], str]


def a_leaf(epoch: int, sequence: int, content: str) -> Leaf:
    own = suite1.digest(f"{epoch}/{sequence}/{content}".encode())
    return Leaf(epoch=epoch, sequence=sequence, digest=own)


def held(side: Side) -> Held:
    leaves = [a_leaf(*key, content) for key, content in sorted(side.items())]
    return Held(leaves, suite1.digest)


def search(desk: Held, district: Held) -> tuple[list[RecordDifference], int, int]:
    """Exchange until nothing is open; returns what was found, exchanges, records."""
    found: list[RecordDifference] = []
    exchanges = named = 0
    ranges = first_question(district)
    while ranges:
        said = answer(desk, ranges)
        exchanges += 1
        named += sum(len(each.records or ()) for each in (*ranges, *said))
        judged = judge(district, said)
        found += judged.found
        ranges = judged.ranges
        assert exchanges < 50, "the search does not end"
    return found, exchanges, named


def truth(desk: Side, district: Side) -> dict[tuple[int, int], str]:
    return {
        key: "changed"
        if key in desk and key in district
        else ("missing_at_district" if key in desk else "missing_at_desk")
        for key in desk.keys() | district.keys()
        if desk.get(key) != district.get(key)
    }


KEYS = st.tuples(st.integers(1, 3), st.integers(1, 400))
SIDES = st.dictionaries(KEYS, st.just("same"), max_size=300)
HARM = st.dictionaries(KEYS, st.sampled_from(["drop", "change", "add"]), max_size=12)


@settings(max_examples=150, deadline=None)
@given(SIDES, HARM, HARM)
def test_p07_exactly_the_records_that_differ_are_named(
    both: Side, at_desk: dict[tuple[int, int], str], there: dict[tuple[int, int], str]
) -> None:
    desk, district = dict(both), dict(both)
    for side, harm in ((desk, at_desk), (district, there)):
        for key, how in harm.items():
            if how == "drop":
                side.pop(key, None)
            elif how == "change" and key in side:
                side[key] = f"changed {id(side)}"
            elif how == "add":
                side.setdefault(key, f"added {id(side)}")
    found, exchanges, _ = search(held(desk), held(district))
    named = {(each.epoch, each.sequence): each.what for each in found}
    assert named == truth(desk, district)
    assert len(found) == len(named), "a record was named twice"
    assert exchanges <= 4


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 30_000), st.data())
def test_p07_one_record_is_found_in_logarithmic_exchanges(
    size: int, data: st.DataObject
) -> None:
    desk: Side = {(1, n): "same" for n in range(1, size + 1)}
    where = data.draw(st.integers(1, size))
    how = data.draw(st.sampled_from(["missing here", "missing there", "changed"]))
    district = dict(desk)
    if how == "missing here":
        del desk[1, where]
    elif how == "missing there":
        del district[1, where]
    else:
        district[1, where] = "other"
    found, exchanges, named = search(held(desk), held(district))
    assert [(each.epoch, each.sequence) for each in found] == [(1, where)]
    # An exchange divides by 256; the last one names at most sixteen records a side.
    assert exchanges <= math.ceil(math.log(max(size, 2), 256)) + 1
    assert named <= 2 * (difference.FAN_OUT + 1)


def test_p07_a_side_that_lost_the_whole_day_hears_of_every_record() -> None:
    full: Side = {(1, n): "same" for n in range(1, 10_001)}
    for desk, district, what in (
        (full, {}, "missing_at_district"),
        ({}, full, "missing_at_desk"),
    ):
        found, exchanges, _ = search(held(desk), held(district))
        assert len(found) == 10_000
        assert {each.what for each in found} == {what}
        assert exchanges <= 8


def test_a_message_stays_bounded_when_everything_differs() -> None:
    desk: Side = {(1, n): "one" for n in range(1, 20_001)}
    district: Side = {(1, n): "other" for n in range(1, 20_001)}
    one, other = held(desk), held(district)
    ranges = first_question(other)
    total = rounds = 0
    while ranges:
        said = answer(one, ranges)
        for message in (ranges, said):
            weight = sum(1 + len(each.records or ()) for each in message)
            assert weight <= difference.LARGEST + len(message)
        judged = judge(other, said)
        total += len(judged.found)
        ranges = judged.ranges
        rounds += 1
        assert rounds < 60
    assert total == 20_000


def test_equal_sides_ask_nothing_further() -> None:
    side: Side = {(2, n): "same" for n in range(1, 500)}
    assert answer(held(side), first_question(held(side))) == ()
