"""Scans at a material: kept once, in order, turned, shown, and a case's stay."""

import dataclasses
from io import BytesIO

import pytest
from PIL import Image

from desk_app.services import attaching, receiving, sheets
from desk_app.services.attaching import PageShown
from desk_app.services.shown import Draft
from schemas.applicant import identity_of
from schemas.problems import Code
from tests.support.counter import ITEM, Counter, refused
from tests.support.pictures import photograph


@pytest.fixture
def draft(counter: Counter) -> Draft:
    return counter.draft()


def _attach(counter: Counter, subject: str, *names: str, at: str = "id") -> None:
    for n, name in enumerate(names):
        raw = photograph((60 + n, 40), kind="PNG")
        attaching.attach(counter.place, subject, at, name=name, raw=raw)


def _names(counter: Counter, subject: str) -> list[str]:
    return [page.name for page in attaching.pages_of(counter.place, subject)]


def _contents(counter: Counter) -> int:
    with counter.place.vault.read() as tx:
        return len(tx.rows("SELECT 1 FROM attachments"))


def test_the_same_picture_at_two_materials_is_kept_once(
    counter: Counter, draft: Draft
) -> None:
    place, raw, before = counter.place, photograph((300, 200)), _contents(counter)
    page = attaching.attach(place, draft.draft_id, "id", name="IMG_1.jpg", raw=raw)
    again = attaching.attach(place, draft.draft_id, "hukou", name="x.jpg", raw=raw)
    assert page.digest == again.digest
    assert (page.material, again.material) == ("id", "hukou")
    assert _contents(counter) == before + 1
    assert counter.trail()[:2] == ["page_attached", "page_attached"]


@pytest.mark.parametrize("raw", [b"not a picture", b"%PDF-1.4 broken", b""])
def test_what_is_no_scan_is_refused_by_number(
    counter: Counter, draft: Draft, raw: bytes
) -> None:
    refused(
        Code.ATTACHMENT_NOT_READABLE, attaching.attach, counter.place, draft.draft_id,
        "id", name="x", raw=raw,
    )  # fmt: skip
    assert attaching.pages_of(counter.place, draft.draft_id) == ()


def test_pages_are_turned_ordered_and_taken_out_of_a_draft(
    counter: Counter, draft: Draft
) -> None:
    place, subject = counter.place, draft.draft_id
    _attach(counter, subject, "0.png", "1.png", "2.png")
    _attach(counter, subject, "other.png", at="hukou")

    def pages() -> list[PageShown]:
        every = attaching.pages_of(place, subject)
        return [page for page in every if page.material == "id"]

    attaching.move(place, subject, pages()[2], by=-2)
    attaching.move(place, subject, pages()[0], by=-1)
    attaching.turn(place, subject, pages()[0])
    assert [page.name for page in pages()] == ["2.png", "0.png", "1.png"]
    assert [page.turned for page in pages()] == [90, 0, 0]
    shown = Image.open(BytesIO(attaching.preview(place, pages()[0]).png))
    assert shown.size == (40, 62)
    for _ in range(3):
        attaching.turn(place, subject, pages()[0])
    assert pages()[0].turned == 0
    before = _contents(counter)
    attaching.take_out(place, subject, pages()[1])
    assert [page.name for page in pages()] == ["2.png", "1.png"]
    assert "other.png" in _names(counter, subject)
    assert _contents(counter) == before, "its twin at the other material stays"


def test_a_cases_pages_stay_as_they_were_handed_in(
    counter: Counter, draft: Draft
) -> None:
    _attach(counter, draft.draft_id, "1.png")
    number = receiving.receive_case(counter.place, draft.draft_id, receiving.When())
    (page,) = attaching.pages_of(counter.place, number)
    refused(Code.STEP_NOT_ADMITTED, attaching.take_out, counter.place, number, page)
    assert _names(counter, number) == ["1.png"]
    assert _names(counter, draft.draft_id) == []


def test_a_pdf_is_kept_byte_for_byte_and_shown(counter: Counter, draft: Draft) -> None:
    place, pdf = counter.place, sheets.told_for_item(counter.place, ITEM)
    page = attaching.attach(place, draft.draft_id, "app", name="form.pdf", raw=pdf)
    with place.vault.read() as tx:
        row = tx.row("SELECT content FROM attachments WHERE digest = ?", page.digest)
    assert row == (pdf,)
    assert attaching.preview(place, page).png.startswith(b"\x89PNG")
    gone = dataclasses.replace(page, digest="0" * 64)
    refused(Code.ATTACHMENT_NOT_READABLE, attaching.preview, place, gone)


def test_a_still_valid_scan_is_reused_and_an_expired_one_is_not(
    counter: Counter, draft: Draft
) -> None:
    place = counter.place
    _attach(counter, draft.draft_id, "v.png", at="vinsp")
    until = tuple(
        each.model_copy(update={"valid_until": "2027-06-30"})
        for each in draft.materials
    )
    counter.desk.save_draft(dataclasses.replace(draft, materials=until))
    number = receiving.receive_case(place, draft.draft_id, receiving.When())
    identity = identity_of(counter.desk.case(number).application.applicant)

    found = attaching.reusable(place, identity, "vinsp", today="2027-06-30")
    assert (number, 1, "2027-06-30") in [
        (each.number, each.pages, each.valid_until) for each in found
    ]
    assert attaching.reusable(place, identity, "vinsp", today="2027-07-01") == ()
    assert attaching.reusable(place, identity, "hukou", today="2026-06-01") == ()
    fresh = counter.draft(seed=2)
    assert attaching.reuse(place, fresh.draft_id, found[0]) == 1
    assert _names(counter, fresh.draft_id) == ["v.png"]
    assert counter.trail()[0] == "pages_reused"


def test_a_shared_drafts_pages_go_to_another_and_stay(
    counter: Counter, draft: Draft
) -> None:
    _attach(counter, draft.draft_id, "1.png", "2.png")
    other = counter.draft(seed=2)
    before = _contents(counter)
    attaching.share(counter.place, draft.draft_id, other.draft_id)
    assert _names(counter, other.draft_id) == ["1.png", "2.png"]
    assert _names(counter, draft.draft_id) == ["1.png", "2.png"]
    assert _contents(counter) == before
