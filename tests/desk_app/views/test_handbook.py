"""Help without a line: each item's law as far as it is known, and its blank form."""

from desk_app.services.desk import Desk
from desk_app.services.numbering import voids
from tests.support.headless import Seen, a_headless_window

ITEM = "HY01-02"


async def open_item(seen: Seen) -> None:
    await seen.shell.go("help")
    await seen.until_shown("停电时", "没有网络时")
    await seen.type("查找事项的办理依据", ITEM, enter=True)
    await seen.until_shown("设定依据", "权限与期限")


async def test_an_item_shows_its_law_its_limits_and_how_certain_they_are(
    desk: Desk,
) -> None:
    item = desk.edition().item(ITEM)
    assert item is not None
    async with a_headless_window(desk) as seen:
        await open_item(seen)
        await seen.until_shown(
            item.name, item.legal_basis[0].law, *[m.name for m in item.materials],
            f"法定 {item.statutory_limit.days} 个工作日", desk.edition().notice,
        )  # fmt: skip


async def test_a_blank_form_takes_a_control_number_that_is_remembered(
    desk: Desk,
) -> None:
    before = set(voids(desk.place).blanks_out)
    async with a_headless_window(desk) as seen:
        await open_item(seen)
        await seen.key("F7")
        await seen.until_shown("打印 F6", "另存 PDF F7")
        assert len(set(voids(desk.place).blanks_out) - before) == 1
        await seen.key("Escape")
        await seen.until_shown("设定依据")


async def test_what_is_told_to_an_applicant_is_made_for_the_item(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await open_item(seen)
        await seen.key("F6")
        await seen.until_shown("打印 F6")
        await seen.key("F7")
        await seen.until_shown("已存到", f"{ITEM}.pdf")
        await seen.key("Escape")
        await seen.until_shown("设定依据")
        await seen.key("Escape")
        await seen.until_shown("查找事项的办理依据")
