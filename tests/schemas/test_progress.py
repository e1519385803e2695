"""A long work that is told to stop says so by its number."""

import pytest

from schemas.problems import Code, Problem
from schemas.progress import nobody_watches, tell


def test_a_work_is_told_on_until_somebody_stops_it() -> None:
    told: list[int] = []

    def watcher(count: int) -> bool:
        told.append(count)
        return count < 2

    tell(watcher, 0)
    tell(watcher, 1)
    with pytest.raises(Problem) as stopped:
        tell(watcher, 2)
    assert stopped.value.code is Code.STOPPED
    assert told == [0, 1, 2]


def test_where_nobody_watches_nothing_stops_it() -> None:
    for count in (0, 1, 10**9):
        tell(nobody_watches, count)
