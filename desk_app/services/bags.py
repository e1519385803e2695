"""Paper bags: the originals of several cases travel together, and are known by number.

Each case has its own step in the journal (`papers_moved`); one that is refused stops
none of the others. A bag is what its cases say; nothing is kept of it elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from desk_app.services import reading, steps
from desk_app.services.hands import Workplace
from desk_app.services.shown import CaseRow
from desk_app.store import cases
from schemas.casework import DECIDED, OPEN
from schemas.problems import Code, Problem
from schemas.progress import Progress
from schemas.steps import PapersAt

_LISTED: Final = 500
_NOT_OVER: Final = tuple(sorted(OPEN | DECIDED))


@dataclass(frozen=True, slots=True)
class Bag:
    """A bag, where it is, and how many cases' papers are in it."""

    bag: str
    where: PapersAt
    count: int


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one case's papers."""

    number: str
    problem: Problem | None


def bags(place: Workplace) -> tuple[Bag, ...]:
    """Return every bag that is known, those on the way first."""
    with place.vault.read() as tx:
        found = cases.bags(tx)
    known = [Bag(bag, PapersAt(where), count) for bag, where, count in found]
    order = [PapersAt.BAG, PapersAt.DISTRICT, PapersAt.RETURNED, PapersAt.TOWN]
    return tuple(sorted(known, key=lambda each: (order.index(each.where), each.bag)))


def in_bag(place: Workplace, bag: str) -> tuple[CaseRow, ...]:
    """Return the cases whose papers are, or last were, in a bag."""
    wanted = cases.CaseFilter(bag=bag)
    return reading.list_cases(place, wanted, page=0, page_size=_LISTED).rows


def at_town(place: Workplace, *, limit: int = _LISTED) -> tuple[CaseRow, ...]:
    """Return the cases that are not over and whose papers are still here."""
    wanted = cases.CaseFilter(papers=PapersAt.TOWN, states=_NOT_OVER)
    return reading.list_cases(place, wanted, page=0, page_size=limit).rows


def pack(
    place: Workplace, bag: str, numbers: Sequence[str], *, progress: Progress
) -> tuple[Moved, ...]:
    """Put the papers of cases into a bag; `Problem(BAG_EMPTY)` for no case at all."""
    if not numbers:
        raise Problem(Code.BAG_EMPTY)
    return _move(place, numbers, PapersAt.BAG, bag, progress)


def move_bag(
    place: Workplace, bag: str, to: PapersAt, *, progress: Progress
) -> tuple[Moved, ...]:
    """Note for all cases of a bag where their papers are now."""
    numbers = [row.number for row in in_bag(place, bag)]
    if not numbers:
        raise Problem(Code.BAG_EMPTY)
    return _move(place, numbers, to, bag, progress)


def _move(
    place: Workplace, numbers: Sequence[str], to: PapersAt, bag: str, progress: Progress
) -> tuple[Moved, ...]:
    done: list[Moved] = []
    for number in numbers:
        if not progress(len(done)):
            break
        try:
            steps.move_papers(place, number, to, bag=bag)
        except Problem as problem:
            done.append(Moved(number, problem))
        else:
            done.append(Moved(number, None))
    return tuple(done)
