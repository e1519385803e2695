"""The form's materials: due by the answers, taken one by one or all at once."""

from desk_app.services.desk import Desk
from tests.support.headless import Seen, a_headless_window

ITEM = "HY12-01"


async def open_form(seen: Seen, code: str = ITEM) -> None:
    await seen.shell.go("new")
    await seen.until_shown("查找事项")
    await seen.type("查找事项", code, enter=True)
    await seen.until_shown("申请人类型")


async def test_an_answer_that_makes_a_material_due_shows_it(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await open_form(seen, "HY01-02")
        names = seen.texts()
        assert "授权委托书" not in names
        await seen.type("是否代办", "1", enter=True)
        await seen.until_shown("授权委托书")
