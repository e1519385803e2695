"""New case: an item by words, initials or code; drafts to go on with."""

from desk_app.services.desk import Desk
from tests.support.headless import a_headless_window


async def test_an_item_is_found_by_its_initials_and_enter_takes_the_first(
    desk: Desk,
) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("new")
        await seen.type("查找事项", "hyyyblxkzbf", enter=True)
        await seen.until_shown("HY01-04", "遗失/损毁日期")
