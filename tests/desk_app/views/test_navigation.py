"""The top line: a way to every screen, who is here, and the lock."""

import dataclasses
from datetime import timedelta
from typing import Any

import flet as ft
import pytest

from desk_app.boot.window import SCREENS as OPENED
from desk_app.services.desk import Desk
from desk_app.services.shown import SyncStatus
from desk_app.text.words import Words
from desk_app.views.navigation import SCREENS, lamp_says, navigation
from tests.support.headless import a_headless_window

WORDS = Words("desk")
SIGNS = {
    "board": "按期限先后", "new": "查找事项", "cases": "姓名、拼音首字母",
    "people": "九十天内到期的证书", "deliveries": "待申请人补正", "bags": "封袋",
    "days": "日结", "figures": "合计", "sync": "上次联系", "help": "停电时",
    "settings": "操作员",
}  # fmt: skip


def test_every_way_leads_to_a_screen_that_is_there() -> None:
    assert set(SCREENS) <= set(OPENED)


@pytest.mark.parametrize("name", sorted(SIGNS))
async def test_pressing_its_name_opens_the_screen(desk: Desk, name: str) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("trail")
        await seen.press(WORDS(f"nav.{name}"))
        await seen.until_shown(SIGNS[name])


async def test_who_is_here_is_said_beside_the_lock(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        await seen.until_shown("林窗口 · 锁定")
        await seen.press("林窗口")
        await seen.until_shown("登录名")
        assert desk.session is None


def _status(**said: Any) -> SyncStatus:
    plain = SyncStatus(
        enrolled=True, waiting=0, in_flight=0, oldest_waiting_at=None,
        last_contact_at=None, last_problem=None, next_try_at=None, refused=(),
    )  # fmt: skip
    return dataclasses.replace(plain, **said)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({}, "已全部送达"),
        ({"scans_waiting": 2}, "扫描件待发送 2"),
        ({"scans_waiting": 2, "quarantined": 1}, "隔离 1"),
        ({"waiting": 3, "quarantined": 1, "scans_waiting": 2}, "待发送 3"),
        ({"waiting": 3, "enrolled": False}, "未注册"),
    ],
)
def test_the_lamp_says_what_is_not_at_the_district(
    said: dict[str, Any], shown: str
) -> None:
    assert lamp_says(WORDS, _status(**said)) == shown


def test_a_clock_that_is_off_is_said_before_all_else() -> None:
    said = lamp_says(WORDS, _status(waiting=3, clock_off=timedelta(minutes=-9)))
    assert said.startswith("⚠ ")
    assert said.endswith("待发送 3")


def test_the_lamp_stands_in_the_line() -> None:
    lamp = ft.Text("待发送 3")
    line = navigation(WORDS, lambda _: lambda: None, lamp, "林", lambda: None)
    assert isinstance(line, ft.Row)
    right = line.controls[-1]
    assert isinstance(right, ft.Row)
    assert lamp in right.controls
