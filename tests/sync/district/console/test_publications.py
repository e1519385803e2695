"""The page of what is given out: by administrators alone, and who answered what."""

import asyncio
import json
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from desk_app.config.places import places
from desk_app.services import commands, notices
from schemas.problems import Code
from sync.district.boot.district import utc_now
from sync.district.reconcile.publishing import order_command
from tests.support.rigs import Island, an_island
from tests.support.staff import at_the_console, reconcile

FIRST = files("assets").joinpath("catalogue", "edition-1.json").read_text("utf-8")
HOLIDAYS = files("assets").joinpath("catalogue", "holidays.json").read_text("utf-8")


@pytest.fixture
def island(tmp_path: Path) -> Iterator[Island]:
    with an_island(tmp_path) as made:
        yield made


def test_notice_edition_calendar_and_command_are_given_out(island: Island) -> None:
    """What is wrong changes nothing and is said; what is right is in the list."""
    staff = at_the_console(island, "chief", "administrator")
    (device,) = island.district.sealed.devices()
    record = island.district.record
    edition = json.loads(FIRST)
    edition["items"].pop()
    edition["edition"] = 2
    lossy = staff.post("/publish/edition", file=json.dumps(edition))
    assert f"[{int(Code.EDITION_INVALID)}]" in lossy
    stale = staff.post("/publish/edition", file=FIRST)
    assert f"[{int(Code.EDITION_NOT_NEWER)}]" in stale
    wrong = staff.post("/publish/calendar", file="{}", since="2026-12-01")
    assert f"[{int(Code.CALENDAR_INVALID)}]" in wrong
    odd = staff.post("/publish/command", device=device.device, command="dance")
    assert f"[{int(Code.COMMAND_UNKNOWN)}]" in odd
    until = staff.post("/publish/notice", text="通知", until="soon")
    assert f"[{int(Code.ANSWER_INCOMPLETE)}]" in until
    assert record.publications.listed() == ()

    newer = FIRST.replace('"edition": 1', '"edition": 2', 1)
    staff.post("/publish/edition", file=newer)
    staff.post("/publish/calendar", file=HOLIDAYS, since="2026-12-01")
    staff.post("/publish/command", device=device.device, command="make_backup")
    page = staff.post("/publish/notice", text="<b>台风</b>将至", until="2031-01-01")

    assert "&lt;b&gt;台风&lt;/b&gt;将至" in page
    kinds = [each.kind for each in record.publications.listed()]
    assert kinds == ["notice", "command", "holidays", "edition"]
    sent = record.publications.deliveries_of()
    assert {len(desks) for desks in sent.values()} == {1}
    assert notices.list_notices(island.desk.place) == ()


def test_only_an_administrator_gives_out(island: Island) -> None:
    staff = at_the_console(island, "reviewer", "reviewer")
    page = staff.post("/publish/notice", text="通知")
    assert f"[{int(Code.STAFF_NOT_ALLOWED)}]" in page
    assert island.district.record.publications.listed() == ()
    forged = staff.browser.post("/publish/notice", data={"csrf": "x", "text": "通知"})
    assert f"[{int(Code.FORM_EXPIRED)}]" in forged.text


def _meet(island: Island) -> None:
    for _ in range(2):
        assert asyncio.run(island.desk.sync(impatient=True)).problem is None
        reconcile(island)


def test_the_page_says_who_has_seen_a_notice_and_done_a_command(
    island: Island, tmp_path: Path
) -> None:
    """Sent is not read: until a desk answers, the page says that it has not."""
    staff = at_the_console(island, "chief", "administrator")
    (device,) = island.district.sealed.devices()
    staff.post("/publish/notice", text="台风将至")
    staff.post("/publish/command", device=device.device, command="send_statement")
    assert staff.page("/publish").count("已送达，尚未答复") == 2
    _meet(island)
    place = island.desk.place
    (notice,) = notices.list_notices(place)

    notices.see_notice(place, notice.position)
    notices.see_notice(place, notice.position)
    commands.carry_out(place, places(tmp_path / "desk"))
    _meet(island)

    page = staff.page("/publish")
    assert "已有 1 人阅知" in page
    assert "已执行" in page
    assert "尚未答复" not in page


def test_a_command_that_failed_is_shown_with_its_number(
    island: Island, tmp_path: Path
) -> None:
    staff = at_the_console(island, "chief", "administrator")
    (device,) = island.district.sealed.devices()
    order_command(
        island.district.record, device.device, "send_statement",
        arguments={"day": "2031-01-01"}, by="chief", today=date(2026, 11, 25),
        now=utc_now(),
    )  # fmt: skip
    _meet(island)
    _meet(island)
    commands.carry_out(island.desk.place, places(tmp_path / "desk"))
    _meet(island)
    page = staff.page("/publish")
    assert "执行失败 [" in page


def test_the_page_says_which_edition_and_calendars_each_desk_uses(
    island: Island,
) -> None:
    staff = at_the_console(island, "chief", "administrator")
    assert "尚未报告" in staff.page("/publish")
    _meet(island)
    page = staff.page("/publish")
    assert "第 1 版" in page
    assert page.count("随程序自带") == 2

    newer = FIRST.replace('"edition": 1', '"edition": 2', 1)
    staff.post("/publish/edition", file=newer)
    staff.post("/publish/calendar", file=HOLIDAYS, since="2026-11-01")
    _meet(island)

    page = staff.page("/publish")
    assert "第 2 版" in page
    assert "第 1 号" in page
    assert page.count("随程序自带") == 1
