"""Bags: packed in one go, tracked, moved on; an empty one is refused."""

from desk_app.services import bags
from desk_app.services.desk import Desk
from schemas.progress import nobody_watches
from schemas.steps import PapersAt
from tests.support.headless import a_headless_window
from tests.support.rigs import take_case

ITEM = "HY12-01"


async def test_papers_are_packed_tracked_and_come_back(desk: Desk) -> None:
    number = take_case(desk, ITEM, seed=7)
    # Another test's bag, if it came first: its buttons are not this one's.
    for each in bags.bags(desk.place):
        if each.where is PapersAt.BAG:
            bags.move_bag(
                desk.place, each.bag, PapersAt.DISTRICT, progress=nobody_watches
            )
    async with a_headless_window(desk) as seen:
        await seen.shell.go("bags")
        await seen.until_shown(number)
        await seen.key("F8")
        await seen.until_shown("[1012]")
        done = bags.pack(desk.place, "FD-0101", [number], progress=nobody_watches)
        assert [each.problem for each in done] == [None]
        await seen.shell.go("bags")
        await seen.until_shown("FD-0101（1 件）")
        await seen.press("区级已收")
        await seen.until(lambda: desk.case(number).papers == "district")
        await seen.until_shown("FD-0101：已登记 1 件")
        assert [row.number for row in bags.in_bag(desk.place, "FD-0101")] == [number]
    stopped = bags.move_bag(
        desk.place, "FD-0101", PapersAt.TOWN, progress=lambda _: False
    )
    assert stopped == ()
    assert desk.case(number).papers == "district"
