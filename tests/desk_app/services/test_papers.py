"""Printed documents of a case: due when they are, every copy numbered and on record."""

import dataclasses

import pypdfium2
import pytest

from desk_app.services import papers, preferences, steps
from desk_app.services.receiving import When, receive_case
from desk_app.services.standing import local_day
from schemas.case import MaterialForm, Visit
from schemas.problems import Code
from schemas.steps import Acceptance
from tests.support.counter import Counter, refused


def _text(counter: Counter, kind: str, number: str) -> str:
    pdf = pypdfium2.PdfDocument(papers.document(counter.place, kind, number))
    pages = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    return "".join(pages.split())


def _without(counter: Counter, number: str, key: str) -> None:
    draft = counter.desk.correction_draft(number)
    forms = tuple(
        m.model_copy(update={"form": MaterialForm.MISSING}) if m.key == key else m
        for m in draft.materials
    )
    steps.correct_on_spot(
        counter.place, dataclasses.replace(draft, materials=forms), what="更正清单"
    )


def test_a_new_case_has_its_receipt_slip_and_sheet(counter: Counter) -> None:
    number = counter.take(seed=1)
    due = papers.available(counter.place, number)
    assert due[:3] == ("receipt", "slip", "told")
    assert "acceptance" not in due
    refused(Code.DOCUMENT_NOT_DUE, papers.document, counter.place, "acceptance", number)
    refused(Code.CASE_UNKNOWN, papers.available, counter.place, "nothing")


def test_a_step_makes_its_own_document_due(counter: Counter) -> None:
    number = counter.take(seed=2)
    steps.accept_case(counter.place, number, Acceptance.FULL)
    assert "acceptance" in papers.available(counter.place, number)
    assert number in _text(counter, "acceptance", number)


def test_what_is_owed_can_be_promised_on_paper_before_it_is_accepted(
    counter: Counter,
) -> None:
    number = counter.take(seed=3)
    assert "deferred" not in papers.available(counter.place, number)
    _without(counter, number, "vinsp")
    assert "deferred" in papers.available(counter.place, number)


def test_p03_every_copy_has_its_number_and_its_line(counter: Counter) -> None:
    number = counter.take(seed=4)
    for _ in range(2):
        papers.document(counter.place, "receipt", number)
    with counter.place.vault.read() as tx:
        rows = tx.rows(
            "SELECT copy, pdf FROM documents WHERE number = ? ORDER BY copy", number
        )
    assert [row[0] for row in rows] == [1, 2]
    assert all(bytes(row[1]).startswith(b"%PDF") for row in rows)
    assert counter.trail()[:2] == ["document_printed", "document_printed"]


def test_an_id_is_masked_and_what_was_made_offline_says_so(counter: Counter) -> None:
    number = counter.take(seed=5)
    view = counter.desk.case(number)
    text = _text(counter, "receipt", number)
    assert view.row.id_masked in text
    assert view.application.applicant.name in text
    identity = view.row.id_masked.replace("*", "")
    assert identity not in text


def test_the_desks_telephone_and_the_place_of_a_visit_are_on_the_paper(
    counter: Counter,
) -> None:
    preferences.prefer(counter.place, "desk_phone", "0594-5888888")
    when = When(visit=Visit(kind="pier", place="示例码头"))
    number = receive_case(counter.place, counter.draft(seed=6).draft_id, when)
    text = _text(counter, "told", number)
    assert "0594-5888888" in text
    assert "示例码头" in text


def test_what_was_entered_later_is_marked_with_when_and_why(counter: Counter) -> None:
    counter.watch.later(hours=5)
    earlier = counter.watch.now.replace(hour=3)
    when = When(received_at=earlier, reason="停电补录", batch="同一次")
    number = receive_case(counter.place, counter.draft(seed=7).draft_id, when)
    assert "停电补录" in _text(counter, "receipt", number)
    assert papers.batch_of(counter.place, number) == "同一次"
    assert papers.batch_of(counter.place, counter.take(seed=8)) == ""


@pytest.mark.parametrize("kind", papers.ALL_KINDS)
def test_every_kind_that_is_due_can_be_printed(counter: Counter, kind: str) -> None:
    number = counter.take(seed=9)
    _without(counter, number, "vinsp")
    due = local_day(counter.watch.now).replace(day=20)
    steps.accept_case(counter.place, number, Acceptance.DEFERRED, due={"vinsp": due})
    if kind in papers.available(counter.place, number):
        assert number in _text(counter, kind, number)
    else:
        refused(Code.DOCUMENT_NOT_DUE, papers.document, counter.place, kind, number)
