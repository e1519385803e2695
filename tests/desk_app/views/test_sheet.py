"""One draft on the screen: kept within a second, and never after it became a case."""

import dataclasses

from desk_app.services.desk import Desk
from desk_app.views.form import FormPage
from tests.support.headless import a_headless_window
from tests.support.screen import finished_draft


async def test_after_the_receipt_no_draft_comes_back(desk: Desk) -> None:
    """What was still to be kept when F8 came must not bring the draft back."""
    draft_id = finished_draft(desk)
    before = desk.cases().total
    async with a_headless_window(desk) as seen:
        await seen.shell.go("new")
        await seen.press("渔船进出渔港报告")
        await seen.until_shown("申请人类型")
        await seen.type("住址", "南日镇石城村")
        await seen.key("F8")
        await seen.until_shown("已收件，编号")
        assert desk.cases().total == before + 1
        newest = desk.case(desk.cases().rows[0].number)
        assert newest.application.applicant.address == "南日镇石城村"
        await seen.key("F2")
        await seen.until_shown("没有草稿")
        assert draft_id not in {row.draft_id for row in desk.drafts()}


async def test_another_screen_keeps_what_was_just_typed(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("new")
        await seen.type("查找事项", "HY1201", enter=True)
        await seen.until_shown("申请人类型")
        await seen.type("住址", "南日镇浮叶村")
        await seen.key("F3")
        await seen.until_shown("姓名、拼音首字母")
        (row,) = desk.drafts()
        assert desk.draft(row.draft_id).applicant["address"] == "南日镇浮叶村"


async def test_the_first_fault_comes_into_sight_though_it_has_the_keyboard(
    desk: Desk,
) -> None:
    """Whoever rolled on from it and checks is brought back: label, field and fault."""
    draft_id = finished_draft(desk)
    draft = desk.draft(draft_id)
    lacking = dataclasses.replace(draft, form={**draft.form, "vessel_name_no": ""})
    async with a_headless_window(desk) as seen:
        form = FormPage(seen.shell, lacking)
        await form.show("vessel_name_no")
        field = seen.field("船名号")
        assert field.key is None, "what bears a key loses the keyboard"
        assert "scroll_to" not in seen.asked_of(seen.shell.frame.body)
        await seen.key("F7")
        await seen.until(lambda: field.error)
        await seen.until(lambda: "scroll_to" in seen.asked_of(seen.shell.frame.body))
        await seen.until(lambda: seen.focused == field._i)
