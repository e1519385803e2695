"""Applicants and vessels: found by any mark, with what they own."""

from desk_app.services.desk import Desk
from tests.support.headless import a_headless_window
from tests.support.rigs import take_case


async def test_an_owner_shows_vessels_certificates_and_cases(desk: Desk) -> None:
    number = take_case(desk, "HY01-02", seed=777)
    row = desk.case(number).row
    async with a_headless_window(desk) as seen:
        await seen.shell.go("people")
        await seen.type("姓名、拼音", row.vessel)
        await seen.until_shown("****")
        await seen.type("姓名、拼音", row.vessel, enter=True)
        await seen.until_shown(row.vessel, "证书与到期日", "到期")
        await seen.key("F6")
        await seen.until_shown(number, "共 1 件")
