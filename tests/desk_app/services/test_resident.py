"""What a resident may see: the own case, and nothing is learnt from a miss."""

import pytest

from desk_app.services import resident
from desk_app.services.slips import slip_for
from schemas.applicant import identity_of
from schemas.problems import Code
from tests.support.counter import Counter, refused


@pytest.fixture(autouse=True)
def _nobody_has_tried(counter: Counter) -> None:
    counter.put("look_up_misses", "0")


@pytest.fixture(scope="module")
def own_case(made: Counter) -> tuple[str, str]:
    number = made.take(seed=70)
    return number, identity_of(made.desk.case(number).application.applicant)[-4:]


def test_the_own_case_is_seen_by_number_or_slip_without_any_persons_name(
    counter: Counter, own_case: tuple[str, str]
) -> None:
    number, tail = own_case
    view = counter.desk.case(number)
    found = resident.look_up(counter.place, number.replace("-", ""), tail.lower())
    assert (found.number, found.state) == (number, view.row.state)
    for private in (view.row.applicant_name, view.row.phone, tail):
        assert private not in repr(found).replace(number, "")
    assert resident.look_up(counter.place, slip_for(counter.place, view)) == found


@pytest.mark.parametrize(
    ("text", "tail"),
    [(None, "0000"), (None, ""), ("350305107", None), ("IDS1|x", None), ("", "")],
)
def test_every_kind_of_miss_says_the_same(
    counter: Counter, own_case: tuple[str, str], text: str | None, tail: str | None
) -> None:
    number, right = own_case
    missed = refused(
        Code.CASE_UNKNOWN, resident.look_up, counter.place,
        number if text is None else text, right if tail is None else tail,
    )  # fmt: skip
    assert missed.params == {"number": ""}
    assert counter.trail()[0] == "look_up_missed"


def test_five_misses_slow_the_next_one_down_for_a_minute(
    counter: Counter, own_case: tuple[str, str]
) -> None:
    number, tail = own_case
    for _ in range(5):
        refused(Code.CASE_UNKNOWN, resident.look_up, counter.place, number, "0000")
    wait = refused(Code.TOO_MANY_TRIES, resident.look_up, counter.place, number, tail)
    assert 0 < int(wait.params["seconds"]) <= 61
    counter.watch.later(seconds=61)
    assert resident.look_up(counter.place, number, tail).number == number
    refused(Code.CASE_UNKNOWN, resident.look_up, counter.place, number, "0000")


def test_p09_a_clock_that_was_set_back_does_not_close_the_window(
    counter: Counter, own_case: tuple[str, str]
) -> None:
    number, tail = own_case
    for _ in range(5):
        refused(Code.CASE_UNKNOWN, resident.look_up, counter.place, number, "0000")
    counter.watch.later(days=-300)
    assert resident.look_up(counter.place, number, tail).number == number
