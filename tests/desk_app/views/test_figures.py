"""Figures: each is what the list counts that it opens."""

from datetime import date

from desk_app.services import statistics
from desk_app.services.desk import Desk
from desk_app.store import cases
from desk_app.store.cases import CaseFilter
from tests.support.headless import a_headless_window
from tests.support.rigs import take_case

ITEM = "HY12-01"


async def test_every_figure_is_what_its_list_counts(desk: Desk) -> None:
    take_case(desk, ITEM, seed=8)
    today = date.fromisoformat(f"{desk.today()}")
    found = statistics.figures(desk.place, since=today.replace(day=1), until=today)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("figures")
        await seen.until_shown(f"合计  {found.total}")
        await seen.press("合计")
        await seen.until_shown(f"共 {found.total} 件")
        code, _, count = found.by_item[0]
        await seen.shell.go("figures")
        await seen.press(code)
        await seen.until_shown(f"共 {count} 件")
        await seen.shell.go("figures")
        day_total = dict(found.by_day)[today]
        await seen.press(f"{today:%m-%d}")
        await seen.until_shown(f"统计 {today.isoformat()}", f"合计  {day_total}")
    with desk.place.vault.read() as tx:
        wanted = CaseFilter(since=today.replace(day=1).isoformat())
        assert cases.page(tx, wanted, limit=1, offset=0)[1] == found.total
