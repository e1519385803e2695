"""Login, lock, hand-over, and how large everything is shown."""

from pathlib import Path

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services.desk import Desk
from tests.support.headless import Seen, a_headless_window
from tests.support.rigs import PASSPHRASE


async def log_in(seen: Seen, login: str = "lin") -> None:
    await seen.until_shown("登录名")
    await seen.type("登录名", login, enter=True)
    await seen.type("口令", PASSPHRASE, enter=True)
    await seen.until_shown("按期限先后")


async def test_a_wrong_passphrase_says_what_to_do(desk: Desk) -> None:
    desk.lock()
    async with a_headless_window(desk) as seen:
        await seen.until_shown("登录名")
        await seen.type("登录名", "lin", enter=True)
        await seen.type("口令", "not this one", enter=True)
        await seen.until_shown("[101]", "请核对后重试")
        assert "按期限先后" not in seen.texts()
        assert desk.session is None


async def test_f12_locks_and_what_was_just_typed_is_on_disk(desk: Desk) -> None:
    """Two clerks share a PC: the second goes on where the first was called away."""
    desk.lock()
    async with a_headless_window(desk) as seen:
        await log_in(seen)
        await seen.key("F2")
        await seen.until_shown("查找事项")
        await seen.type("查找事项", "HY1201", enter=True)
        await seen.until_shown("申请人类型")
        # No pause: the draft's own half second has not passed when F12 comes.
        await seen.type("住址", "南日镇西高村")
        await seen.key("F12")
        await seen.until_shown("登录名")
        assert desk.session is None

        await log_in(seen, "chen")
        await seen.key("F2")
        await seen.until_shown("未完成的草稿", "林窗口")
        await seen.press("渔船进出渔港报告")
        await seen.until_shown("申请人类型")
        assert seen.field("住址").value == "南日镇西高村"


async def test_a_desk_is_set_up_with_enter_alone(tmp_path: Path) -> None:
    """From field to field, then the vault is made; no key of a clerk's is promised."""
    desk = Desk(places(tmp_path), real_hands())
    async with a_headless_window(desk) as seen:
        await seen.until_shown("首次设置")
        assert "F9" not in seen.texts()
        filled = (
            ("受理台名称", "南日镇"), ("乡镇代码", "350305107"), ("主管登录名", "lin"),
            ("主管姓名", "林"),
        )  # fmt: skip
        following = [label for label, _ in filled[1:]] + ["主管口令"]
        for (label, text), after in zip(filled, following, strict=True):
            await seen.type(label, text, enter=True)
            await seen.until(lambda a=after: seen.focused == seen.field(a)._i)
        await seen.type("主管口令", PASSPHRASE, enter=True)
        await seen.until_shown("恢复密钥（只显示这一次")
        assert desk.is_set_up
