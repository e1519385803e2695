"""The resident's screen: an own case and nothing else; read back, sign, rate."""

import flet as ft

from desk_app.services import attaching, slips, steps
from desk_app.services.desk import Desk
from desk_app.services.reading import view_case
from desk_app.store import settings
from schemas.applicant import identity_of
from tests.support.headless import Seen, a_headless_window
from tests.support.rigs import take_case
from tests.support.screen import finished_draft

ITEM = "HY12-01"


def _forget_misses(desk: Desk) -> None:
    with desk.place.vault.write() as tx:
        settings.put(tx, "look_up_misses", "0")


async def test_the_menu_and_the_keys_are_gone_until_somebody_logs_in(
    desk: Desk,
) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("resident")
        await seen.until_shown("查询我的办件")
        for key in ("F1", "F3", "F11"):
            await seen.key(key)
        await seen.until_shown("查询我的办件")
        assert "今日" not in seen.texts()
        assert seen.shell.page.window.full_screen
        await seen.key("Escape")
        await seen.until_shown("登录名")
        assert desk.session is None


async def test_an_own_case_is_shown_by_number_and_tail_without_any_id(
    desk: Desk,
) -> None:
    _forget_misses(desk)
    number = take_case(desk, ITEM, seed=0)
    other = take_case(desk, ITEM, seed=3)
    person = desk.case(number).application.applicant
    async with a_headless_window(desk) as seen:
        await seen.shell.go("resident")
        await seen.type("凭条扫码", number, enter=True)
        await seen.type("证件号后四位", identity_of(person)[-4:], enter=True)
        await seen.until_shown(number, "办理状态：已收件")
        shown = seen.texts()
        assert identity_of(person) not in shown
        assert person.phone not in shown
        assert person.name not in shown
        # The wrong tail shows nothing, and what was shown is gone.
        await seen.type("凭条扫码", other, enter=True)
        await seen.type("证件号后四位", "0000", enter=True)
        await seen.until_shown("[")
        assert other not in seen.texts()
        assert number not in seen.texts()


async def test_the_slip_alone_opens_its_case(desk: Desk) -> None:
    _forget_misses(desk)
    number = take_case(desk, ITEM, seed=6)
    text = slips.slip_for(desk.place, view_case(desk.place, number))
    async with a_headless_window(desk) as seen:
        await seen.shell.go("resident")
        await seen.type("凭条扫码", text, enter=True)
        await seen.until_shown(number, "办理状态")
        body = seen.shell.frame.body
        # Where all is large it stands below what is seen.
        await seen.until(lambda: "scroll_to" in seen.asked_of(body))


async def test_a_rating_is_given_once_by_its_owner(desk: Desk) -> None:
    _forget_misses(desk)
    number = take_case(desk, ITEM, seed=9)
    steps.withdraw(desk.place, number, reason="申请人要求")
    tail = identity_of(desk.case(number).application.applicant)[-4:]
    async with a_headless_window(desk) as seen:
        await seen.shell.go("resident")
        await seen.type("凭条扫码", number, enter=True)
        await seen.type("证件号后四位", tail, enter=True)
        await seen.until_shown(number, "非常满意")
        await seen.press("非常满意")
        await seen.until_shown("谢谢您的评价")
        await seen.until(lambda: desk.case(number).rated)
        await seen.press("满意")
        await seen.until_shown("[")


async def _read_back(seen: Seen) -> None:
    await seen.shell.go("new")
    await seen.press("渔船进出渔港报告")
    await seen.until_shown("申请人类型")
    await seen.key("F10")
    await seen.until_shown("请核对您的申请内容", "林海生", "救生、消防")


async def test_it_is_not_confirmed_without_a_signature_or_a_witness(
    desk: Desk,
) -> None:
    draft_id = finished_draft(desk)
    async with a_headless_window(desk) as seen:
        await _read_back(seen)
        await seen.key("F8")
        await seen.until_shown("[1017]", "见证人")
        await seen.type("不便签名的", "陈见证")
        await seen.key("F8")
        await seen.until_shown("受理收件 F8")
        assert desk.draft(draft_id).form["commit_true"] is True
        assert attaching.pages_of(desk.place, draft_id) == ()


async def test_what_was_signed_by_hand_is_kept_with_the_draft(desk: Desk) -> None:
    draft_id = finished_draft(desk)
    async with a_headless_window(desk) as seen:
        await _read_back(seen)
        (pad,) = [
            each for each in seen.controls() if isinstance(each, ft.GestureDetector)
        ]
        point = {"l": {"x": 10.0, "y": 10.0}, "g": {"x": 0.0, "y": 0.0}}
        await seen.fire(pad, "pan_start", {**point, "k": "touch", "ts": None})
        for x in (60.0, 140.0):
            moved = {"l": {"x": x, "y": 80.0}, "g": {"x": 0.0, "y": 0.0}}
            delta = {"gd": {"x": 1.0, "y": 1.0}, "ld": {"x": 1.0, "y": 1.0}, "pd": 0.0}
            await seen.fire(pad, "pan_update", {**moved, **delta, "ts": None})
        await seen.key("F8")
        await seen.until_shown("受理收件 F8")
        (page,) = attaching.pages_of(desk.place, draft_id)
        assert page.material == "signature"
        assert attaching.preview(desk.place, page).png[:4] == b"\x89PNG"


async def test_wrong_goes_back_to_the_clerk_and_confirms_nothing(desk: Desk) -> None:
    draft_id = finished_draft(desk)
    draft = desk.draft(draft_id)
    async with a_headless_window(desk) as seen:
        await _read_back(seen)
        await seen.press("有误")
        await seen.until_shown("受理收件 F8", "今日")
        assert desk.draft(draft_id).form == draft.form
