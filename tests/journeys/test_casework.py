"""Every path through a case, with every document that it prints, at a real desk."""

import asyncio
import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from desk_app.services import papers, registers, sheets, slips, steps
from desk_app.services.desk import Desk
from desk_app.services.standing import local_day
from desk_app.services.steps import Handover
from schemas.case import (
    CaseState,
    Granted,
    MaterialForm,
    MaterialTaken,
    Received,
)
from schemas.problems import Code, Problem
from schemas.steps import (
    Acceptance,
    DeliveryWay,
    NotAcceptedBecause,
    PapersAt,
    StopReason,
)
from sync.district.reconcile.answering import answer_case
from sync.district.reconcile.filing import reconcile_once
from tests.support.rigs import PASSPHRASE, Island, an_island, take_case

PICTURES = Path(__file__).parents[2] / "build" / "screenshots" / "documents"
RENEWAL, FORWARDED, DEFERRABLE = "HY01-02", "HY09-02", "HY01-02"


@pytest.fixture(scope="module")
def island(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Island]:
    with an_island(tmp_path_factory.mktemp("casework")) as made:
        desk = made.desk
        desk.add_operator(
            login="chen", name="陈主管", role="supervisor", passphrase=PASSPHRASE,
            own=PASSPHRASE,
        )  # fmt: skip
        desk.add_operator(
            login="wu", name="吴窗口", role="clerk", passphrase=PASSPHRASE,
            own=PASSPHRASE,
        )  # fmt: skip
        yield made


def as_(desk: Desk, login: str) -> None:
    desk.unlock(login, PASSPHRASE)


def soon(days: int = 10) -> date:
    return local_day(datetime.now(UTC)) + timedelta(days=days)


def printed(desk: Desk, kind: str, number: str) -> str:
    """Make a document, leave its picture, return its text without line breaks."""
    pdf = papers.document(desk.place, kind, number)
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    PICTURES.mkdir(parents=True, exist_ok=True)
    document[0].render(scale=1.3).to_pil().save(PICTURES / f"{kind}.png")
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    return "".join(text.split())


def refused(code: Code, verb, *args, **named) -> None:  # noqa: ANN001, ANN002, ANN003
    with pytest.raises(Problem) as caught:
        verb(*args, **named)
    assert caught.value.code is code


def with_missing(desk: Desk, number: str, *keys: str) -> None:
    """Correct a case on the spot so that some materials are not there."""
    draft = desk.correction_draft(number)
    forms = tuple(
        MaterialTaken(key=m.key, form=MaterialForm.MISSING) if m.key in keys else m
        for m in draft.materials
    )
    draft = dataclasses.replace(draft, materials=forms)
    steps.correct_on_spot(desk.place, draft, what="更正材料清单")


def _there_and_back(island: Island) -> None:
    place = island.district
    assert asyncio.run(island.desk.sync(impatient=True)).problem is None
    report = reconcile_once(
        place.sealed, place.record, place.keys, now=datetime.now(UTC)
    )
    assert (report.set_aside, report.waiting) == (0, ())
    assert asyncio.run(island.desk.sync(impatient=True)).problem is None


