"""Sheets of no single case: numbered copies, lists of bags and visits, blank forms."""

import pypdfium2
import pytest

from desk_app.services import numbering, sheets
from desk_app.services.receiving import When, receive_case
from schemas.case import Visit
from schemas.problems import Code
from tests.support.counter import ITEM, Counter, refused


def _text(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_bounded() for page in pages)


def _copies(counter: Counter, subject: str) -> list[int]:
    with counter.place.vault.read() as tx:
        rows = tx.rows(
            "SELECT copy FROM documents WHERE number = ? ORDER BY copy", subject
        )
    return [int(str(row[0])) for row in rows]


def test_what_an_item_asks_is_told_before_any_case(counter: Counter) -> None:
    item = counter.desk.edition().item(ITEM)
    assert item is not None
    text = _text(sheets.told_for_item(counter.place, ITEM))
    assert item.name.split("（")[0] in "".join(text.split())
    sheets.told_for_item(counter.place, ITEM)
    assert _copies(counter, ITEM) == [1, 2]
    assert counter.trail()[0] == "document_printed"
    refused(Code.ITEM_UNKNOWN, sheets.told_for_item, counter.place, "HY99-99")


def test_a_bag_and_a_visit_are_listed_with_every_case_in_them(
    counter: Counter,
) -> None:
    visit = Visit(kind="pier", place="码头", bag="F-11")
    when = When(visit=visit, batch="六月一日出海")
    numbers = [
        receive_case(counter.place, counter.draft(seed=n).draft_id, when)
        for n in (1, 2)
    ]
    for text in (
        _text(sheets.handover_list(counter.place, " F-11 ")),
        _text(sheets.batch_list(counter.place, "六月一日出海")),
    ):
        plain = "".join(text.split())
        assert all(number in plain for number in numbers)


@pytest.mark.parametrize("subject", ["", " ", "F-none"])
def test_a_list_of_nothing_is_not_due(counter: Counter, subject: str) -> None:
    refused(Code.DOCUMENT_NOT_DUE, sheets.handover_list, counter.place, subject)
    refused(Code.DOCUMENT_NOT_DUE, sheets.batch_list, counter.place, subject)


def test_p03_each_blank_form_has_its_own_number_for_good(counter: Counter) -> None:
    first = sheets.blank_forms(counter.place, ITEM, 2)
    second = sheets.blank_forms(counter.place, ITEM, 1)
    assert (len(first), len(second)) == (2, 1)
    out = numbering.voids(counter.place).blanks_out
    assert {f"K01-20260601-000{n}" for n in (1, 2, 3)} <= set(out)
    assert "K01-20260601-0003" in "".join(_text(second[0]).split())
    counter.watch.later(days=1)
    (tomorrow,) = sheets.blank_forms(counter.place, ITEM, 1)
    assert "K01-20260602-0001" in "".join(_text(tomorrow).split())


@pytest.mark.parametrize("count", [0, -1, 51])
def test_none_or_too_many_blanks_at_once_are_refused(
    counter: Counter, count: int
) -> None:
    before = numbering.voids(counter.place).blanks_out
    refused(Code.NUMBER_OUT_OF_RANGE, sheets.blank_forms, counter.place, ITEM, count)
    assert numbering.voids(counter.place).blanks_out == before
