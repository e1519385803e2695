"""The window's verbs, and what the law makes of time: notices, renewals, deferrals."""

import dataclasses
from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest

from desk_app.services import papers, registers, steps
from desk_app.services.desk import Desk
from desk_app.services.hands import Earlier
from desk_app.services.receiving import When
from desk_app.services.standing import local_day, read
from desk_app.services.steps import Handover
from desk_app.store import cases
from schemas.applicant import identity_of
from schemas.case import CaseState, MaterialForm, MaterialTaken, Visit
from schemas.problems import Code
from schemas.steps import Acceptance, DeliveryWay, NotAcceptedBecause, PapersAt
from tests.support.counter import ITEM, MONDAY, Counter, refused
from tests.support.rigs import take_case


@pytest.fixture
def counter(counter: Counter) -> Counter:
    """A clerk at the counter: what only a supervisor may is said by name."""
    counter.as_("wu")
    return counter


def text_of(desk: Desk, kind: str, number: str) -> str:
    pdf = pypdfium2.PdfDocument(BytesIO(papers.document(desk.place, kind, number)))
    return "".join(
        "".join(page.get_textpage().get_text_bounded().split()) for page in pdf
    )


def limits(desk: Desk, number: str) -> dict[str, str]:
    return {each.what: each.day.isoformat() for each in desk.case(number).deadlines}


def without(desk: Desk, number: str, *keys: str) -> None:
    draft = desk.correction_draft(number)
    forms = tuple(
        m.model_copy(update={"form": MaterialForm.MISSING}) if m.key in keys else m
        for m in draft.materials
    )
    steps.correct_on_spot(
        desk.place, dataclasses.replace(draft, materials=forms), what="更正材料清单"
    )


def test_a_notice_that_nobody_gave_accepts_the_case_from_t0(counter: Counter) -> None:
    """Administrative Licensing Law 32(1)(4); the screen and the paper both say so."""
    desk = counter.desk
    number = take_case(desk, ITEM, seed=1)
    without(desk, number, "vinsp")
    counter.watch.later(days=7)  # the last of the five days
    assert desk.case(number).effects == ()
    assert "correction_requested" in desk.case(number).allowed

    counter.watch.later(days=1)
    view = desk.case(number)
    assert view.effects == ("deemed_accepted",)
    assert "correction_requested" not in view.allowed
    assert [d.lamp for d in view.deadlines if d.what == "notice"] == ["overdue"]
    refused(
        Code.NOTICE_LAPSED, steps.request_correction, desk.place, number,
        missing=("检验证书",), due=local_day(counter.watch.now) + timedelta(days=9),
    )  # fmt: skip
    counter.as_("chen")
    refused(
        Code.NOTICE_LAPSED, steps.refuse_to_accept, desk.place, number,
        NotAcceptedBecause.NOT_PERMITTED, reason="材料不齐", apply_to="",
        remedies="六十日内申请行政复议",
    )  # fmt: skip
    # What is missing no longer keeps the window from accepting.
    assert steps.accept_case(desk.place, number, Acceptance.FULL) == "accepted"
    assert limits(desk, number)["statutory"] == "2026-06-30"
    assert desk.case(number).effects == ("deemed_accepted",)
    assert "自收件之日（2026-06-01）起即为受理" in text_of(desk, "acceptance", number)


def test_in_time_the_limits_run_from_the_day_of_acceptance(counter: Counter) -> None:
    desk = counter.desk
    number = take_case(desk, ITEM, seed=2)
    counter.watch.later(days=2)
    steps.accept_case(desk.place, number, Acceptance.FULL)
    assert limits(desk, number)["statutory"] == "2026-07-02"
    assert desk.case(number).effects == ()


def test_a_notice_by_hand_during_a_power_cut_counts_from_its_own_day(
    counter: Counter,
) -> None:
    """Told on paper on Wednesday, typed in ten days later: nothing has lapsed."""
    desk, watch = counter.desk, counter.watch
    number = take_case(desk, ITEM, seed=3)
    told_at = watch.now + timedelta(days=2)
    watch.later(days=10)
    told = {"missing": ("检验证书",), "due": local_day(watch.now) + timedelta(days=5)}
    place = desk.place
    for at, code in (
        (told_at - timedelta(days=3), Code.STEP_TIME_WRONG),
        (watch.now + timedelta(days=1), Code.STEP_TIME_WRONG),
    ):
        late = place.entering_later(Earlier(at, "停电补录"))
        refused(code, steps.request_correction, late, number, **told)
    unsaid = place.entering_later(Earlier(told_at, " "))
    refused(
        Code.BACK_ENTRY_NEEDS_REASON, steps.request_correction, unsaid, number, **told
    )
    refused(Code.NOTICE_LAPSED, steps.request_correction, place, number, **told)

    later = place.entering_later(Earlier(told_at, "停电补录"))
    steps.request_correction(later, number, **told)
    view = desk.case(number)
    assert view.row.state is CaseState.CORRECTION_REQUESTED
    line = next(e for e in view.timeline if e.what == "correction_requested")
    assert line.at == told_at
    assert "补录：停电补录" in line.detail
    assert "补录" in text_of(desk, "correction", number)


