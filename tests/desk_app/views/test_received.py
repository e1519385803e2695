"""After a case was received: its number, its first day, what follows by key."""

from desk_app.services.desk import Desk
from desk_app.views.received import received
from tests.support.headless import Seen, a_headless_window
from tests.support.rigs import finished

ITEM = "HY01-02"


async def receive(seen: Seen, desk: Desk, seed: int) -> str:
    receipt = desk.receive_case(finished(desk, ITEM, seed=seed))
    await seen.shell.go("new")
    await received(seen.shell, receipt)
    day = receipt.notice_deadline.day.isoformat()
    await seen.until_shown(f"编号 {receipt.number}", f"补正告知期限 {day}")
    return receipt.number


async def test_it_says_that_the_case_has_not_travelled_yet(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await receive(seen, desk, 51)
        await seen.until_shown("尚未送达区级", "待发送")


async def test_the_receipt_is_saved_and_the_slip_shown_by_key(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        number = await receive(seen, desk, 52)
        await seen.key("F7")
        await seen.until_shown("已存到")
        saved = desk.exports / f"{number}-receipt.pdf"
        assert saved.read_bytes().startswith(b"%PDF-")
        await seen.key("F8")
        await seen.until_shown("另存 PDF F7")
        await seen.key("Escape")
        await seen.until_shown(f"编号 {number}")


async def test_enter_opens_the_case_and_f2_takes_the_next(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        number = await receive(seen, desk, 53)
        await seen.until(lambda: seen.focused == seen.button("打开办件")._i)
        await seen.press("打开办件")
        await seen.until_shown(f"办件 {number}", "经过")
        await receive(seen, desk, 54)
        await seen.key("F2")
        await seen.until_shown("查找事项")