def test_accepted_decided_delivered_rated_closed_archived(island: Island) -> None:
    """The usual path, with the district's decision in the middle."""
    desk = island.desk
    as_(desk, "wu")
    number = take_case(desk, RENEWAL, seed=3)
    t0 = desk.case(number).row.received_at
    assert "待同步" in printed(desk, "receipt", number)

    assert steps.accept_case(desk.place, number, Acceptance.FULL) is CaseState.ACCEPTED
    text = printed(desk, "acceptance", number)
    assert "第三十二条第一款第（五）项" in text
    assert "第四十五条" in text

    _there_and_back(island)
    answer_case(
        island.district.record, number, Received(official_number="FJ-2026-000777"),
        by="区审核", now=datetime.now(UTC),
    )  # fmt: skip
    answer_case(
        island.district.record, number,
        Granted(licence_number="(示)证第0001号", valid_until="2031-06-30"),
        by="区审核", now=datetime.now(UTC),
    )  # fmt: skip
    _there_and_back(island)
    view = desk.case(number)
    assert view.row.state is CaseState.GRANTED
    # Either number finds it, both are printed; the licence is in the register.
    for text in ("000777", "FJ-2026-000777", number):
        assert number in {row.number for row in desk.cases(text).rows}
    for kind in ("receipt", "acceptance", "slip"):
        text = printed(desk, kind, number)
        assert "FJ-2026-000777" in text
        assert number in text
    held = registers.certificates_of(desk.place, vessel=view.row.vessel)
    assert ("(示)证第0001号", date(2031, 6, 30)) in {
        (each.licence, each.valid_until) for each in held
    }
    assert [each.what for each in view.deadlines] == ["deliver"]
    assert "已送达区级" in printed(desk, "receipt", number)

    place = desk.place
    assert steps.result_arrived(place, number, what="渔业捕捞许可证") == "to_deliver"
    steps.call_applicant(place, number, "reached", note="明日来取")
    refused(
        Code.WITNESS_MISSING, steps.deliver_result, place, number,
        Handover(DeliveryWay.DOOR, "许可证", "林海生", refused=True),
    )  # fmt: skip
    steps.deliver_result(
        place, number, Handover(DeliveryWay.WINDOW, "许可证", "林海生", "002X")
    )
    text = printed(desk, "delivery", number)
    assert "窗口领取" in text
    assert "002X" in text
    steps.rate_case(place, number, stars=5, words="很快")
    refused(Code.ALREADY_RATED, steps.rate_case, place, number, stars=1)
    steps.close_case(place, number)
    refused(Code.NOT_ALLOWED, steps.archive_case, place, number, where="一号柜")
    as_(desk, "chen")
    steps.archive_case(desk.place, number, where="一号柜")
    view = desk.case(number)
    assert view.row.state is CaseState.ARCHIVED
    assert view.row.received_at == t0
    assert view.deadlines == ()
    _there_and_back(island)
    filed = island.district.record.case(number)
    assert filed is not None
    assert filed.state == CaseState.ARCHIVED


def test_correction_told_once_resubmitted_accepted(island: Island) -> None:
    desk = island.desk
    as_(desk, "wu")
    number = take_case(desk, RENEWAL, seed=4)
    with_missing(desk, number, "vinsp")
    refused(Code.MATERIALS_OWED, steps.accept_case, desk.place, number, Acceptance.FULL)
    refused(
        Code.DUE_DAY_PAST, steps.request_correction, desk.place, number,
        missing=("渔业船舶检验证书",), due=soon(0),
    )  # fmt: skip
    steps.request_correction(
        desk.place, number, missing=("渔业船舶检验证书", "签字"), due=soon()
    )
    text = printed(desk, "correction", number)
    assert "渔业船舶检验证书" in text
    assert "第（四）项" in text
    assert soon().isoformat() in text

    draft = desk.correction_draft(number)
    forms = tuple(
        MaterialTaken(key=m.key, form=MaterialForm.COPY) for m in draft.materials
    )
    desk.resubmit(dataclasses.replace(draft, materials=forms), "已补齐")
    refused(
        Code.ALREADY_TOLD, steps.request_correction, desk.place, number,
        missing=("又一份",), due=soon(),
    )  # fmt: skip
    assert steps.accept_case(desk.place, number, Acceptance.FULL) == "accepted"
    _there_and_back(island)


def test_deferred_materials_with_a_commitment_and_a_day(island: Island) -> None:
    desk = island.desk
    as_(desk, "wu")
    number = take_case(desk, DEFERRABLE, seed=5)
    with_missing(desk, number, "vinsp", "vown")
    day = soon()
    refused(
        Code.NOT_DEFERRABLE, steps.accept_case, desk.place, number,
        Acceptance.DEFERRED, due={"app": day},
    )  # fmt: skip
    refused(
        Code.MATERIALS_OWED, steps.accept_case, desk.place, number,
        Acceptance.DEFERRED, due={"vinsp": day},
    )  # fmt: skip
    steps.accept_case(
        desk.place, number, Acceptance.DEFERRED, due={"vinsp": day, "vown": day}
    )
    view = desk.case(number)
    assert view.row.state is CaseState.ACCEPTED_DEFERRED
    assert "deferred" in {each.what for each in view.deadlines}
    text = printed(desk, "deferred", number)
    assert "渔业船舶检验证书" in text
    assert day.isoformat() in text
    printed(desk, "acceptance", number)
    steps.supply_deferred(desk.place, number, materials=("vinsp",))
    done = steps.supply_deferred(desk.place, number, materials=("vown",))
    assert done is CaseState.ACCEPTED