def test_an_earlier_receipt_needs_its_reason_even_on_the_same_day(
    counter: Counter,
) -> None:
    desk, watch = counter.desk, counter.watch
    first = take_case(desk, ITEM, seed=4)
    draft = dataclasses.replace(desk.correction_draft(first), answers_case=None)
    desk.save_draft(draft)
    at = watch.now - timedelta(hours=3)
    refused(
        Code.BACK_ENTRY_NEEDS_REASON, desk.receive_case, draft.draft_id,
        When(received_at=at),
    )  # fmt: skip
    refused(
        Code.RECEIVED_IN_FUTURE, desk.receive_case, draft.draft_id,
        When(received_at=watch.now + timedelta(hours=1), reason="未来"),
    )  # fmt: skip
    visit = Visit(kind="boat", place="示例锚地", bag="F-07")
    number = desk.receive_case(
        draft.draft_id, When(received_at=at, reason="船上收件", visit=visit)
    ).number
    view = desk.case(number)
    assert view.row.received_at == at
    assert (view.papers, view.bag) == ("bag", "F-07")
    text = text_of(desk, "receipt", number)
    assert "船上收件" in text
    assert "示例锚地" in text


def test_deferred_materials_extended_once_then_sent_back(counter: Counter) -> None:
    desk, watch = counter.desk, counter.watch
    number = take_case(desk, ITEM, seed=5)
    without(desk, number, "vinsp")
    first = local_day(watch.now) + timedelta(days=4)
    second = first + timedelta(days=5)
    steps.accept_case(desk.place, number, Acceptance.DEFERRED, due={"vinsp": first})
    assert desk.case(number).deferred == {"vinsp": first}
    refused(
        Code.MATERIAL_NOT_OWED, steps.extend_deferral, desk.place, number,
        due={"vown": second}, reason="示例",
    )  # fmt: skip
    steps.extend_deferral(desk.place, number, due={"vinsp": second}, reason="船未回港")
    assert limits(desk, number)["deferred"] == second.isoformat()
    refused(
        Code.DEFERRAL_ALREADY_EXTENDED, steps.extend_deferral, desk.place, number,
        due={"vinsp": second + timedelta(days=5)}, reason="再延",
    )  # fmt: skip
    counter.as_("chen")
    refused(Code.NOT_OVERDUE_YET, steps.send_back, desk.place, number, reason="未补交")
    watch.later(days=10)
    assert steps.send_back(desk.place, number, reason="未补交") is CaseState.SENT_BACK
    refused(Code.STEP_NOT_ADMITTED, steps.close_case, desk.place, number)


def test_a_commitment_replaces_secondary_papers_only(counter: Counter) -> None:
    desk = counter.desk
    number = take_case(desk, "HY05-04", seed=6)
    item = desk.edition().item("HY05-04")
    assert item is not None
    key = next(m.key for m in item.materials if m.required and not m.deferrable)
    without(desk, number, key)
    refused(
        Code.MATERIALS_OWED, steps.accept_case, desk.place, number,
        Acceptance.COMMITMENT, commitment="界址无争议",
    )  # fmt: skip


def test_a_renewal_applied_for_in_time_counts_as_granted(counter: Counter) -> None:
    desk, watch = counter.desk, counter.watch
    number = take_case(desk, ITEM, seed=7)
    with desk.place.vault.write() as tx:
        record = cases.get(tx, number)
        assert record is not None
        ends = local_day(watch.now) + timedelta(days=40)
        kept = read(record).model_copy(update={"old_licence_ends": ends})
        cases.stepped(tx, dataclasses.replace(record, standing=kept.model_dump_json()))
    steps.accept_case(desk.place, number, Acceptance.FULL)
    assert limits(desk, number)["renewal"] == ends.isoformat()
    watch.later(days=41)
    assert desk.case(number).effects == ("deemed_renewed",)


