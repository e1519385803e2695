"""The form's applicant: known from earlier visits by a key, rare characters shown."""

from desk_app.services.desk import Desk
from tests.support.headless import a_headless_window


async def test_a_rare_character_is_shown_where_its_code_point_was_typed(
    desk: Desk,
) -> None:
    async with a_headless_window(desk) as seen:
        await seen.open_form()
        await seen.type("姓名", "林U+20BB7")
        await seen.until(lambda: seen.field("姓名").value == "林\U00020bb7")
