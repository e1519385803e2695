"""Scanned pages: content once, in order at a material; what comes later comes last."""

import dataclasses

import pytest
import sqlcipher3

from desk_app.store import pages
from desk_app.store.pages import PageRecord
from desk_app.store.vault import Transaction
from tests.support.rows import AT, a_number

ONE, TWO = "1" * 64, "2" * 64
DRAFT, CASE = "d" * 32, a_number(1)


def _page(subject: str, digest: str, material: str = "id") -> PageRecord:
    return PageRecord(subject, material, 0, digest, f"{digest[0]}.jpg", 0, AT, "lin")


def _added(tx: Transaction, subject: str, *digests: str, material: str = "id") -> None:
    for digest in digests:
        pages.keep(tx, digest, "image/jpeg", b"picture " + digest[:1].encode())
        pages.add(tx, _page(subject, digest, material))


def _shown(tx: Transaction, subject: str) -> list[tuple[str, int, str]]:
    found = pages.of_subject(tx, subject)
    return [(each.material, each.position, each.digest[0]) for each in found]


def test_content_is_kept_once_and_measured_without_being_read(
    tx: Transaction,
) -> None:
    pages.keep(tx, ONE, "image/jpeg", b"picture")
    pages.keep(tx, ONE, "application/pdf", b"another")
    assert pages.content(tx, ONE) == ("image/jpeg", b"picture")
    assert pages.measure(tx, ONE) == ("image/jpeg", 7)
    assert pages.content(tx, TWO) is None
    assert pages.measure(tx, TWO) == ("", 0)
    with pytest.raises(sqlcipher3.IntegrityError, match="never changed"):
        tx.run("UPDATE attachments SET content = x''")


def test_pages_count_from_one_at_each_material(tx: Transaction) -> None:
    _added(tx, DRAFT, ONE, TWO)
    _added(tx, DRAFT, ONE, material="hukou")
    _added(tx, "another", TWO)
    assert _shown(tx, DRAFT) == [("hukou", 1, "1"), ("id", 1, "1"), ("id", 2, "2")]
    (first, *_) = pages.of_subject(tx, DRAFT)
    assert first == dataclasses.replace(_page(DRAFT, ONE, "hukou"), position=1)


def test_a_page_without_its_content_is_refused(tx: Transaction) -> None:
    with pytest.raises(sqlcipher3.IntegrityError):
        pages.add(tx, _page(DRAFT, ONE))


def test_pages_are_put_in_another_order(tx: Transaction) -> None:
    _added(tx, DRAFT, ONE, TWO)
    first, second = pages.of_subject(tx, DRAFT)
    turned = dataclasses.replace(first, turned=90)
    pages.rearrange(tx, DRAFT, (second, turned))
    assert _shown(tx, DRAFT) == [("id", 1, "2"), ("id", 2, "1")]
    assert [each.turned for each in pages.of_subject(tx, DRAFT)] == [0, 90]
    pages.rearrange(tx, DRAFT, ())
    assert _shown(tx, DRAFT) == []


def test_a_corrections_pages_come_after_those_that_were_handed_in(
    tx: Transaction,
) -> None:
    assert not pages.move(tx, DRAFT, CASE)
    _added(tx, CASE, ONE)
    _added(tx, DRAFT, TWO)
    assert pages.move(tx, DRAFT, CASE)
    assert _shown(tx, CASE) == [("id", 1, "1"), ("id", 2, "2")]
    assert _shown(tx, DRAFT) == []


def test_only_content_that_no_page_names_is_dropped(tx: Transaction) -> None:
    _added(tx, DRAFT, ONE, TWO)
    _added(tx, CASE, ONE)
    pages.rearrange(tx, DRAFT, ())
    assert pages.drop_unused(tx) == 1
    assert pages.content(tx, ONE) is not None
    assert pages.content(tx, TWO) is None
    assert pages.drop_unused(tx) == 0
