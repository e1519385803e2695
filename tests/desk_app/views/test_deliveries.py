"""Deliveries: what can be handed over, whom to call, and the step one press away."""

from desk_app.services import steps
from desk_app.services.desk import Desk
from tests.support.headless import a_headless_window
from tests.support.rigs import take_case

ITEM = "HY01-02"


async def test_who_has_something_to_correct_is_called_and_it_is_noted(
    desk: Desk,
) -> None:
    number = take_case(desk, ITEM, seed=41)
    steps.request_correction(
        desk.place, number, missing=("签字",), due=desk.working_day(10)
    )
    row = desk.case(number).row
    async with a_headless_window(desk) as seen:
        await seen.shell.go("deliveries")
        await seen.until_shown(number, row.phone, "待申请人补正")
        await seen.press("电话联系")
        await seen.until_shown("F8")
        await seen.key("F8")
        await seen.until_shown("已办：电话联系")
        last = desk.case(number).timeline[-1]
        assert last.what == "applicant_called"


async def test_where_nothing_is_decided_it_says_so(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("deliveries")
        await seen.until_shown("待送达", "没有需要办理的事项")
