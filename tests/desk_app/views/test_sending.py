"""Sending now: one at a time, with how much is left, and stopped it loses nothing."""

import asyncio

import flet as ft
import pytest

from desk_app.services.desk import Desk
from desk_app.text.words import Words
from desk_app.views import sending
from desk_app.views.sending import Sending, came_of
from sync.client.engine import StepReport
from tests.support.headless import a_headless_window
from tests.support.rigs import take_case

ITEM = "HY12-01"


def said(control: ft.Control) -> str:
    assert isinstance(control, ft.Row)
    return "".join(str(e.value) for e in control.controls if isinstance(e, ft.Text))


async def test_it_says_how_many_are_left_and_ends_with_a_report(desk: Desk) -> None:
    take_case(desk, ITEM, seed=91)
    waiting = desk.sync_status().waiting
    shown: list[ft.Control] = []
    report = await Sending(desk, Words("desk")).run(shown.append)
    assert report is not None
    assert report.released >= 1
    assert said(shown[0]).startswith(f"正在发送，还有 {waiting} 条")
    assert desk.sync_status().waiting == 0


async def test_who_stops_it_keeps_what_waits(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_LOOK_EVERY_S", 0)
    take_case(desk, ITEM, seed=92)

    def stop(control: ft.Control) -> None:
        control.controls[-1].on_click(None)  # type: ignore[attr-defined]

    work = Sending(desk, Words("desk"))
    assert await work.run(stop) is None
    assert not work.under_way
    assert desk.sync_status().waiting > 0
    # The next time brings it home.
    assert await work.run(lambda _: None) is not None
    assert desk.sync_status().waiting == 0


def test_what_came_of_it_is_said_in_one_line() -> None:
    words = Words("desk")
    told = [
        came_of(words, each)
        for each in (None, StepReport(waited=True), StepReport(answers=2))
    ]
    assert len(set(told)) == 3
    assert "2" in told[2]


async def test_pressing_f9_twice_sends_once(desk: Desk) -> None:
    take_case(desk, ITEM, seed=93)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        first = asyncio.create_task(seen.shell.send_now())
        await seen.until(lambda: seen.shell._sending.under_way)
        await seen.shell.send_now()
        assert not first.done()
        await first
        # Scans of other tests' cases may wait on: the lamp is about them, too.
        await seen.until_shown("已发送")
        assert desk.sync_status().waiting == 0
