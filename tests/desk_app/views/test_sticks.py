"""Without a line: a stick out and back, and a sheet of codes, from one screen."""

from pathlib import Path

from desk_app.services import sticks
from desk_app.services.desk import Desk
from tests.support.headless import a_headless_window
from tests.support.rigs import Island, take_case
from tests.support.sticks import reconcile, visit

ITEM = "HY12-01"


async def test_what_waits_goes_out_by_stick_and_comes_back_receipted(
    island: Island, tmp_path: Path
) -> None:
    desk = island.desk
    take_case(desk, ITEM, seed=101)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("sync")
        await seen.type("优盘的文件夹", str(tmp_path))
        await seen.key("F6")
        await seen.until_shown("优盘上有 1 个待送批次")
        # It waits on: a stick in a pocket is no receipt.
        assert desk.sync_status().waiting > 0
        visit(island.district, tmp_path)
        reconcile(island.district)
        visit(island.district, tmp_path)
        await seen.key("F7")
        await seen.until_shown("取回：1 个批次获回执", "已全部送达")
        assert sticks.last_folder(desk.place) == str(tmp_path)


async def test_a_folder_that_is_none_is_said_by_number(
    desk: Desk, tmp_path: Path
) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("sync")
        for folder in ("", str(tmp_path / "none")):
            await seen.type("优盘的文件夹", folder)
            await seen.key("F6")
            await seen.until_shown("[1065]")


async def test_codes_that_are_no_sheet_are_refused_and_stay_to_be_looked_at(
    desk: Desk,
) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("sync")
        await seen.type("扫入的码", "not a code of ours")
        await seen.key("F8")
        await seen.until_shown("[107")
        assert seen.field("扫入的码").value == "not a code of ours"
        await seen.press("清空")
        await seen.until(lambda: seen.field("扫入的码").value == "")
