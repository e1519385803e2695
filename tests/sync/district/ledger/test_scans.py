"""The record's part on scans: what cases name, and what of it was proved to be."""

import pytest

from schemas.base import utc_text
from schemas.problems import Code, Problem
from schemas.scans import PIECE, ScanPage, ScansListed
from sync.district.ledger.record import Record
from sync.district.ledger.scans import Content, keep_list, keep_naming
from tests.support.ledgers import NOW, Writer, a_case, a_number, file_line

ONE, OTHER = "1" * 64, "2" * 64


def _page(digest: str, position: int = 1, *, size: int = 100) -> ScanPage:
    return ScanPage(
        material="m1", position=position, digest=digest, size=size,
        media_type="image/jpeg", turned=90,
    )  # fmt: skip


def _list(record: Record, serial: int, *pages: ScanPage) -> None:
    said = ScansListed(number=a_number(serial), at=NOW, scans=pages)
    record.keep(lambda c: keep_list(c, said), device="", feedback=None)


def test_a_list_replaces_the_earlier_one_of_its_case(record: Record) -> None:
    _list(record, 1, _page(ONE, 1), _page(OTHER, 2))
    _list(record, 1, _page(OTHER, 1))
    _list(record, 2, _page(ONE, 1))
    (page,) = record.scans.of_case(a_number(1))
    assert (page.content.digest, page.position, page.turned) == (OTHER, 1, 90)


def test_what_cases_name_is_awaited_until_it_is_proved(record: Record) -> None:
    _list(record, 1, _page(ONE))
    (awaited,) = record.scans.awaited()
    assert awaited.held_at is None

    record.scans.hold(awaited, now=NOW)

    assert record.scans.awaited() == ()
    (page,) = record.scans.of_case(a_number(1))
    assert page.content.held_at == utc_text(NOW)


def test_what_no_case_names_any_more_is_not_awaited(record: Record) -> None:
    _list(record, 1, _page(ONE))
    _list(record, 1)
    assert record.scans.awaited() == ()


def test_one_lists_mistake_does_not_stand_in_anothers_way(record: Record) -> None:
    """A desk that says a size wrong harms its own case alone."""
    _list(record, 1, _page(ONE, size=999))
    _list(record, 2, _page(ONE, size=100))
    right = Content(ONE, 100, PIECE, "image/jpeg", None)
    record.scans.hold(right, now=NOW)
    assert [each.size for each in record.scans.awaited()] == [999]


def test_what_was_looked_at_waits_behind_what_was_not(record: Record) -> None:
    _list(record, 1, _page(ONE, 1), _page(OTHER, 2))
    first, second = record.scans.awaited()
    record.scans.looked_at(first)
    assert record.scans.awaited() == (second, first)
    assert record.scans.awaited(limit=1) == (second,)


def test_the_desks_that_name_a_content_are_known(record: Record) -> None:
    _list(record, 1, _page(ONE))
    (content,) = record.scans.awaited()
    assert record.scans.owners(content) == ()
    desk = Writer()
    file_line(record, desk, 1, case=a_case(1, desk.device))
    assert record.scans.owners(content) == (desk.device,)


def test_there_is_one_naming_key_for_the_whole_district(record: Record) -> None:
    def tell(key: bytes, device: str) -> None:
        record.keep(lambda c: keep_naming(c, key, device), device="", feedback=None)

    assert record.scans.naming_key() is None
    tell(b"k" * 32, "a")
    tell(b"k" * 32, "b")
    assert record.scans.was_told("b")
    with pytest.raises(Problem) as refused:
        tell(b"x" * 32, "c")
    assert refused.value.code is Code.DISTRICT_BUSY
    assert (record.scans.naming_key(), record.scans.was_told("c")) == (b"k" * 32, False)
