"""What the window does by itself: it counts again, backs up, sends, locks."""

import json

import pytest

from desk_app.services import backing, recounting
from desk_app.services.catalogue import shipped
from desk_app.services.desk import Desk
from desk_app.store import settings, texts
from desk_app.views import rounds
from schemas.problems import Code, Problem
from tests.support.headless import Seen, a_headless_window
from tests.support.rigs import Island, take_case

ITEM = "HY12-01"


def another_calendar(desk: Desk) -> None:
    with desk.place.vault.write() as tx:
        number, text = texts.newest(tx, "holidays") or (0, shipped("holidays"))
        calendar = {**json.loads(text), "source": f"第 {number + 1} 号"}
        at = desk.place.hands.now().isoformat()
        texts.keep(tx, "holidays", number + 1, json.dumps(calendar), at=at)


async def log_in(seen: Seen) -> None:
    await seen.until_shown("登录名")
    await seen.type("登录名", "lin", enter=True)
    await seen.type("口令", "correct horse battery staple", enter=True)
    await seen.until_shown("按期限先后")


async def test_who_logs_in_works_while_legal_days_are_counted_again(
    desk: Desk,
) -> None:
    take_case(desk, ITEM, seed=1)
    another_calendar(desk)
    desk.lock()
    async with a_headless_window(desk) as seen:
        await log_in(seen)
        await seen.until(lambda: recounting.owed(desk.place) == 0)
        await seen.until(lambda: not seen.shell.works.lines.controls)


async def test_stopped_the_board_says_so_and_offers_to_go_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(3):
        take_case(desk, ITEM, seed=seed)
    another_calendar(desk)
    monkeypatch.setattr(recounting, "AT_ONCE", 1)
    async with a_headless_window(desk) as seen:
        owed = recounting.owed(desk.place)
        counted = seen.shell.page.run_task(seen.shell.rounds.recount)
        await seen.until_shown(f"/ {owed} 件")
        await seen.press("取消 Esc")
        await seen.until(counted.done)
        left = recounting.owed(desk.place)
        await seen.shell.go("board")
        await seen.until_shown(f"还有 {left} 件")
        await seen.press("继续计算")
        await seen.until(lambda: recounting.owed(desk.place) == 0)
        await seen.until(lambda: "继续计算" not in seen.texts())


async def test_the_scheduled_backup_is_made_once_a_day(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.rounds.back_up()
        made = backing.list_backups(desk.place)
        assert made
        await seen.shell.rounds.back_up()
        assert backing.list_backups(desk.place) == made


async def test_a_backup_that_cannot_be_written_is_said_and_stops_nothing(
    desk: Desk,
) -> None:
    with desk.place.vault.write() as tx:
        settings.put(tx, "backup_folder", "/nowhere/at/all")
        tx.run("DELETE FROM backups")
    try:
        async with a_headless_window(desk) as seen:
            await seen.shell.go("board")
            await seen.shell.rounds.back_up()
            await seen.until_shown("备份", "/nowhere/at/all", "按期限先后")
    finally:
        backing.choose_folder(desk.place, "")


async def test_the_background_sending_empties_what_waits(island: Island) -> None:
    desk = island.desk
    take_case(desk, ITEM, seed=7)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        await seen.shell.rounds.tick()
        assert desk.sync_status().waiting == 0
        await seen.until_shown("已全部送达")


async def test_an_idle_desk_locks_and_one_that_is_touched_does_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "_LOOK_EVERY_S", 0.01)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        watch = rounds.Rounds(seen.shell, idle_s=lambda: rounds.IDLE_S - 1)
        touched = seen.shell.page.run_task(watch.watch)
        await seen.shell.go("cases")
        assert desk.session is not None
        touched.cancel()
        left = rounds.Rounds(seen.shell, idle_s=lambda: rounds.IDLE_S + 1)
        seen.shell.page.run_task(left.watch)
        await seen.until_shown("登录名")
        assert desk.session is None


async def test_nothing_is_tried_while_the_desk_is_locked(desk: Desk) -> None:
    desk.lock()
    async with a_headless_window(desk) as seen:
        for work in (
            seen.shell.rounds.back_up, seen.shell.rounds.tick,
            seen.shell.rounds.recount,
        ):  # fmt: skip
            await work()
        await seen.until_shown("登录名")
        with pytest.raises(Problem) as locked:
            backing.is_due(desk.place)
        assert locked.value.code is Code.DESK_LOCKED
