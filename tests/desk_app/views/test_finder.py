"""A field and what it finds: Enter takes the first, Down goes into the list."""

from desk_app.services.desk import Desk
from tests.support.headless import a_headless_window
from tests.support.rigs import take_case

ITEM = "HY12-01"


async def test_down_goes_from_the_search_into_the_list(desk: Desk) -> None:
    take_case(desk, ITEM, seed=2)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("cases")
        newest = desk.cases().rows[0].number
        await seen.until_shown(newest)
        await seen.fire(seen.field("姓名、拼音首字母"), "focus")
        await seen.key("Arrow Down")
        await seen.until(lambda: seen.focused == seen.button(newest)._i)
