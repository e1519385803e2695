"""Legal days by another calendar: counted piece by piece, stopped, gone on with.

A published calendar with another holiday in it must move the days of the cases that
wait; the clock that reads it is `schemas.clock`, by way of `standing` and `deadlines`.
"""

import json
from collections.abc import Iterator
from datetime import date

import pytest

from desk_app.services import recounting
from desk_app.services.catalogue import shipped
from desk_app.services.desk import Desk
from desk_app.store import cases, texts
from schemas.progress import nobody_watches
from tests.support.rigs import PASSPHRASE, Island, an_island, take_case

ITEM = "HY01-02"


@pytest.fixture(scope="module")
def the_island(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Island]:
    with an_island(tmp_path_factory.mktemp("island")) as island:
        for seed in range(5):
            take_case(island.desk, ITEM, seed=seed)
        yield island


@pytest.fixture
def desk(the_island: Island, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk whose cases are counted by what is in use, two at once from now on."""
    desk = the_island.desk
    recounting.recount(desk.place, progress=nobody_watches)
    monkeypatch.setattr(recounting, "AT_ONCE", 2)
    return desk


def put_into_use(desk: Desk, *holidays: date) -> None:
    """Put a calendar into use in which these days are free, as a feed does."""
    with desk.place.vault.write() as tx:
        number, text = texts.newest(tx, "holidays") or (0, shipped("holidays"))
        calendar = json.loads(text)
        calendar["off"] += [day.isoformat() for day in holidays]
        at = desk.place.hands.now().isoformat()
        texts.keep(tx, "holidays", number + 1, json.dumps(calendar), at=at)


def due_days(desk: Desk) -> list[date]:
    with desk.place.vault.read() as tx:
        found = cases.with_due_day(tx, after="", limit=99)
    return [date.fromisoformat(str(each.due_day)) for each in found]


def test_another_calendar_moves_the_day_of_every_case_that_waits(desk: Desk) -> None:
    before = due_days(desk)
    put_into_use(desk, before[0])
    assert recounting.owed(desk.place) == 5
    assert recounting.recount(desk.place, progress=nobody_watches) == 5
    assert all(day > then for day, then in zip(due_days(desk), before, strict=True))
    assert recounting.owed(desk.place) == 0
    assert [row.deadline.day for row in desk.board().due if row.deadline] == (
        due_days(desk)
    )


def test_who_is_stopped_goes_on_where_it_was_left(desk: Desk) -> None:
    put_into_use(desk, due_days(desk)[0])
    told: list[int] = []

    def once(count: int) -> bool:
        told.append(count)
        return count < 2

    assert recounting.recount(desk.place, progress=once) == 2
    assert told == [0, 2]
    assert recounting.owed(desk.place) == 3
    assert len(set(due_days(desk))) == 2
    assert recounting.recount(desk.place, progress=nobody_watches) == 3
    assert len(set(due_days(desk))) == 1


def test_a_text_that_comes_in_the_middle_begins_it_anew(desk: Desk) -> None:
    put_into_use(desk, due_days(desk)[0])
    recounting.recount(desk.place, progress=lambda count: count < 2)
    put_into_use(desk, due_days(desk)[0])
    assert recounting.owed(desk.place) == 5
    assert recounting.recount(desk.place, progress=nobody_watches) == 5
    assert len(set(due_days(desk))) == 1


def test_nothing_is_counted_where_nothing_changed(desk: Desk) -> None:
    def must_not(count: int) -> bool:
        raise AssertionError(count)

    assert recounting.recount(desk.place, progress=must_not) == 0


def test_opening_the_desk_counts_nothing(the_island: Island, desk: Desk) -> None:
    """It may be a hundred thousand cases: whoever logs in does not wait for them."""
    put_into_use(desk, due_days(desk)[0])
    the_island.desk.lock()
    the_island.desk.unlock("lin", PASSPHRASE)
    assert recounting.owed(desk.place) == 5
