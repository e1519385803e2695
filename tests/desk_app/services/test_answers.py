"""What an answer makes of a case: its state, its official number, never a newer one."""

from typing import Any

import pytest

from desk_app.services.answers import show_answer
from desk_app.store.cases import CaseRecord
from schemas.case import CaseState
from schemas.feed import CaseAnswered
from tests.support.counter import MONDAY
from tests.support.rows import AT, DAY

NUMBER = "350305107-01-20261123-0001-7"


def _case(state: CaseState = CaseState.RECEIVED, revision: int = 1) -> CaseRecord:
    return CaseRecord(
        NUMBER, "HY01-02", "林海生", "P", "1", AT, DAY, state, revision, 1, 1
    )


def _said(answer: dict[str, Any], revision: int = 1) -> CaseAnswered:
    return CaseAnswered.model_validate({
        "number": NUMBER, "revision": revision, "answered_at": MONDAY,
        "answered_by": "审批科", "answer": answer,
    })  # fmt: skip


RETURNED = {
    "kind": "returned", "what_is_missing": ["船名"], "reason": "与证书不符"
}  # fmt: skip


def test_the_district_has_it_and_gives_it_a_number_of_its_own() -> None:
    shown = show_answer(_case(), _said({"kind": "received", "official_number": "FJ-1"}))
    assert shown is not None
    assert (shown.state, shown.official_number) == (CaseState.AT_DISTRICT, "FJ-1")
    assert shown.answered_at == "2026-06-01T02:00:00.000Z"


def test_an_answer_without_a_number_takes_none_away() -> None:
    known = show_answer(_case(), _said({"kind": "received", "official_number": "FJ-1"}))
    assert known is not None
    again = show_answer(known, _said({"kind": "received"}))
    assert again is not None
    assert again.official_number == "FJ-1"


@pytest.mark.parametrize(("revision", "shown"), [(0, False), (1, True), (2, True)])
def test_a_return_of_an_older_revision_undoes_no_resubmission(
    revision: int, shown: bool
) -> None:
    """The correction is on its way already: the answer to it will come."""
    found = show_answer(_case(CaseState.RESUBMITTED), _said(RETURNED, revision))
    assert (found is not None) == shown


def test_what_came_too_late_is_kept_and_moves_nothing() -> None:
    shown = show_answer(_case(CaseState.WITHDRAWN), _said(RETURNED))
    assert shown is not None
    assert shown.state == CaseState.WITHDRAWN
    assert shown.answered_at is not None
