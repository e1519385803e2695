"""A forgotten passphrase at the door, resets by a supervisor, a new key on paper."""

import re
from pathlib import Path

import pytest

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services.desk import Desk
from schemas.problems import Problem
from tests.support.headless import a_headless_window
from tests.support.rigs import NANRI, PASSPHRASE

NEW = "net hook line lamp"


def _set_up(home: Path) -> tuple[Desk, str]:
    desk = Desk(places(home), real_hands())
    key = desk.set_up(
        desk_name="一号", town=NANRI, login="lin", name="林窗口", passphrase=PASSPHRASE
    )
    return desk, key


async def test_the_key_on_paper_opens_the_door(tmp_path: Path) -> None:
    desk, key = _set_up(tmp_path)
    async with a_headless_window(desk) as seen:
        await seen.until_shown("登录名")
        await seen.press("忘记口令？用恢复密钥")
        await seen.until_shown("用恢复密钥重设口令")
        await seen.type("恢复密钥", key.lower(), enter=True)
        await seen.type("登录名", "lin", enter=True)
        await seen.type("新口令（至少 10 个字符）", NEW, enter=True)
        await seen.until_shown("lin 的口令已重设，请用新口令登录")
        await seen.type("登录名", "lin", enter=True)
        await seen.type("口令", NEW, enter=True)
        await seen.until_shown("按期限先后")
    desk.lock()


async def test_a_wrong_key_says_so_and_changes_nothing(tmp_path: Path) -> None:
    desk, key = _set_up(tmp_path)
    async with a_headless_window(desk) as seen:
        await seen.until_shown("登录名")
        await seen.press("忘记口令？用恢复密钥")
        await seen.until_shown("用恢复密钥重设口令")
        await seen.type("恢复密钥", key[:-1] + ("0" if key[-1] != "0" else "1"))
        await seen.type("登录名", "lin")
        await seen.type("新口令（至少 10 个字符）", NEW, enter=True)
        await seen.until_shown("[107]")
    assert desk.unlock("lin", PASSPHRASE).login == "lin"
    desk.lock()


async def test_a_new_key_is_shown_once_and_the_old_paper_is_void(
    tmp_path: Path,
) -> None:
    desk, old = _set_up(tmp_path)
    desk.unlock("lin", PASSPHRASE)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("settings")
        await seen.type("您自己的口令", PASSPHRASE)
        await seen.press("更换恢复密钥")
        await seen.until_shown("恢复密钥（只显示这一次")
        (new,) = re.findall(r"(?:[0-9A-Z]{4}-){7}[0-9A-Z]{4}", str(seen.texts()))
    desk.lock()
    with pytest.raises(Problem):
        desk.recover(old, "lin", NEW)
    desk.recover(new, "lin", NEW)
