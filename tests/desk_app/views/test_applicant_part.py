"""The form's applicant: known from earlier visits by a key, rare characters shown."""

from desk_app.services.desk import Desk
from tests.support.headless import Seen, a_headless_window

ITEM = "HY12-01"


async def open_form(seen: Seen, code: str = ITEM) -> None:
    await seen.shell.go("new")
    await seen.until_shown("查找事项")
    await seen.type("查找事项", code, enter=True)
    await seen.until_shown("申请人类型")


async def test_a_rare_character_is_shown_where_its_code_point_was_typed(
    desk: Desk,
) -> None:
    async with a_headless_window(desk) as seen:
        await open_form(seen)
        await seen.type("姓名", "林U+20BB7")
        await seen.until(lambda: seen.field("姓名").value == "林\U00020bb7")
