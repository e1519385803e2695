"""The form's materials: due by the answers, taken one by one or all at once."""

from desk_app.services.desk import Desk
from tests.support.headless import a_headless_window


async def test_an_answer_that_makes_a_material_due_shows_it(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await seen.open_form("HY01-02")
        names = seen.texts()
        assert "授权委托书" not in names
        await seen.type("是否代办", "1", enter=True)
        await seen.until_shown("授权委托书")
