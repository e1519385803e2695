"""Figures: each ties to the case list with the same filter."""

from datetime import timedelta

from desk_app.services import reading, statistics, steps
from desk_app.services.standing import local_day
from desk_app.store.cases import CaseFilter
from schemas.case import CaseState
from tests.support.counter import MONDAY, Counter

TODAY = local_day(MONDAY)


def _listed(counter: Counter, wanted: CaseFilter) -> int:
    return reading.list_cases(counter.place, wanted, page=0, page_size=500).total


def test_figures_tie_to_the_list_that_they_open(counter: Counter) -> None:
    for seed, code in ((1, "HY01-02"), (2, "HY01-02"), (3, "HY12-01")):
        counter.take(code, seed=seed)
    counter.watch.later(days=1)
    steps.withdraw(counter.place, counter.take(seed=4), reason="不办了")

    found = statistics.figures(
        counter.place, since=TODAY, until=TODAY + timedelta(days=1)
    )

    span = CaseFilter(since=found.since.isoformat(), until=found.until.isoformat())
    assert found.total == _listed(counter, span) == 4
    assert [count for _, count in found.by_day] == [3, 1]
    for state, count in found.by_state:
        assert count == _listed(counter, span.with_one("state", str(state)))
    for code, _, count in found.by_item:
        assert count == _listed(counter, span.with_one("item", code))
    assert dict(found.by_state)[CaseState.WITHDRAWN] == 1
    assert [code for code, _, _ in found.by_item] == ["HY01-02", "HY12-01"]


def test_a_day_without_a_case_counts_none(counter: Counter) -> None:
    since = TODAY - timedelta(days=30)
    found = statistics.figures(
        counter.place, since=since, until=since + timedelta(days=2)
    )
    assert [count for _, count in found.by_day] == [0, 0, 0]
    assert (found.total, found.by_item, found.by_state) == (0, (), ())
