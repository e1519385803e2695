"""Numbers without a case: voided with a reason, seen for ever, never given again."""

from desk_app.services import numbering, sheets
from desk_app.services.desk import Desk
from tests.support.headless import a_headless_window
from tests.support.rigs import take_case

ITEM = "HY12-01"


async def test_a_voided_number_is_listed_with_its_reason_and_not_given_again(
    desk: Desk,
) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("numbers")
        await seen.until_shown("作废下一个编号")
        fields = [
            each for each in seen.controls() if getattr(each, "label", "") == "原因"
        ]
        seen._session.apply_patch(fields[0]._i, {"value": "写错在纸上"})
        await seen.press("作废编号")
        await seen.until_shown("已作废：", "写错在纸上")
        voided = {number for number, _ in numbering.voids(desk.place).numbers}
        assert take_case(desk, ITEM, seed=81) not in voided


async def test_without_a_reason_nothing_is_voided(desk: Desk) -> None:
    before = numbering.voids(desk.place)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("numbers")
        await seen.press("作废编号")
        await seen.until_shown("[")
        assert numbering.voids(desk.place) == before


async def test_a_spoiled_blank_is_taken_off_the_list_of_those_outside(
    desk: Desk,
) -> None:
    sheets.blank_forms(desk.place, ITEM, 1)
    control = numbering.voids(desk.place).blanks_out[-1]
    async with a_headless_window(desk) as seen:
        await seen.shell.go("numbers")
        await seen.until_shown(control)
        await seen.type("空白表控制号", control.lower())
        fields = [
            each for each in seen.controls() if getattr(each, "label", "") == "原因"
        ]
        seen._session.apply_patch(fields[1]._i, {"value": "受潮"})
        await seen.press("作废空白表")
        await seen.until_shown(f"已作废：{control}", f"{control}  受潮")
        assert control not in numbering.voids(desk.place).blanks_out
        await seen.key("Escape")
        await seen.until_shown("操作员")
