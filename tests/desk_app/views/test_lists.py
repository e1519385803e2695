"""Lists: what is typed is found, filters, pages, arrows, export, bags, figures."""

from datetime import date

from desk_app.services import access, bags, statistics
from desk_app.services.desk import Desk
from desk_app.store import cases
from desk_app.store.cases import CaseFilter
from schemas.progress import nobody_watches
from schemas.steps import PapersAt
from tests.support.headless import Seen, a_headless_window
from tests.support.rigs import PASSPHRASE, take_case

ITEM = "HY12-01"


def _numbers(seen: Seen, desk: Desk) -> list[str]:
    shown = seen.texts()
    return [row.number for row in desk.cases().rows if row.number in shown]


async def test_cases_are_found_while_typing_and_enter_opens_the_first(
    desk: Desk,
) -> None:
    number = take_case(desk, "HY05-01", seed=3)
    other = take_case(desk, ITEM, seed=1)
    name = desk.case(number).row.applicant_name
    async with a_headless_window(desk) as seen:
        await seen.shell.go("cases")
        await seen.until_shown(number, other)
        await seen.type("姓名、拼音首字母", name)
        await seen.until(lambda: _numbers(seen, desk) == [number])
        await seen.type("姓名、拼音首字母", "没有这个人")
        await seen.until_shown("没有找到")
        await seen.type("姓名、拼音首字母", name, enter=True)
        await seen.until_shown(f"办件 {number}", "经过")


async def test_down_goes_from_the_search_into_the_list(desk: Desk) -> None:
    take_case(desk, ITEM, seed=2)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("cases")
        newest = desk.cases().rows[0].number
        await seen.until_shown(newest)
        await seen.fire(seen.field("姓名、拼音首字母"), "focus")
        await seen.key("Arrow Down")
        await seen.until(lambda: seen.focused == seen.button(newest)._i)


async def test_filters_narrow_the_list_and_a_day_that_is_none_is_said(
    desk: Desk,
) -> None:
    number = take_case(desk, "HY09-04", seed=4)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("cases")
        await seen.until_shown(number)
        await seen.type("事项", "HY09-04", enter=True)
        await seen.until(lambda: "HY12-01" not in "".join(_numbers(seen, desk)))
        await seen.until_shown(number)
        await seen.type("收件自", "1 June", enter=True)
        await seen.until_shown("[1014]", "2026-12-31")


async def test_pages_turn_and_stop_at_the_ends(desk: Desk) -> None:
    have = desk.cases(page_size=100).total
    for seed in range(have, 21):
        take_case(desk, ITEM, seed=seed)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("cases")
        await seen.until_shown("第 1 页")
        await seen.key("Page Down")
        await seen.until_shown("第 2 页")
        await seen.key("Page Down")
        await seen.key("Page Up")
        await seen.until_shown("第 1 页")
        await seen.key("Page Up")
        await seen.until_shown("第 1 页")


async def test_a_list_is_exported_and_the_file_is_named(desk: Desk) -> None:
    take_case(desk, ITEM, seed=6)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("cases")
        await seen.key("F7")
        await seen.until_shown("已导出", str(desk.exports))
        assert any(path.suffix == ".xlsx" for path in desk.exports.iterdir())


async def test_a_long_work_shows_its_count_and_escape_stops_it(desk: Desk) -> None:
    told: list[int] = []

    def work(*, progress) -> int:  # noqa: ANN001
        count = 0
        while progress(count):
            count += 1
            told.append(count)
        return count

    async with a_headless_window(desk) as seen:
        await seen.shell.go("cases")
        running = seen.shell.page.run_task(seen.shell.do_long, "cases.exporting", work)
        await seen.until_shown("正在导出", "取消 Esc")
        await seen.until(lambda: told)
        await seen.key("Escape")
        await seen.until(running.done)
        assert running.result() == told[-1]
        assert "正在导出" not in seen.texts()


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


async def test_the_audit_trail_turns_back_and_is_a_supervisors(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("trail")
        newest = access.trail(desk.place, limit=1)[0].position
        await seen.until_shown(str(newest))
        await seen.key("Page Down")
        await seen.until(lambda: f"\n{newest}\n" not in seen.texts())
        desk.unlock("chen", PASSPHRASE)
        await seen.shell.go("trail")
        await seen.until_shown("[1", "主管")


async def test_an_owner_shows_vessels_certificates_and_cases(desk: Desk) -> None:
    number = take_case(desk, "HY01-02", seed=777)
    row = desk.case(number).row
    async with a_headless_window(desk) as seen:
        await seen.shell.go("people")
        await seen.type("姓名、拼音", row.vessel)
        await seen.until_shown("****")
        await seen.type("姓名、拼音", row.vessel, enter=True)
        await seen.until_shown(row.vessel, "证书与到期日", "到期")
        await seen.key("F6")
        await seen.until_shown(number, "共 1 件")