def test_an_agent_collects_by_a_power_that_still_holds(counter: Counter) -> None:
    """No power, no hand-over; a paper that ended is none (domain notes 3.1)."""
    desk, watch = counter.desk, counter.watch
    number = take_case(desk, ITEM, seed=8)
    owner = identity_of(desk.case(number).application.applicant)
    counter.as_("chen")
    steps.refuse_to_accept(
        desk.place, number, NotAcceptedBecause.NOT_NEEDED, reason="不需要许可",
        apply_to="", remedies="六十日内申请行政复议",
    )  # fmt: skip
    by_agent = Handover(DeliveryWay.AGENT, "决定书", "陈阿妹", "002X")
    refused(Code.POWER_MISSING, steps.deliver_result, desk.place, number, by_agent)

    other = take_case(desk, ITEM, seed=8)
    draft = desk.correction_draft(other)
    agent = {
        "agent_used": True, "agent_name": "陈阿妹", "agent_relation": "亲属",
        "agent_id": "11010519491231002X",
    }  # fmt: skip
    taken = [m for m in draft.materials if m.key != "poa"]
    taken.append(
        MaterialTaken(key="poa", form=MaterialForm.ORIGINAL, valid_until="2026-06-30")
    )
    steps.correct_on_spot(
        desk.place,
        dataclasses.replace(
            draft, form={**draft.form, **agent}, materials=tuple(taken)
        ),
        what="补登代办人",
    )
    (found,) = registers.agents_of(desk.place, owner)
    assert (found.name, found.ended, found.number) == ("陈阿妹", False, other)
    assert registers.acts_for(desk.place, "11010519491231002x") == (found,)
    untold = dataclasses.replace(by_agent, signer_id_tail="")
    refused(Code.REASON_MISSING, steps.deliver_result, desk.place, number, untold)
    watch.later(days=30)
    refused(Code.POWER_MISSING, steps.deliver_result, desk.place, number, by_agent)
    watch.now = MONDAY
    assert steps.deliver_result(desk.place, number, by_agent) is CaseState.DELIVERED


def test_left_behind_is_on_record_and_on_paper(counter: Counter) -> None:
    desk = counter.desk
    number = take_case(desk, ITEM, seed=9)
    counter.as_("chen")
    steps.refuse_to_accept(
        desk.place, number, NotAcceptedBecause.NOT_NEEDED, reason="不需要许可",
        apply_to="", remedies="六十日内申请行政复议",
    )  # fmt: skip
    steps.deliver_result(
        desk.place, number,
        Handover(
            DeliveryWay.DOOR, "决定书", "林海生", witness="村干部甲", refused=True
        ),
    )  # fmt: skip
    text = text_of(desk, "delivery", number)
    assert "拒收" in text
    assert "村干部甲" in text


def test_papers_go_step_by_step(counter: Counter) -> None:
    desk = counter.desk
    number = take_case(desk, ITEM, seed=10)
    refused(
        Code.PAPERS_NOT_THERE, steps.move_papers, desk.place, number, PapersAt.DISTRICT
    )
    for to, bag in (
        (PapersAt.BAG, "F-1"), (PapersAt.DISTRICT, ""), (PapersAt.TOWN, ""),
        (PapersAt.RETURNED, ""),
    ):  # fmt: skip
        steps.move_papers(desk.place, number, to, bag=bag)
    refused(
        Code.PAPERS_NOT_THERE, steps.move_papers, desk.place, number, PapersAt.BAG,
        bag="F-2",
    )  # fmt: skip
    assert desk.case(number).papers == "returned"


def test_each_kind_of_correction_is_searched_by_its_new_words(counter: Counter) -> None:
    desk = counter.desk
    number = take_case(desk, ITEM, seed=97)
    draft = desk.correction_draft(number)
    form = {**draft.form, "vessel_name_no": "闽秀渔99777"}
    corrected = dataclasses.replace(draft, form=form)
    refused(Code.REASON_MISSING, steps.correct_on_spot, desk.place, corrected, what="")
    steps.correct_on_spot(desk.place, corrected, what="船名写错")
    assert number in {row.number for row in desk.cases("99777").rows}
    assert desk.case(number).row.vessel == "闽秀渔99777"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (
            Handover(DeliveryWay.DOOR, "决定书", "林", refused=True),
            Code.WITNESS_MISSING,
        ),
        (Handover(DeliveryWay.MAIL, "决定书", "林海生"), Code.REASON_MISSING),
        (Handover(DeliveryWay.VILLAGE, "决定书", "村干部"), Code.REASON_MISSING),
        (Handover(DeliveryWay.AGENT, "决定书", "无人", "1234"), Code.POWER_MISSING),
    ],
)
def test_a_hand_over_that_proves_nothing_is_refused(
    counter: Counter, given: Handover, code: Code
) -> None:
    number = take_case(counter.desk, ITEM, seed=11)
    refused(code, steps.deliver_result, counter.place, number, given)


def test_a_correction_names_all_that_is_missing_and_a_day_ahead(
    counter: Counter,
) -> None:
    number = take_case(counter.desk, ITEM, seed=12)
    today = local_day(counter.watch.now)
    for missing, due, code in (
        (("签字",), today, Code.DUE_DAY_PAST),
        (("", " "), today + timedelta(days=3), Code.REASON_MISSING),
    ):
        refused(
            code, steps.request_correction, counter.place, number, missing=missing,
            due=due,
        )  # fmt: skip


def test_what_is_owed_is_neither_handed_over_nor_out_of_place(counter: Counter) -> None:
    desk = counter.desk
    number = take_case(desk, ITEM, seed=14)
    assert desk.case(number).owed == ()
    without(desk, number, "vinsp", "app")
    application = desk.case(number).application
    assert set(steps.owed_materials(desk.place, application)) == {"vinsp", "app"}
    refused(
        Code.NOT_DEFERRABLE, steps.accept_case, desk.place, number,
        Acceptance.DEFERRED, due={"app": local_day(counter.watch.now)},
    )  # fmt: skip
