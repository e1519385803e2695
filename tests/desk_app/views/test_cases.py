"""The list of cases: what is typed is found; filters, pages, export."""

from desk_app.services.desk import Desk
from tests.support.headless import Seen, a_headless_window
from tests.support.rigs import take_case

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
        # Names are few: another test's case may be of the same person.
        theirs = {row.number for row in desk.cases().rows if row.applicant_name == name}
        await seen.until(lambda: set(_numbers(seen, desk)) == theirs)
        assert number in theirs
        assert other not in theirs
        await seen.type("姓名、拼音首字母", "没有这个人")
        await seen.until_shown("没有找到")
        await seen.type("姓名、拼音首字母", name, enter=True)
        await seen.until_shown("办件 ", "经过", name)


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
        await seen.key("Page Down", ctrl=True)
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
