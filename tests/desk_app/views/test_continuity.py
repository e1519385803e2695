"""Backups and drills by a press; what befell the desk is said until it is seen."""

from desk_app.services import backing
from desk_app.services.desk import Desk
from desk_app.store import incidents
from tests.support.headless import a_headless_window
from tests.support.rigs import PASSPHRASE


async def test_a_backup_is_made_and_named_and_a_drill_proves_it(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("backup")
        await seen.press("立即备份")
        await seen.until_shown("已备份：", "最近一次备份")
        newest = backing.list_backups(desk.place)[0]
        assert newest.file.name in seen.texts()
        await seen.press("恢复演练")
        await seen.until_shown("演练合格", "份草稿会丢")
        assert not list(desk.places.aside.glob("drill*"))


async def test_a_broken_backup_is_no_exception_but_a_drill_that_failed(
    desk: Desk,
) -> None:
    made = backing.back_up(desk.place, desk.places)
    raw = bytearray(made.file.read_bytes())
    raw[-1] ^= 1
    made.file.write_bytes(raw)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("backup")
        await seen.press("恢复演练")
        await seen.until_shown("演练不合格")
    made.file.unlink()


async def test_a_folder_that_is_not_there_is_refused_before_it_is_needed(
    desk: Desk,
) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("backup")
        await seen.type("备份文件夹", "/nowhere/at/all")
        await seen.press("保存备份位置")
        await seen.until_shown("/nowhere/at/all", "[")
        assert backing.folder_of(desk.place, desk.places) == desk.places.backups


async def test_the_place_of_backups_is_a_supervisors(desk: Desk) -> None:
    desk.unlock("chen", PASSPHRASE)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("backup")
        await seen.until_shown("立即备份")
        assert "保存备份位置" not in seen.texts()


async def test_what_happened_is_on_the_board_until_somebody_has_seen_it(
    desk: Desk,
) -> None:
    with desk.place.vault.write() as tx:
        now = desk.place.hands.now()
        incidents.add(tx, "district_behind", {"entries": "7"}, now=now)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        await seen.until_shown("缺少的 7 条记录")
        await seen.press("查看并处理")
        await seen.until_shown("需要知道的事", "缺少的 7 条记录")
        await seen.press("已知悉")
        await seen.until(lambda: "缺少的 7 条" not in seen.texts())
        await seen.shell.go("board")
        assert "缺少的 7 条" not in seen.texts()
