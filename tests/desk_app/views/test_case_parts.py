"""What a case page shows of a case: where it stands, and what has not travelled."""

from desk_app.services import steps
from desk_app.services.desk import Desk
from schemas.steps import PapersAt
from tests.support.headless import a_headless_window
from tests.support.rigs import take_case

ITEM = "HY01-02"


async def test_what_has_not_travelled_says_so(desk: Desk) -> None:
    number = take_case(desk, ITEM, seed=11)
    async with a_headless_window(desk) as seen:
        await seen.shell.open_case(number)
        await seen.until_shown("尚未送达区级")
        await seen.key("F9")
        await seen.until_shown("已送达区级", "已全部送达")


async def test_a_case_of_a_visit_says_where_and_the_papers_where_they_are(
    desk: Desk,
) -> None:
    number = take_case(desk, ITEM, seed=17)
    steps.move_papers(desk.place, number, PapersAt.BAG, bag="FD-0009")
    async with a_headless_window(desk) as seen:
        await seen.shell.open_case(number)
        await seen.until_shown("材料在袋 FD-0009")
