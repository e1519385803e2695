"""Find the records on which two sides differ by comparing ranges: pure.

Range-based set reconciliation (A. Meyer, 2023) with a fan-out of 16: a range whose
digests differ is cut into sixteen by whoever is asked, until so few records are in it
that they are named one by one. Bounds are places, so that a record missing on one
side shifts nothing on the other. Each message divides by 16, each exchange (question
and answer) by 256.

Rule 1: the district asks, the desk answers; neither keeps a state between messages.
Rule 2: a message is bounded; what does not fit goes back uncut, for the next one.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from schemas.statement import Leaf, Place, Range, RecordDifference
from sync.protocol.chain import DigestOf
from sync.protocol.statement import Key, range_digest

What: TypeAlias = Literal["missing_at_district", "missing_at_desk", "changed"]
FAN_OUT: Final = 16
# As many as a day's message may name: about 100 bytes each before compression.
LARGEST: Final = 4096


@dataclass(frozen=True)
class Held:
    """One side's leaves of a day, in order."""

    leaves: Sequence[Leaf]
    digest: DigestOf

    @cached_property
    def _keys(self) -> list[Key]:
        return [_key(each) for each in self.leaves]

    def between(self, after: Place | None, upto: Place | None) -> Sequence[Leaf]:
        """Return the leaves after one place up to another."""
        keys = self._keys
        low = bisect_right(keys, _key(after)) if after else 0
        high = bisect_right(keys, _key(upto)) if upto else len(keys)
        return self.leaves[low : max(low, high)]

    def range(
        self, after: Place | None, upto: Place | None, *, named: bool = False
    ) -> Range:
        """Return what is held in a range; `named` lists the records."""
        inside = self.between(after, upto)
        return Range(
            after=after,
            upto=upto,
            count=len(inside),
            digest=range_digest(inside, self.digest),
            records=tuple(inside) if named else None,
        )

    def cut(self, asked: Range) -> tuple[Range, ...]:
        """Return a range in sixteen parts, or its records where they are few."""
        inside = self.between(asked.after, asked.upto)
        if len(inside) <= FAN_OUT:
            return (self.range(asked.after, asked.upto, named=True),)
        size = -(-len(inside) // FAN_OUT)
        ends = [inside[n - 1] for n in range(size, len(inside), size)]
        bounds = [asked.after, *map(_place, ends), asked.upto]
        return tuple(self.range(after, upto) for after, upto in pairwise(bounds))

    def differs(self, asked: Range) -> bool:
        """Say whether the other side holds something else in this range."""
        inside = self.between(asked.after, asked.upto)
        return range_digest(inside, self.digest) != asked.digest


def first_question(held: Held) -> tuple[Range, ...]:
    """Return the first ranges to ask about: the whole day in sixteen parts."""
    return held.cut(held.range(None, None))


def answer(held: Held, asked: Sequence[Range]) -> tuple[Range, ...]:
    """Return the desk's own ranges where its digests differ from the asked ones."""
    said: list[Range] = []
    room = LARGEST
    for each in filter(held.differs, asked):
        named = held.range(each.after, each.upto, named=True)
        if each.records is not None and named.count <= LARGEST:
            parts: tuple[Range, ...] = (named,)
        else:
            parts = held.cut(each)
        weight = _weight(parts)
        if weight > room and said:
            parts, weight = (held.range(each.after, each.upto),), 1
        room -= weight
        said += parts
    return tuple(said)


@dataclass(frozen=True, slots=True)
class Judged:
    """What an answer settled, and what is still to be asked."""

    found: tuple[RecordDifference, ...]
    ranges: tuple[Range, ...]


def judge(held: Held, answered: Sequence[Range]) -> Judged:
    """Return the differences that the desk's answer names, and the next question."""
    found: list[RecordDifference] = []
    ranges: list[Range] = []
    room = LARGEST
    for each in filter(held.differs, answered):
        if each.records is not None:
            inside = held.between(each.after, each.upto)
            found += _differences(inside, each.records)
            continue
        parts = held.cut(each)
        weight = _weight(parts)
        if weight > room and ranges:
            parts, weight = (held.range(each.after, each.upto),), 1
        room -= weight
        ranges += parts
    return Judged(tuple(found), tuple(ranges))


def _differences(
    district: Sequence[Leaf], desk: Sequence[Leaf]
) -> Iterator[RecordDifference]:
    ours = {_key(each): each for each in district}
    theirs = {_key(each): each for each in desk}
    for place in sorted(ours.keys() | theirs.keys()):
        here, there = ours.get(place), theirs.get(place)
        if here and there and here.digest == there.digest:
            continue
        yield RecordDifference(
            what=_what(here, there),
            epoch=place[0],
            sequence=place[1],
            desk=there.digest if there else None,
            district=here.digest if here else None,
            number=there.number if there else here.number if here else "",
        )


def _what(here: Leaf | None, there: Leaf | None) -> What:
    if here is None:
        return "missing_at_district"
    return "missing_at_desk" if there is None else "changed"


def with_differences(
    leaves: Sequence[Leaf], named: Sequence[RecordDifference]
) -> tuple[Leaf, ...]:
    """Return what the district must hold if the desk holds these, and differs so.

    A district that countersigns with exceptions has named every difference, or its
    root is another one.
    """
    by_place = {_key(each): each for each in leaves}
    for each in named:
        place = (each.epoch, each.sequence)
        if each.district is None:
            by_place.pop(place, None)
        else:
            by_place[place] = Leaf(
                epoch=each.epoch, sequence=each.sequence, digest=each.district
            )
    return tuple(by_place[place] for place in sorted(by_place))


def still_differs(held: Held, named: RecordDifference) -> bool:
    """Say whether the district holds at a place what it said that it holds."""
    here = {_key(each): each.digest for each in held.leaves}
    return here.get((named.epoch, named.sequence)) == named.district


def _weight(parts: Sequence[Range]) -> int:
    return sum(1 + len(each.records or ()) for each in parts)


def _key(place: Leaf | Place) -> Key:
    return place.epoch, place.sequence


def _place(each: Leaf) -> Place:
    return Place(epoch=each.epoch, sequence=each.sequence)
