"""The line's screen: where the conversation stands, or the way to a district."""

from pathlib import Path

from desk_app.services.desk import Desk
from tests.support.headless import a_headless_window
from tests.support.rigs import a_desk, take_case

ITEM = "HY12-01"


async def test_it_says_what_waits_and_after_sending_that_nothing_does(
    desk: Desk,
) -> None:
    take_case(desk, ITEM, seed=71)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("sync")
        waiting = desk.sync_status().waiting
        await seen.until_shown(f"待发送 {waiting} 条", "最早一条等待自")
        await seen.press("立即发送")
        await seen.until_shown("待发送 0 条", "已发送")
        assert "最早一条等待自" not in seen.texts()


async def test_both_fingerprints_are_shown_to_be_read_out(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("sync")
        await seen.until_shown(
            f"本机指纹：{desk.fingerprint()}",
            f"区级指纹：{desk.district_fingerprint()}",
        )


async def test_a_desk_alone_is_offered_the_ways_to_enrol_and_no_stick(
    tmp_path: Path,
) -> None:
    desk = a_desk(tmp_path / "desk")
    async with a_headless_window(desk) as seen:
        await seen.shell.go("sync")
        await seen.until_shown("区级地址", "注册码", "批准文件路径", desk.fingerprint())
        assert "优盘" not in seen.texts()
        await seen.type("批准文件路径", str(tmp_path / "none.json"))
        await seen.press("使用批准文件")
        await seen.until_shown("none.json", "[")
        await seen.type("区级地址", "https://localhost:1")
        await seen.type("注册码", "AAAA-BBBB")
        await seen.press("提交注册")
        await seen.until_shown("[")
        # What was typed stays: a line that is down is no reason to type it again.
        assert seen.field("区级地址").value == "https://localhost:1"
    desk.lock()
