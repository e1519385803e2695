"""The hour's budget: scans wait for it, and no wrong clock makes them wait for ever."""

from datetime import UTC, datetime, timedelta

import pytest

from sync.protocol.budget import Budget, limit_of

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def test_a_budget_is_spent_and_comes_back_after_an_hour() -> None:
    budget = Budget().after(600, now=NOW).after(500, now=NOW + timedelta(minutes=20))

    assert not budget.allows(1000, now=NOW + timedelta(minutes=59))
    assert budget.allows(1200, now=NOW + timedelta(minutes=59))
    assert budget.allows(1000, now=NOW + timedelta(minutes=60))


def test_no_limit_is_no_limit() -> None:
    assert Budget(NOW, 10**12).allows(None, now=NOW)


@pytest.mark.parametrize("days", [-4000, -1, 1, 4000])
def test_p09_a_clock_that_jumps_begins_another_hour(days: int) -> None:
    budget = Budget().after(10**6, now=NOW)
    assert budget.allows(1000, now=NOW + timedelta(days=days))


def test_it_survives_a_restart() -> None:
    budget = Budget().after(700, now=NOW)
    assert Budget.from_text(budget.to_text()) == budget
    assert Budget.from_text(Budget().to_text()) == Budget()
    assert Budget.from_text("nonsense") == Budget.from_text(None) == Budget()


@pytest.mark.parametrize(
    ("supervisor", "district", "limit"),
    [
        (0, None, None),
        (500, None, 500),
        (0, 300, 300),
        (500, 300, 300),
        (200, 300, 200),
    ],
)
def test_the_smaller_limit_counts(
    supervisor: int, district: int | None, limit: int | None
) -> None:
    assert limit_of(supervisor, district) == limit
