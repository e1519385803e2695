"""The district's words on the board: until each clerk has seen them, and by whom."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files

from sync.district.reconcile.filing import reconcile_once
from sync.district.reconcile.publishing import publish_new_calendar, publish_notice
from tests.support.headless import a_headless_window
from tests.support.rigs import PASSPHRASE, Island


async def bring(island: Island) -> None:
    """Let the feed carry what the district gave out."""
    place = island.district
    reconcile_once(place.sealed, place.record, place.keys, now=datetime.now(UTC))
    assert (await island.desk.sync(impatient=True)).problem is None


async def test_a_notice_stays_until_this_clerk_has_seen_it_and_says_who_has(
    island: Island,
) -> None:
    desk, now = island.desk, datetime.now(UTC)
    publish_notice(
        island.district.record, "六月一日起受理点停电演练。", until=None,
        by="区办公室", today=now.date(), now=now,
    )  # fmt: skip
    await bring(island)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        await seen.until_shown("停电演练", "区办公室", "还没有人阅")
        await seen.press("已阅")
        await seen.until_shown("停电演练", "已阅：林窗口")
        # Another clerk has not seen it yet.
        desk.unlock("chen", PASSPHRASE)
        await seen.shell.go("board")
        await seen.until_shown("停电演练", "已阅：林窗口")
        await seen.press("已阅")
        await seen.until_shown("陈窗口")


async def test_a_calendar_for_later_says_from_when_and_that_it_waits(
    island: Island,
) -> None:
    since = island.desk.today() + timedelta(days=30)
    seasons = files("assets").joinpath("catalogue", "closed_seasons.json")
    publish_new_calendar(
        island.district.record, seasons.read_text("utf-8"), effective_from=since,
        by="区", now=datetime.now(UTC),
    )  # fmt: skip
    await bring(island)
    async with a_headless_window(island.desk) as seen:
        await seen.shell.go("board")
        await seen.until_shown("伏季休渔期", f"自 {since.isoformat()} 起：等待生效")
