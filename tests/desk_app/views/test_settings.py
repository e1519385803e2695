"""Settings: who works here, one's own passphrase, how large; a clerk sees the least."""

import pytest

from desk_app.services.desk import Desk
from desk_app.services.preferences import preference
from schemas.problems import Problem
from tests.support.headless import a_headless_window
from tests.support.rigs import PASSPHRASE


async def test_an_operator_is_added_reset_and_let_go(desk: Desk) -> None:
    login, other = "wu", "another horse battery"
    async with a_headless_window(desk) as seen:
        await seen.shell.go("settings")
        await seen.type("登录名", login, enter=True)
        await seen.until(lambda: seen.focused == seen.field("姓名")._i)
        await seen.type("姓名", "吴窗口", enter=True)
        await seen.type("新操作员口令", PASSPHRASE, enter=True)
        await seen.type("您自己的口令", PASSPHRASE, enter=True)
        await seen.until_shown("吴窗口  窗口人员")
        row = next(each for each in desk.operators() if each.login == login)
        desk.reset_passphrase(row.operator_id, other, PASSPHRASE)
        desk.unlock(login, other)
        desk.unlock("lin", PASSPHRASE)
        desk.remove_operator(row.operator_id)
        await seen.shell.go("settings")
        await seen.until_shown("吴窗口  已离岗")
        with pytest.raises(Problem):
            desk.unlock(login, other)
    desk.unlock("lin", PASSPHRASE)


async def test_a_wrong_own_passphrase_adds_nobody(desk: Desk) -> None:
    before = desk.operators()
    async with a_headless_window(desk) as seen:
        await seen.shell.go("settings")
        await seen.type("登录名", "wrong")
        await seen.type("姓名", "无")
        await seen.type("新操作员口令", PASSPHRASE)
        await seen.type("您自己的口令", "not this one at all")
        await seen.press("添加操作员")
        await seen.until_shown("[101]")
        assert desk.operators() == before


async def test_what_is_set_is_kept_and_a_budget_that_is_no_number_is_refused(
    desk: Desk,
) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("settings")
        await seen.type("咨询电话", "0594-1234567")
        await seen.press("保存设置")
        await seen.until_shown("已保存")
        assert preference(desk.place, "desk_phone") == "0594-1234567"
        await seen.type("扫描件每小时最多发送", "很多")
        await seen.press("保存设置")
        await seen.until_shown("[")
        assert "已保存" not in seen.texts()


async def test_a_clerk_changes_their_own_passphrase_and_nothing_else(
    desk: Desk,
) -> None:
    desk.unlock("chen", PASSPHRASE)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("settings")
        await seen.until_shown("修改我的口令", "显示大小")
        for theirs in ("添加操作员", "删除", "更换恢复密钥", "咨询电话"):
            assert theirs not in seen.texts()
        await seen.type("原口令", "not this one at all")
        await seen.type("新口令", "a new horse battery")
        await seen.press("修改我的口令")
        await seen.until_shown("[101]")
    desk.unlock("chen", PASSPHRASE)


async def test_the_size_that_is_chosen_is_shown_at_once(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("settings")
        await seen.type("显示大小", "150", enter=True)
        await seen.until(lambda: seen.shell.frame.percent == 150)
        await seen.shell.resize(100)
