"""The board: what presses first, what waits, what the district said; honestly."""

from pathlib import Path

from desk_app.services.desk import Desk
from tests.support.headless import a_headless_window
from tests.support.rigs import a_desk, take_case

ITEM = "HY01-02"


async def test_what_has_not_travelled_is_said_with_its_age(desk: Desk) -> None:
    number = take_case(desk, ITEM, seed=21)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        await seen.until_shown(number, "条未送达区级，最早一条自", "未送达")
        await seen.key("F9")
        await seen.until_shown("已全部送达")
        await seen.until(lambda: "条未送达区级" not in seen.texts())


async def test_the_keyboard_is_on_the_case_that_presses_most_and_opens_it(
    desk: Desk,
) -> None:
    take_case(desk, ITEM, seed=22)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        first = desk.board().due[0]
        await seen.until_shown(first.number)
        await seen.until(lambda: seen.focused == seen.button(first.number)._i)
        await seen.press(first.number)
        await seen.until_shown(f"办件 {first.number}")


async def test_the_calendar_says_until_when_it_is_known(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        through = desk.board().calendar_complete_through
        await seen.until_shown(f"日历已知至 {through.isoformat()}")


async def test_a_desk_that_no_district_knows_says_so_and_has_nothing_due(
    tmp_path: Path,
) -> None:
    desk = a_desk(tmp_path / "desk")
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        await seen.until_shown("本机尚未注册", "没有需要办理的事项", "未注册")
    desk.lock()
