"""Papers that were not taken here and now: the place, the bag, the true time."""

from desk_app.services.desk import Desk
from tests.support.headless import a_headless_window
from tests.support.screen import finished_draft


async def test_a_visit_without_a_place_is_asked_for_and_remembered_with_one(
    desk: Desk,
) -> None:
    finished_draft(desk)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("new")
        await seen.press("渔船进出渔港报告")
        await seen.until_shown("收件地点")
        await seen.type("收件地点", "码头办理", enter=True)
        await seen.key("F8")
        await seen.until_shown("[1010]")
        await seen.type("具体地点", "浮叶码头")
        await seen.type("外出编号", "W-7")
        await seen.type("材料封袋编号", "FD-0007")
        await seen.key("F8")
        await seen.until_shown("已收件，编号")
        view = desk.case(desk.cases().rows[0].number)
        assert view.visit is not None
        assert (view.visit.kind, view.visit.place) == ("pier", "浮叶码头")
        assert view.visit.visit_id == "W-7"
        assert (view.papers, view.bag) == ("bag", "FD-0007")
        await seen.open_form()
        await seen.until(lambda: seen.field("具体地点").value == "浮叶码头")