def test_acceptance_on_commitment_where_it_is_safe(island: Island) -> None:
    desk = island.desk
    as_(desk, "wu")
    number = take_case(desk, "HY05-04", seed=6)
    steps.accept_case(
        desk.place, number, Acceptance.COMMITMENT, commitment="养殖区域界址无争议"
    )
    assert "养殖区域界址无争议" in printed(desk, "commitment", number)
    other = take_case(desk, "HY08-05", seed=7)
    refused(
        Code.COMMITMENT_NOT_PERMITTED, steps.accept_case, desk.place, other,
        Acceptance.COMMITMENT, commitment="示例承诺",
    )  # fmt: skip


def test_a_refusal_is_another_supervisors_with_remedies(island: Island) -> None:
    """Receiving and deciding are apart; the paper says where to go, how to appeal."""
    desk = island.desk
    as_(desk, "chen")
    number = take_case(desk, RENEWAL, seed=8)
    given = {
        "reason": "该事项由海事管理机构办理", "apply_to": "某市海事局",
        "remedies": "六十日内申请行政复议，六个月内提起行政诉讼",
    }  # fmt: skip
    because = NotAcceptedBecause.NOT_COMPETENT
    refused(
        Code.SAME_PERSON, steps.refuse_to_accept, desk.place, number, because, **given
    )
    as_(desk, "wu")
    refused(
        Code.NOT_ALLOWED, steps.refuse_to_accept, desk.place, number, because, **given
    )
    as_(desk, "lin")
    refused(
        Code.REASON_MISSING, steps.refuse_to_accept, desk.place, number, because,
        **{**given, "apply_to": ""},
    )  # fmt: skip
    steps.refuse_to_accept(desk.place, number, because, **given)
    text = printed(desk, "not_accepted", number)
    for expected in ("某市海事局", "六十日", "六个月", "行政复议法", "第（二）项"):
        assert expected in text
    steps.deliver_result(
        desk.place, number,
        Handover(DeliveryWay.MAIL, "决定书", "林海生", tracking="EMS示例001"),
    )  # fmt: skip
    assert steps.close_case(desk.place, number) is CaseState.CLOSED


def test_forwarding_sending_back_and_withdrawing(island: Island) -> None:
    desk = island.desk
    as_(desk, "wu")
    upward = take_case(desk, FORWARDED, seed=9)
    steps.forward_case(desk.place, upward, to="省级渔业主管部门", opinion="材料齐全")
    assert "不承诺审批结果" in printed(desk, "forwarded", upward)
    plain = take_case(desk, RENEWAL, seed=10)
    refused(Code.NOT_FORWARDABLE, steps.forward_case, desk.place, plain, to="省级部门")
    steps.withdraw(desk.place, plain, reason="申请人改变主意")
    refused(
        Code.STEP_NOT_ADMITTED, steps.accept_case, desk.place, plain, Acceptance.FULL
    )
    late = take_case(desk, RENEWAL, seed=11)
    steps.request_correction(desk.place, late, missing=("签字",), due=soon())
    as_(desk, "chen")
    steps.send_back(desk.place, late, reason="逾期未补")
    assert "退回" in printed(desk, "sent_back", late)


def test_a_special_procedure_and_an_extension(island: Island) -> None:
    desk = island.desk
    as_(desk, "chen")
    number = take_case(desk, "HY06-01", seed=12)
    steps.accept_case(desk.place, number, Acceptance.FULL)
    before = {each.what: each for each in desk.case(number).deadlines}
    steps.stop_clock(
        desk.place, number, StopReason.EXPERT_REVIEW, days=15, reason="示例"
    )
    assert "专家评审" in printed(desk, "special", number)
    paused = [each for each in desk.case(number).deadlines if each.paused]
    assert {each.what for each in paused} == {"promised", "statutory"}
    steps.resume_clock(desk.place, number, result="评审通过")
    steps.extend_period(desk.place, number, reason="情况复杂", approved_by="示例局长")
    text = printed(desk, "extension", number)
    assert "十个工作日" in text
    assert "情况复杂" in text
    after = {each.what: each for each in desk.case(number).deadlines}
    assert after["statutory"].day > before["statutory"].day


