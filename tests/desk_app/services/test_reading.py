"""Looking at cases: lists, one case whole, the board; what the district said, once."""

import dataclasses

import pytest

from desk_app.services import reading, steps, syncing
from desk_app.services.receiving import When, receive_case
from desk_app.services.standing import local_day
from desk_app.store import feed
from desk_app.store.cases import CaseFilter
from schemas.base import utc_text
from schemas.case import Granted, Visit
from schemas.feed import CaseAnswered
from schemas.problems import Code
from schemas.steps import CaseWithdrawn, CorrectionRequested
from tests.support.counter import MONDAY, Counter, refused
from tests.support.ledgers import a_number


def _list(counter: Counter, wanted: CaseFilter, **how: int) -> tuple[list[str], int]:
    page = reading.list_cases(
        counter.place, wanted, **{"page": 0, "page_size": 500, **how}
    )
    return [each.number for each in page.rows], page.total


def _says(counter: Counter, number: str, *, salt: str) -> None:
    said = CaseAnswered(
        number=number, revision=0, answered_at=MONDAY, answered_by="审核",
        answer=Granted(licence_number="闽捕1"), salt=salt,
    )  # fmt: skip
    with counter.place.vault.write() as tx:
        at = feed.cursor(tx) + 1
        feed.add(tx, feed.FeedRecord(
            at, said.kind, number, said.model_dump_json(), "{}", utc_text(MONDAY)
        ))  # fmt: skip


@pytest.mark.parametrize(
    ("identity", "shown"),
    [
        ("110105194912310021", "110105********0021"),
        ("93350300MA99000217", "933503********0217"),
    ],
)
def test_an_id_is_shown_without_its_middle(identity: str, shown: str) -> None:
    assert reading.masked(identity) == shown


def test_a_list_is_read_page_by_page_and_knows_how_many(counter: Counter) -> None:
    for seed in range(5):
        counter.take(seed=seed)
    whole, total = _list(counter, CaseFilter())
    parts = [_list(counter, CaseFilter(), page=n, page_size=2)[0] for n in range(3)]
    assert [each for part in parts for each in part] == whole[:6]
    assert total == len(whole) >= 5


def test_one_case_is_shown_with_all_that_happened_in_order(counter: Counter) -> None:
    visit = Visit(kind="pier", place="示例码头")
    draft = counter.draft(seed=11)
    number = receive_case(counter.place, draft.draft_id, When(visit=visit))
    counter.watch.later(days=1)
    due = local_day(counter.watch.now).replace(day=20)
    steps.request_correction(counter.place, number, missing=("签字", "图"), due=due)

    view = reading.view_case(counter.place, number)

    assert [each.what for each in view.timeline] == [
        "case_received", "correction_requested",
    ]  # fmt: skip
    assert view.timeline[1].detail == "签字；图"
    assert {each.by for each in view.timeline} == {"林窗口"}
    assert (view.visit, view.revision, view.row.synced) == (visit, 0, False)
    assert view.row.id_masked.count("*") == 8
    refused(Code.CASE_UNKNOWN, reading.view_case, counter.place, "nothing")


def test_what_may_be_done_is_what_this_operator_may_do(counter: Counter) -> None:
    number = counter.take(seed=12)
    mine = set(reading.view_case(counter.place, number).allowed)
    clerk = set(reading.view_case(counter.as_("wu"), number).allowed)
    chief = set(reading.view_case(counter.as_("chen"), number).allowed)
    assert "case_not_accepted" not in mine | clerk
    assert chief - clerk >= {"case_not_accepted"}


def test_p04_an_answer_that_came_twice_is_shown_once(counter: Counter) -> None:
    """A district that was put back says it again, under another salt."""
    number = counter.take(seed=13)
    for salt in ("1" * 32, "2" * 32):
        _says(counter, number, salt=salt)
    view = reading.view_case(counter.place, number)
    assert [each.answer.kind for each in view.answers] == ["granted"]
    assert [e.what for e in view.timeline].count("answer_granted") == 1


def test_a_step_is_told_in_its_own_words() -> None:
    asked = CorrectionRequested(
        number=a_number(1), at=MONDAY, missing=("签字",),
        due="2026-06-10", reason="看不清",
    )  # fmt: skip
    left = CaseWithdrawn(number=asked.number, at=MONDAY, reason="不办了")
    assert reading.detail_of(asked) == "签字；看不清"
    assert reading.detail_of(left) == "不办了"


def test_the_board_counts_today_and_puts_first_what_presses(counter: Counter) -> None:
    counter.watch.later(days=2)
    early = counter.take("HY01-02", seed=14)
    board = reading.board(counter.place, syncing.status(counter.place))
    assert board.today_received == 1
    days = [each.deadline.day for each in board.due if each.deadline]
    assert days == sorted(days)
    assert early in {each.number for each in board.due}


@pytest.mark.parametrize("typed", ["陈U+20BB7明", "陈[土口]明"])
def test_a_rare_character_is_found_however_it_was_entered(
    counter: Counter, typed: str
) -> None:
    draft = counter.draft("HY12-01", seed=95)
    person = {**draft.applicant, "name": typed}
    kept = counter.desk.save_draft(dataclasses.replace(draft, applicant=person))
    assert kept.applicant["name"] == "陈\U00020bb7明"
    number = receive_case(counter.place, draft.draft_id, When())
    assert number in _list(counter, CaseFilter(text="\U00020bb7明"))[0]
