"""The counter's other verbs: scans, registers, many vessels, lists, figures."""

import dataclasses
from collections.abc import Iterator
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image

from desk_app.services import (
    access,
    attaching,
    papers,
    preferences,
    reading,
    scan_sizes,
)
from desk_app.services.desk import Desk
from desk_app.services.receiving import When
from desk_app.store.cases import CaseFilter
from schemas.case import MaterialTaken, Visit
from schemas.problems import Code, Problem
from tests.support.pictures import photograph
from tests.support.rigs import PASSPHRASE, an_island, take_case
from tools.sample_cases import sample_applicant, sample_form, sample_materials

ITEM = "HY01-02"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with an_island(tmp_path_factory.mktemp("counter")) as island:
        yield island.desk


def refused(code: Code, verb, *args, **named) -> None:  # noqa: ANN001, ANN002, ANN003
    with pytest.raises(Problem) as caught:
        verb(*args, **named)
    assert caught.value.code is code


def a_draft(desk: Desk, *, seed: int, code: str = ITEM):  # noqa: ANN201
    edition = desk.edition()
    item = edition.item(code)
    assert item is not None
    draft = dataclasses.replace(
        desk.new_draft(code),
        applicant=sample_applicant(item, seed=seed),
        form=sample_form(item, edition, seed=seed),
        materials=tuple(map(MaterialTaken.model_validate, sample_materials(item))),
    )
    return desk.save_draft(draft)


def test_a_scan_is_made_small_cleaned_and_kept_once(desk: Desk) -> None:
    """A photograph of 12 megapixels becomes a page; its camera's name is gone."""
    place, draft = desk.place, a_draft(desk, seed=1)
    big = photograph((4000, 3000), noise=True)
    page = attaching.attach(place, draft.draft_id, "id", name="IMG_1.jpg", raw=big)
    again = attaching.attach(place, draft.draft_id, "hukou", name="x.jpg", raw=big)
    assert page.digest == again.digest
    with place.vault.read() as tx:
        rows = tx.rows("SELECT media_type, content FROM attachments")
    assert len(rows) == 1
    content = rows[0][1]
    assert isinstance(content, bytes)
    assert len(content) <= scan_sizes.LARGEST
    assert max(Image.open(BytesIO(content)).size) <= 2400
    assert b"Camera of somebody" not in content


def test_a_file_of_several_pictures_keeps_every_page(desk: Desk) -> None:
    place, draft = desk.place, a_draft(desk, seed=1)
    out = BytesIO()
    pages = [Image.new("RGB", (300 + n, 400), "white") for n in range(3)]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    page = attaching.attach(
        place, draft.draft_id, "id", name="fax.tif", raw=out.getvalue()
    )
    with place.vault.read() as tx:
        row = tx.row("SELECT content FROM attachments WHERE digest = ?", page.digest)
    assert row is not None
    assert len(pypdfium2.PdfDocument(row[0])) == 3


def test_a_pdf_above_the_cap_is_drawn_again_and_a_seal_stays_on_white(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = BytesIO()
    noise = Image.open(BytesIO(photograph((900, 1200), noise=True)))
    noise.convert("RGB").save(
        out, "PDF", save_all=True, append_images=[noise.convert("RGB")] * 2, quality=95
    )
    raw = out.getvalue()
    monkeypatch.setattr(scan_sizes, "LARGEST_PDF", len(raw) - 1)
    media_type, kept = scan_sizes.made_small("big.pdf", raw)
    assert (media_type, len(pypdfium2.PdfDocument(kept))) == ("application/pdf", 3)
    assert len(kept) < len(raw)
    monkeypatch.setattr(scan_sizes, "LARGEST_PDF", 1000)
    refused(Code.ATTACHMENT_TOO_LARGE, scan_sizes.made_small, "big.pdf", raw)
    seal = BytesIO()
    Image.new("RGBA", (2500, 40), (0, 0, 0, 0)).save(seal, "PNG")
    _, jpeg = scan_sizes.made_small("seal.png", seal.getvalue())
    assert Image.open(BytesIO(jpeg)).convert("L").getextrema()[0] > 240


def test_the_place_of_a_visit_is_on_the_paper(desk: Desk) -> None:
    when = When(visit=Visit(kind="pier", place="示例码头"))
    number = desk.receive_case(a_draft(desk, seed=50).draft_id, when).number
    assert "示例码头" in _text(papers.document(desk.place, "told", number))


def _text(pdf: bytes) -> str:
    return "".join(
        page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)
    )


def test_preferences_and_the_trail_are_a_supervisors(desk: Desk) -> None:
    preferences.prefer(desk.place, "desk_phone", " 0594-5888888 ")
    assert preferences.preference(desk.place, "desk_phone") == "0594-5888888"
    number = take_case(desk, ITEM, seed=80)
    assert "0594-5888888" in _text(papers.document(desk.place, "told", number))
    assert access.trail(desk.place, limit=3)[0].what == "document_printed"
    desk.add_operator(
        login="wu2", name="吴窗口", role="clerk", passphrase=PASSPHRASE, own=PASSPHRASE
    )
    desk.unlock("wu2", PASSPHRASE)
    refused(Code.NOT_ALLOWED, preferences.prefer, desk.place, "desk_phone", "1")
    refused(Code.NOT_ALLOWED, access.trail, desk.place, limit=3)
    # A shift change loses no draft: the next clerk sees it.
    draft = a_draft(desk, seed=81)
    desk.unlock("lin", PASSPHRASE)
    assert draft.draft_id in {row.draft_id for row in desk.drafts()}


def test_a_rare_character_is_entered_by_code_or_parts_and_found(desk: Desk) -> None:
    for typed, seed in (("陈U+20BB7明", 95), ("陈[土口]明", 96)):
        draft = a_draft(desk, seed=seed, code="HY12-01")
        person = {**draft.applicant, "name": typed}
        kept = desk.save_draft(dataclasses.replace(draft, applicant=person))
        assert kept.applicant["name"] == "陈\U00020bb7明"
        number = desk.receive_case(draft.draft_id).number
        found = reading.list_cases(
            desk.place, CaseFilter(text="\U00020bb7明"), page=0, page_size=9
        )
        assert number in {row.number for row in found.rows}