def test_papers_travel_in_a_numbered_bag_with_a_list(island: Island) -> None:
    desk = island.desk
    as_(desk, "wu")
    numbers = [take_case(desk, RENEWAL, seed=20 + n) for n in range(2)]
    for number in numbers:
        refused(
            Code.REASON_MISSING, steps.move_papers, desk.place, number, PapersAt.BAG
        )
        steps.move_papers(desk.place, number, PapersAt.BAG, bag="F-2026-001")
    pdf = sheets.handover_list(desk.place, "F-2026-001")
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    document[0].render(scale=1.3).to_pil().save(PICTURES / "handover.png")
    text = document[0].get_textpage().get_text_bounded()
    assert all(number in text for number in numbers)
    refused(Code.DOCUMENT_NOT_DUE, sheets.handover_list, desk.place, "F-none")
    assert desk.case(numbers[0]).bag == "F-2026-001"


def test_the_other_papers_and_the_blank_forms(island: Island) -> None:
    desk = island.desk
    as_(desk, "wu")
    number = take_case(desk, RENEWAL, seed=31)
    draft = desk.correction_draft(number)
    agent = {
        "agent_used": True, "agent_name": "陈阿妹", "agent_relation": "亲属",
        "agent_id": "11010519491231002X",
    }  # fmt: skip
    poa = tuple(
        MaterialTaken(key=m.key, form=MaterialForm.ORIGINAL) for m in draft.materials
    )
    steps.correct_on_spot(
        desk.place,
        dataclasses.replace(draft, form={**draft.form, **agent}, materials=poa),
        what="补登代办人",
    )
    assert "陈阿妹" in printed(desk, "power", number)
    assert "需要提交下列材料" in printed(desk, "told", number)
    assert "休渔" in printed(desk, "season", number)
    refused(Code.DOCUMENT_NOT_DUE, papers.document, desk.place, "extension", number)
    assert sheets.told_for_item(desk.place, RENEWAL).startswith(b"%PDF")
    blanks = sheets.blank_forms(desk.place, RENEWAL, 2)
    more = sheets.blank_forms(desk.place, RENEWAL, 1)
    found = [
        pypdfium2.PdfDocument(BytesIO(pdf))[0].get_textpage().get_text_bounded()
        for pdf in (*blanks, *more)
    ]
    for position, text in enumerate(found, start=1):
        assert f"-{position:04d}" in text
    pypdfium2.PdfDocument(blanks[0])[0].render(scale=1.3).to_pil().save(
        PICTURES / "blank.png"
    )


def test_a_slip_is_verified_without_a_line_and_says_no_more(island: Island) -> None:
    """Only the district's public key is needed; a changed character is found."""
    desk = island.desk
    as_(desk, "wu")
    number = take_case(desk, RENEWAL, seed=32)
    pdf = papers.document(desk.place, "slip", number)
    page = pypdfium2.PdfDocument(BytesIO(pdf))[0]
    picture = page.render(scale=4).to_pil()
    PICTURES.mkdir(parents=True, exist_ok=True)
    picture.save(PICTURES / "slip.png")
    text = zxingcpp.read_barcodes(picture)[0].text

    charter = island.district.charter.model_dump_json()
    said = slips.verify_with(charter, text)
    assert (said.number, said.item) == (number, RENEWAL)

    view = desk.case(number)
    applicant = view.application.applicant
    assert applicant.name not in text
    assert not any(
        part in text for part in (applicant.phone, getattr(applicant, "id_number", "?"))
    )
    for place in range(len(text)):
        changed = (
            text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        )
        refused(Code.SLIP_NOT_GENUINE, slips.verify_with, charter, changed)
    # The first copy was handed over when the papers were taken.
    assert "第2次打印" in printed(desk, "receipt", number)
    assert "第3次打印" in printed(desk, "receipt", number)
