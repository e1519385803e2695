"""Numbers are frozen after a rollback, and given again by whom and when it is safe."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from desk_app.services import freezing, numbering
from desk_app.store import numbers
from schemas.ids import NumberParts, case_number, read_case_number
from schemas.problems import Code
from tests.support.counter import MONDAY, Counter, refused
from tests.support.rigs import NANRI

TODAY = "2026-06-01"


@pytest.fixture(autouse=True)
def _thawed(counter: Counter) -> Iterator[None]:
    yield
    with counter.place.vault.write() as tx:
        freezing.thaw_in(tx)


def _freeze(counter: Counter, why: freezing.Why, until: str | None = None) -> None:
    with counter.place.vault.write() as tx:
        freezing.freeze_in(tx, why, until_after=until)


def _number(serial: int, *, terminal: str = "01", day: int = 1) -> str:
    date = MONDAY.date().replace(day=day)
    return case_number(NumberParts(NANRI, terminal, date, serial))


def test_p08_after_a_restore_no_number_of_that_day_is_given(counter: Counter) -> None:
    _freeze(counter, "restored", TODAY)
    problem = refused(Code.NUMBERING_FROZEN, counter.take, seed=1)
    assert problem.params["day"] == TODAY
    assert len(counter.desk.drafts()) > 0, "the draft stays"
    counter.watch.now = MONDAY.replace(hour=15, minute=59)
    refused(Code.NUMBERING_FROZEN, counter.take, seed=1)
    counter.watch.now = MONDAY.replace(hour=16)
    assert counter.take(seed=1)[13:21] == "20260602", "midnight at the window"


def test_p08_a_healing_and_a_clone_freeze_whatever_day_it_is(counter: Counter) -> None:
    for why in ("healing", "cloned"):
        _freeze(counter, why)
        counter.watch.later(days=400)
        refused(
            Code.NUMBERING_FROZEN, numbering.void_next_number, counter.place, "测试"
        )
        refused(Code.NUMBERING_FROZEN, freezing.resume_after, counter.place, _number(9))
        with counter.place.vault.read() as tx:
            frozen = freezing.frozen_in(tx, now=counter.watch.now)
        assert frozen is not None
        assert (frozen.why, frozen.until_after) == (why, None)


def test_numbers_go_on_after_the_last_one_of_the_paper_register(
    counter: Counter,
) -> None:
    _freeze(counter, "restored", TODAY)
    assert freezing.resume_after(counter.place, f" {_number(41)} ") == _number(41)
    assert counter.trail()[0] == "numbering_resumed"
    assert read_case_number(counter.take(seed=1)).serial == 42
    refused(
        Code.NUMBERING_NOT_FROZEN, freezing.resume_after, counter.place, _number(43)
    )


def test_only_a_number_of_this_desk_and_this_day_says_where_to_go_on(
    counter: Counter,
) -> None:
    _freeze(counter, "restored", TODAY)
    place = counter.place
    for other in (_number(60, terminal="02"), _number(60, day=2)):
        refused(Code.NUMBER_NOT_OF_TODAY, freezing.resume_after, place, other)
    wrong = _number(60)[:-1] + str((int(_number(60)[-1]) + 1) % 10)
    refused(Code.NUMBER_MALFORMED, freezing.resume_after, place, wrong)
    refused(Code.NOT_ALLOWED, freezing.resume_after, counter.as_("wu"), _number(60))
    with counter.as_("lin").vault.read() as tx:
        assert freezing.frozen_in(tx, now=MONDAY) is not None
        row = tx.row("SELECT max(serial) FROM serials WHERE day = ?", TODAY)
    assert row is not None
    assert row[0] != 60


def test_a_lower_number_of_the_register_takes_no_given_one_back(
    counter: Counter,
) -> None:
    """What was given here after the restore is known better here."""
    with counter.place.vault.write() as tx:
        numbers.keep(tx, read_case_number(_number(80)))
    _freeze(counter, "restored", TODAY)
    freezing.resume_after(counter.place, _number(70))
    assert read_case_number(counter.take(seed=1)).serial == 81


def test_p09_a_day_that_a_wrong_clock_said_freezes_this_day_and_that_one(
    counter: Counter,
) -> None:
    """What is lost may bear the wrong day on paper: its serials are not given again."""
    _freeze(counter, "restored", "2027-08-08")

    def frozen(days: int) -> str | None:
        with counter.place.vault.read() as tx:
            found = freezing.frozen_in(tx, now=MONDAY + timedelta(days=days))
        return found.until_after if found else None

    assert frozen(300) == "2027-08-08"
    for days in (0, 1):
        with counter.place.vault.write() as tx:
            freezing.proved_in(tx, now=MONDAY + timedelta(days=days))
        assert frozen(0) == TODAY, "said once, at the first proof"
    # A healing begins and ends meanwhile.
    _freeze(counter, "healing")
    _freeze(counter, "restored", TODAY)
    assert [frozen(days) for days in (1, 432, 433, 434)] == [
        None, None, "2027-08-08", None,
    ]  # fmt: skip
    counter.watch.now = MONDAY + timedelta(days=433)
    last = case_number(NumberParts(NANRI, "01", counter.watch.now.date(), 7))
    freezing.resume_after(counter.place, last)
    assert frozen(433) is None, "the paper register knows"


def test_what_is_frozen_until_healed_is_not_ended_by_a_proof_of_time(
    counter: Counter,
) -> None:
    kinds: tuple[tuple[freezing.Why, str | None], ...]
    kinds = (("healing", None), ("restored", TODAY))
    for why, until in kinds:
        _freeze(counter, why, until)
        with counter.place.vault.write() as tx:
            freezing.proved_in(tx, now=MONDAY)
            found = freezing.frozen_in(tx, now=MONDAY)
        assert found == freezing.Frozen(why=why, until_after=until)
