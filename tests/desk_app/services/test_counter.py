"""The counter's other verbs: scans, registers, many vessels, lists, figures."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image

from desk_app.services import (
    access,
    attaching,
    numbering,
    papers,
    preferences,
    reading,
    registers,
    resident,
    scan_sizes,
    sheets,
    statistics,
    steps,
)
from desk_app.services.desk import Desk
from desk_app.services.receiving import When
from desk_app.services.slips import slip_for
from desk_app.store.cases import CaseFilter
from schemas.applicant import identity_of
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


def test_owners_vessels_and_what_ends_soon_are_recalled(desk: Desk) -> None:
    number = take_case(desk, ITEM, seed=40)
    view = desk.case(number)
    owner = identity_of(view.application.applicant)
    vessel = view.row.vessel
    assert vessel in {v.name for v in registers.vessels_of(desk.place, owner)}
    assert [v.name for v in registers.find_vessels(desk.place, vessel[-5:])] == [vessel]
    ending = registers.ending_soon(desk.place, vessel=vessel)
    assert [each.number for each in ending] == [number]
    assert ending[0].ended
    name = view.row.applicant_name
    for text in (name[:2], owner[-4:], view.row.phone[-4:], view.row.phone[:7]):
        assert name in {p.name for p in desk.recall_applicants(text)}


def test_the_place_of_a_visit_is_on_the_paper(desk: Desk) -> None:
    when = When(visit=Visit(kind="pier", place="示例码头"))
    number = desk.receive_case(a_draft(desk, seed=50).draft_id, when).number
    assert "示例码头" in _text(papers.document(desk.place, "told", number))


def _text(pdf: bytes) -> str:
    return "".join(
        page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)
    )


def test_figures_tie_to_the_list_that_they_open(desk: Desk) -> None:
    today = desk.today()
    found = statistics.figures(
        desk.place, since=today - timedelta(days=3), until=today + timedelta(days=3)
    )
    assert len(found.by_day) == 7

    def listed(wanted: CaseFilter) -> int:
        return reading.list_cases(desk.place, wanted, page=0, page_size=500).total

    span = CaseFilter(since=found.since.isoformat(), until=found.until.isoformat())
    assert found.total == listed(span) > 0
    for state, count in found.by_state:
        assert count == listed(span.with_one("state", str(state)))
    for code, _, count in found.by_item:
        assert count == listed(span.with_one("item", code))


def test_a_resident_sees_the_own_case_and_nothing_else(desk: Desk) -> None:
    number = take_case(desk, ITEM, seed=70)
    view = desk.case(number)
    tail = identity_of(view.application.applicant)[-4:]
    found = resident.look_up(desk.place, number.replace("-", ""), tail)
    assert found.number == number
    assert view.row.applicant_name not in repr(found)
    by_slip = resident.look_up(desk.place, slip_for(desk.place, view))
    assert by_slip == found
    for text, id_tail in (
        (number, "0000"), (number, ""), ("350305107", tail), ("IDS1|x", tail),
    ):  # fmt: skip
        refused(Code.CASE_UNKNOWN, resident.look_up, desk.place, text, id_tail)
    refused(Code.CASE_UNKNOWN, resident.look_up, desk.place, number, "9999")
    refused(Code.TOO_MANY_TRIES, resident.look_up, desk.place, number, tail)


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


def test_a_blank_form_of_a_power_cut_is_used_once_with_its_reason(desk: Desk) -> None:
    sheets.blank_forms(desk.place, ITEM, 1)
    with desk.place.vault.read() as tx:
        control = str(tx.rows("SELECT control FROM blanks")[-1][0])
    yesterday = desk.place.hands.now() - timedelta(days=1)
    when = When(received_at=yesterday, reason="停电补录", control=control)
    number = desk.receive_case(a_draft(desk, seed=90).draft_id, when).number
    view = desk.case(number)
    assert view.back_entry_reason == "停电补录"
    assert abs((view.row.received_at - yesterday).total_seconds()) < 1
    assert "停电补录" in _text(papers.document(desk.place, "told", number))
    second = a_draft(desk, seed=91)
    refused(Code.BLANK_UNKNOWN, desk.receive_case, second.draft_id, when)
    assert second.draft_id in {row.draft_id for row in desk.drafts()}
    refused(
        Code.BACK_ENTRY_NEEDS_REASON, desk.receive_case, second.draft_id,
        When(received_at=yesterday),
    )  # fmt: skip


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


def test_a_correction_on_the_spot_is_searched_by_its_new_words(desk: Desk) -> None:
    number = take_case(desk, ITEM, seed=97)
    draft = desk.correction_draft(number)
    form = {**draft.form, "vessel_name_no": "闽秀渔99777"}
    steps.correct_on_spot(
        desk.place, dataclasses.replace(draft, form=form), what="船名写错"
    )
    assert number in {row.number for row in desk.cases("99777").rows}
    assert desk.case(number).row.vessel == "闽秀渔99777"


def test_a_number_without_a_case_is_voided_with_its_reason(desk: Desk) -> None:
    place = desk.place
    refused(Code.REASON_MISSING, numbering.void_next_number, place, " ")
    number = numbering.void_next_number(place, "测试打印")
    after = take_case(desk, ITEM, seed=91)
    assert int(after.split("-")[3]) == int(number.split("-")[3]) + 1
    sheets.blank_forms(place, ITEM, 2)
    first, second = numbering.voids(place).blanks_out[:2]
    refused(Code.BLANK_UNKNOWN, numbering.void_blank, place, "0000", "写坏")
    numbering.void_blank(place, first.lower(), "写坏")
    found = numbering.voids(place)
    assert found.numbers == ((number, "测试打印"),)
    assert found.blanks == ((first, "写坏"),)
    assert second in found.blanks_out
    refused(Code.BLANK_UNKNOWN, numbering.void_blank, place, first, "再来")
    assert {line.what for line in access.trail(place, limit=9)} >= {
        "number_voided", "blank_voided",
    }  # fmt: skip
