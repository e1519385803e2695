"""Taking an application at the window: number, T0 and journal together, or none."""

import dataclasses
from datetime import timedelta

import pytest

from desk_app.services import freezing, receiving, sheets
from desk_app.services.receiving import When
from desk_app.store import drafts
from schemas.case import CaseReceived, Visit
from schemas.problems import Code
from tests.support.counter import ITEM, MONDAY, Counter, refused

HOUR = timedelta(hours=1)


def _receive(counter: Counter, draft_id: str, when: When | None = None) -> str:
    return receiving.receive_case(counter.place, draft_id, when or When())


def _is_draft(counter: Counter, draft_id: str) -> bool:
    with counter.place.vault.read() as tx:
        return drafts.get(tx, draft_id) is not None


def _control(counter: Counter) -> str:
    sheets.blank_forms(counter.place, ITEM, 1)
    with counter.place.vault.read() as tx:
        rows = tx.rows("SELECT control FROM blanks ORDER BY control DESC LIMIT 1")
    return str(rows[0][0])


def test_the_number_t0_and_the_entry_are_one(counter: Counter) -> None:
    draft = counter.draft()
    number = _receive(counter, draft.draft_id)
    entry = counter.entries()[-1]
    assert isinstance(entry.body, CaseReceived)
    assert (entry.body.number, entry.body.received_at) == (number, MONDAY)
    assert counter.desk.case(number).row.received_at == MONDAY
    assert not _is_draft(counter, draft.draft_id)
    assert counter.trail()[0] == "case_received"


def test_p03_numbers_of_a_day_follow_each_other_without_a_gap(counter: Counter) -> None:
    counter.watch.later(days=1)
    serials = [int(counter.take(seed=n).split("-")[3]) for n in (1, 2, 3)]
    assert serials == [1, 2, 3]


def test_p01_a_draft_that_is_refused_stays_and_takes_no_number(
    counter: Counter,
) -> None:
    before = int(counter.take(seed=1).split("-")[3])
    draft = counter.draft(seed=2)
    with counter.place.vault.write() as tx:
        freezing.freeze_in(tx, "restored", until_after="2026-06-01")
    refused(Code.NUMBERING_FROZEN, _receive, counter, draft.draft_id)
    with counter.place.vault.write() as tx:
        tx.run("DELETE FROM settings WHERE name = 'numbering_frozen'")
    unknown = When(received_at=MONDAY - HOUR, reason="停电", control="K00-0")
    refused(Code.BLANK_UNKNOWN, _receive, counter, draft.draft_id, unknown)
    assert _is_draft(counter, draft.draft_id)
    number = _receive(counter, draft.draft_id)
    assert int(number.split("-")[3]) == before + 1


def test_a_draft_is_received_once(counter: Counter) -> None:
    draft = counter.draft()
    _receive(counter, draft.draft_id)
    refused(Code.DRAFT_UNKNOWN, _receive, counter, draft.draft_id)


@pytest.mark.parametrize(
    ("when", "code"),
    [
        (When(received_at=MONDAY + HOUR), Code.RECEIVED_IN_FUTURE),
        (When(received_at=MONDAY - HOUR), Code.BACK_ENTRY_NEEDS_REASON),
        (When(received_at=MONDAY - HOUR, reason=" 停 "), Code.BACK_ENTRY_NEEDS_REASON),
        (When(control="K01-20260601-0001"), Code.BACK_ENTRY_NEEDS_REASON),
    ],
)
def test_another_time_than_now_is_refused_without_its_reason(
    counter: Counter, when: When, code: Code
) -> None:
    refused(code, _receive, counter, counter.draft().draft_id, when)


def test_a_clock_a_minute_behind_the_slips_is_no_later_entry(counter: Counter) -> None:
    for off in (timedelta(minutes=1), -timedelta(minutes=1)):
        when = When(received_at=MONDAY + off)
        number = _receive(counter, counter.draft().draft_id, when)
        assert counter.desk.case(number).back_entry_reason is None


def test_a_blank_form_of_a_power_cut_is_used_once_with_its_reason(
    counter: Counter,
) -> None:
    when = When(
        received_at=MONDAY - timedelta(days=1), reason=" 停电补录 ",
        control=_control(counter).lower(),
    )  # fmt: skip
    number = _receive(counter, counter.draft(seed=1).draft_id, when)
    view = counter.desk.case(number)
    assert view.back_entry_reason == "停电补录"
    assert view.row.received_at == when.received_at
    second = counter.draft(seed=2)
    refused(Code.BLANK_UNKNOWN, _receive, counter, second.draft_id, when)
    assert _is_draft(counter, second.draft_id)


def test_papers_taken_on_a_visit_lie_in_their_bag(counter: Counter) -> None:
    visit = Visit(kind="boat", place="示例锚地", bag=" F-07 ")
    when = When(visit=visit, batch="一次上船")
    number = _receive(counter, counter.draft().draft_id, when)
    view = counter.desk.case(number)
    assert (view.papers, view.bag, view.visit) == ("bag", "F-07", visit)


def test_only_what_the_district_returned_is_handed_in_again(counter: Counter) -> None:
    number = counter.take(seed=9)
    draft = counter.desk.correction_draft(number)
    refused(
        Code.CASE_NOT_RETURNED, receiving.resubmit, counter.place, draft, reason="补齐"
    )
    refused(Code.REASON_MISSING, receiving.resubmit, counter.place, draft, reason=" ")
    nobody = dataclasses.replace(draft, answers_case="nothing")
    refused(Code.CASE_UNKNOWN, receiving.resubmit, counter.place, nobody, reason="补齐")
    assert counter.desk.case(number).revision == 0
