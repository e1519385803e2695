"""The case page: digits take steps, letters make documents, roles."""

from desk_app.services.desk import Desk
from tests.support.headless import a_headless_window
from tests.support.rigs import PASSPHRASE, take_case

ITEM = "HY01-02"


async def test_a_digit_takes_the_step_that_bears_it(desk: Desk) -> None:
    number = take_case(desk, ITEM, seed=1)
    async with a_headless_window(desk) as seen:
        await seen.shell.open_case(number)
        await seen.until_shown("1 当场更正", "3 受理")
        await seen.key("3")
        await seen.until_shown("受理方式")
        await seen.key("F8")
        await seen.until_shown("已办：受理", "已受理")
        assert desk.case(number).row.state == "accepted"
        # The page now offers other steps under the same digits.
        assert "3 受理" not in seen.texts()


async def test_a_letter_makes_the_document_and_shows_its_pages(desk: Desk) -> None:
    number = take_case(desk, ITEM, seed=5)
    async with a_headless_window(desk) as seen:
        await seen.shell.open_case(number)
        await seen.until_shown("A 收件凭证")
        await seen.key("A")
        await seen.until_shown("打印 F6", "另存 PDF F7")
        await seen.key("F7")
        await seen.until_shown("已存到")
        assert (desk.exports / f"{number}-receipt.pdf").read_bytes()[:5] == b"%PDF-"
        await seen.key("Escape")
        await seen.until_shown("经过")


async def test_who_took_the_papers_in_is_not_offered_the_decision(desk: Desk) -> None:
    """A receiving clerk cannot decide, whatever the role; another supervisor can."""
    own = take_case(desk, ITEM, seed=7)
    async with a_headless_window(desk) as seen:
        await seen.shell.open_case(own)
        await seen.until_shown("经过")
        assert "不予受理" not in seen.texts()
        desk.unlock("chen", PASSPHRASE)
        theirs = take_case(desk, ITEM, seed=9)
        desk.unlock("lin", PASSPHRASE)
        await seen.shell.open_case(theirs)
        await seen.until_shown("经过")
        assert "不予受理" in seen.texts()


async def test_a_correction_resumed_from_the_drafts_is_still_one_on_the_spot(
    desk: Desk,
) -> None:
    number = take_case(desk, ITEM, seed=13)
    async with a_headless_window(desk) as seen:
        await seen.shell.open_case(number)
        await seen.until_shown("1 当场更正")
        await seen.key("1")
        await seen.until_shown("补正说明")
        await seen.type("住址", "南日镇岩下村")
        await seen.key("F1")
        await seen.until_shown("按期限先后")
        await seen.key("F2")
        await seen.until_shown("未完成的草稿")
        await seen.press(desk.case(number).row.applicant_name)
        await seen.until_shown("补正说明")
        await seen.type("补正说明", "住址写错")
        await seen.key("F8")
        await seen.until_shown("姓名、拼音首字母")
        view = desk.case(number)
        assert view.application.applicant.address == "南日镇岩下村"
        assert view.row.state == "received"
        assert view.revision == 1
