"""The hour's budget: the smaller of the supervisor's limit and the district's."""

from datetime import timedelta

import pytest

from desk_app.services import budgeting
from schemas.contact import Allowance
from schemas.problems import Code
from tests.support.counter import MONDAY, Counter, refused


@pytest.fixture(autouse=True)
def _nobody_said_anything(counter: Counter) -> None:
    with counter.place.vault.write() as tx:
        tx.run("DELETE FROM settings WHERE name IN ('welcome', 'line_budget',"
               " 'scan_bytes_per_hour')")  # fmt: skip


def _district_says(counter: Counter, size: int | None) -> None:
    welcome = counter.town.welcome(allowance=Allowance(bytes_per_hour=size))
    counter.put("welcome", welcome.model_dump_json())


def _allowed(counter: Counter, *, minutes: float = 0) -> bool:
    with counter.place.vault.read() as tx:
        return budgeting.allows_scans(tx, now=MONDAY + timedelta(minutes=minutes))


def _spend(counter: Counter, size: int, *, minutes: float = 0) -> None:
    with counter.place.vault.write() as tx:
        budgeting.spend(tx, size, now=MONDAY + timedelta(minutes=minutes))


def test_without_a_limit_of_anybodys_scans_go(counter: Counter) -> None:
    place = counter.place
    assert (budgeting.own_limit(place), budgeting.limit_in_force(place)) == (0, None)
    _spend(counter, 2**30)
    assert _allowed(counter)


def test_scans_wait_for_the_next_hour_once_it_is_spent(counter: Counter) -> None:
    budgeting.set_limit(counter.place, 1000)
    _spend(counter, 999)
    assert _allowed(counter), "one more piece may begin"
    _spend(counter, 0, minutes=30)
    _spend(counter, 1, minutes=59)
    assert not _allowed(counter, minutes=59)
    assert _allowed(counter, minutes=60)


@pytest.mark.parametrize(
    ("own", "districts", "in_force"),
    [
        (0, 500, 500),
        (300, 500, 300),
        (900, 500, 500),
        (900, None, 900),
        (0, None, None),
    ],
)
def test_the_smaller_limit_is_in_force(
    counter: Counter, own: int, districts: int | None, in_force: int | None
) -> None:
    budgeting.set_limit(counter.place, own)
    _district_says(counter, districts)
    assert budgeting.limit_in_force(counter.place) == in_force
    assert budgeting.own_limit(counter.place) == own


@pytest.mark.parametrize("size", [-1, 2**40 + 1])
def test_a_limit_has_bounds(counter: Counter, size: int) -> None:
    refused(Code.LIMIT_OUT_OF_RANGE, budgeting.set_limit, counter.place, size)
    assert budgeting.own_limit(counter.place) == 0


def test_a_clerk_sets_no_limit_and_a_supervisor_is_on_record(counter: Counter) -> None:
    refused(Code.NOT_ALLOWED, budgeting.set_limit, counter.as_("wu"), 1000)
    budgeting.set_limit(counter.as_("lin"), 1000)
    assert counter.trail()[0] == "preference_set"
