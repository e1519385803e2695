"""The form's vessel: the hull's particulars come along, one voyage's do not."""

from desk_app.services.desk import Desk
from schemas.applicant import identity_of
from tests.support.headless import a_headless_window
from tests.support.rigs import take_case

ITEM = "HY12-01"


async def test_a_known_applicant_and_vessel_are_taken_by_their_keys(desk: Desk) -> None:
    """The hull's particulars come along; what was said of one occasion does not."""
    number = take_case(desk, "HY03-02", seed=24)
    known = desk.case(number).application
    async with a_headless_window(desk) as seen:
        await seen.open_form("HY03-06")
        await seen.type("申请人类型", "1", enter=True)
        await seen.type("姓名", known.applicant.name)
        await seen.until_shown("Ctrl+1", identity_of(known.applicant)[-4:])
        await seen.key("1", ctrl=True)
        await seen.until(lambda: seen.field("联系电话").value == known.applicant.phone)
        # The applicant's own vessel is offered before anything is typed.
        await seen.until_shown("Ctrl+4", str(known.form["vessel_name_no"]))
        await seen.key("4", ctrl=True)
        vessel = known.form["vessel_name_no"]
        await seen.until(lambda: seen.field("船名号").value == vessel)
        await seen.until(lambda: seen.field("总吨位").value != "")
        assert seen.field("变更类别").value == ""


async def test_a_voyage_said_once_is_asked_again(desk: Desk) -> None:
    number = take_case(desk, ITEM, seed=30)
    vessel = str(desk.case(number).application.form["vessel_name_no"])
    async with a_headless_window(desk) as seen:
        await seen.open_form()
        await seen.type("船名号", vessel)
        await seen.until_shown("Ctrl+4", vessel)
        await seen.key("4", ctrl=True)
        await seen.until(lambda: seen.focused == seen.field("船名号")._i)
        assert seen.field("进港/出港").value == ""
        assert seen.field("拟进/出港时间").value == ""
