"""Days from the district's side: how each stands, and both statements side by side."""

import pytest

from schemas.statement import DayQuestion
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.record import Record
from sync.district.reconcile.days import list_days, view_day
from tests.support.closings import DAY, ClosingDesk


@pytest.fixture
def desk(record: Record, keys: ReconcileKeys) -> ClosingDesk:
    return ClosingDesk(record, keys)


def _states(record: Record) -> list[tuple[str, int, int]]:
    return [(each.state, each.version, each.late) for each in list_days(record)]


def test_a_day_opens_agrees_and_is_reopened_by_a_late_entry(desk: ClosingDesk) -> None:
    desk.did(1, 2)
    assert _states(desk.record) == [("open", 0, 0)]
    desk.close(3)
    assert _states(desk.record) == [("agreed", 1, 0)]
    desk.did(4)
    assert _states(desk.record) == [("reopened", 1, 1)]
    desk.close(5, version=2)
    assert _states(desk.record) == [("agreed", 2, 0)]


def test_a_day_that_differs_says_so_first_as_a_question(desk: ClosingDesk) -> None:
    desk.did(1)
    desk.did(2, filed=False)
    said = desk.close(3)
    assert _states(desk.record) == [("asking", 1, 0)]
    assert said.feedback is not None
    desk.answer(DayQuestion.model_validate_json(said.feedback), 4)
    (line,) = list_days(desk.record)
    assert (line.state, line.differences, line.operator_name) == (
        "differs",
        1,
        "林窗口",
    )


def test_a_closed_day_of_which_nothing_came_is_listed_all_the_same(
    desk: ClosingDesk,
) -> None:
    """Nobody would look for what is missing on a day that is not there."""
    desk.did(1, filed=False)
    desk.close(2)
    (line,) = list_days(desk.record)
    assert (line.day, line.entries, line.state) == (DAY, 0, "asking")


def test_both_statements_are_shown_with_every_closing(desk: ClosingDesk) -> None:
    desk.did(1)
    desk.close(2)
    desk.did(3)
    desk.close(4, version=2)
    page = view_day(desk.record, desk.writer.device, DAY)
    assert page.theirs is not None
    assert page.ours is not None
    assert page.theirs.root == page.ours.root
    assert [each.statement.version for each in page.closings] == [1, 2]
    assert page.agreement is not None
    assert page.agreement.statement.version == 2


def test_a_day_of_which_nothing_is_known_is_an_empty_page(record: Record) -> None:
    page = view_day(record, "0" * 32, DAY)
    assert (page.line.state, page.theirs, page.closings) == ("open", None, ())
    assert list_days(record) == ()
