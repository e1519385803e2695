"""A step asks what it needs; refused, it says why and keeps what was typed."""

from desk_app.services.desk import Desk
from tests.support.headless import a_headless_window
from tests.support.rigs import take_case

ITEM = "HY01-02"


async def test_a_refused_step_says_why_and_keeps_what_was_typed(desk: Desk) -> None:
    number = take_case(desk, ITEM, seed=3)
    async with a_headless_window(desk) as seen:
        await seen.shell.open_case(number)
        await seen.until_shown("2 一次性告知补正")
        await seen.key("2")
        await seen.until_shown("需要补正的全部内容")
        await seen.type("需要补正的全部内容", "船舶检验证书")
        await seen.type("期限", "2020-01-01")
        await seen.key("F8")
        await seen.until_shown("[")
        assert seen.field("需要补正的全部内容").value == "船舶检验证书"
        await seen.key("F9")
        await seen.until_shown("已发送")
        assert seen.field("需要补正的全部内容").value == "船舶检验证书"
        await seen.key("Escape")
        await seen.until_shown("经过")
        assert desk.case(number).row.state == "received"
