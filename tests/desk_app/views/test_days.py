"""Days on the screen: closed by a key, reopened in sight, differences named."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from desk_app.services.standing import local_day
from sync.district.reconcile.filing import reconcile_once
from tests.support.headless import a_headless_window
from tests.support.rigs import PASSPHRASE, Island, an_island, take_case

TODAY = local_day(datetime.now(UTC)).isoformat()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Island]:
    """An island of its own: these days are closed, harmed and told to differ."""
    with an_island(tmp_path) as joined:
        yield joined


async def exchange(island: Island, *, times: int) -> None:
    for _ in range(times):
        report = await island.desk.sync(impatient=True)
        assert report.problem is None
        d = island.district
        await asyncio.to_thread(
            reconcile_once, d.sealed, d.record, d.keys, now=datetime.now(UTC)
        )


async def test_p07_a_day_is_closed_by_keys_agreed_reopened_and_named(
    own: Island,
) -> None:
    desk = own.desk
    number = take_case(desk, "HY12-01", seed=1)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        await seen.key("F8")
        await seen.until_shown("最近的日子", TODAY, "未日结")
        await seen.key("F8")
        await seen.until_shown("已日结（第 1 版，1 条记录）", "等待发送")
        await exchange(own, times=2)
        await seen.shell.go("days")
        await seen.until_shown("区级已确认")
        await seen.press(TODAY)
        await seen.until_shown("双方一致，区级已签认", "签认于第 1 期第 2 条记录")

        take_case(desk, "HY12-01", seed=2)
        await seen.shell.go("days")
        await seen.until_shown("已重开，待重新日结", "之后又有 1 条")
        with own.district.record._engine.begin() as connection:
            connection.execute(text("DROP TRIGGER entries_never_delete"))
            connection.execute(text("DELETE FROM entries WHERE sequence = 1"))
        await seen.press(TODAY)
        await seen.until_shown("已重开", "重新日结")
        await seen.key("F8")
        await seen.until_shown("第 2 版")
        await exchange(own, times=6)
        await seen.shell.go("board")
        await seen.until_shown("与区级不一致")
        await seen.key("F8")
        await seen.until_shown("最近的日子")
        await seen.press(TODAY)
        await seen.until_shown("区级没有这一条", number, "窗口收件")
        await seen.key("F6")
        await seen.until_shown(f"{TODAY} 日结单")


async def test_p09_a_clock_that_is_off_is_told_on_every_screen_and_refuses_nothing(
    own: Island,
) -> None:
    desk = own.desk
    await exchange(own, times=1)
    hands = desk.place.hands
    off = timedelta(days=1096)
    desk._hands = replace(
        desk._hands, now=lambda: datetime.now(UTC) - off, boot="another"
    )
    assert hands.clock is not None
    desk.unlock("lin", PASSPHRASE)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        await seen.until_shown("电脑时钟慢", "照常受理")
        await seen.shell.go("days")
        await seen.until_shown("电脑时钟慢", TODAY)
        number = take_case(desk, "HY12-01", seed=3)
        assert local_day(desk.case(number).row.received_at).isoformat() == TODAY
        await seen.key("F8")
        await seen.until_shown("已日结（第 1 版，1 条记录）")
