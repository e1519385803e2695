"""The console's pages for desks without a line, and for what is given out."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from desk_app.services import notices
from schemas.problems import Code
from sync.district.boot.district import add_staff
from sync.district.boot.staffing import console_parts
from sync.district.console.app import make_console
from tests.support.rigs import Island, an_island, take_case
from tests.support.sticks import back, out, visit

PASSPHRASE = "reviewer passphrase"
FIRST = files("assets").joinpath("catalogue", "edition-1.json").read_text("utf-8")
HOLIDAYS = files("assets").joinpath("catalogue", "holidays.json").read_text("utf-8")


@dataclass(frozen=True)
class Staff:
    """Somebody at the console."""

    island: Island
    browser: TestClient

    def post(self, path: str, *, file: str | None = None, **fields: str) -> str:
        """Send a form of this session; returns the page that follows."""
        page = self.browser.get("/publish").text
        csrf = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
        sent = {"file": ("given.json", file.encode())} if file is not None else None
        return self.browser.post(path, data={"csrf": csrf, **fields}, files=sent).text


def _sign_in(island: Island, login: str, role: str) -> Staff:
    add_staff(
        island.district, login=login, name=login, role=role, passphrase=PASSPHRASE
    )
    browser = TestClient(make_console(console_parts(island.district)))
    browser.post("/sign-in", data={"login": login, "passphrase": PASSPHRASE})
    return Staff(island, browser)


@pytest.fixture
def island(tmp_path: Path) -> Iterator[Island]:
    with an_island(tmp_path) as made:
        yield made


def test_a_stick_is_taken_in_and_answered_by_one_form(
    island: Island, tmp_path: Path
) -> None:
    """The program that holds intake's key does it; the page says what it found."""
    staff = _sign_in(island, "reviewer", "reviewer")
    stick = tmp_path / "usb"
    stick.mkdir()
    assert f"[{int(Code.STICK_FOREIGN)}]" in staff.post("/stick", folder=str(stick))
    take_case(island.desk, "HY12-01", seed=1)
    out(island.desk, stick)
    (stick / "island-desk" / "notes.txt").write_text("x")

    page = staff.post("/stick", folder=f" {stick} ")

    assert "南日镇一号窗口" in page
    assert "1 个批次已收" in page
    assert island.district.record.list_cases()[1] == 1
    assert back(island.desk, stick).released == 1


def test_a_sheet_of_receipts_is_a_pdf_of_its_desk(
    island: Island, tmp_path: Path
) -> None:
    staff = _sign_in(island, "reviewer", "reviewer")
    (device,) = island.district.sealed.devices()
    path = f"/devices/{device.device}/paper"
    assert path in staff.browser.get("/devices").text
    assert f"[{int(Code.NOTHING_RECEIPTED)}]" in staff.browser.get(path).text
    stick = tmp_path / "usb"
    stick.mkdir()
    take_case(island.desk, "HY12-01", seed=1)
    out(island.desk, stick)
    visit(island.district, stick)
    pdf = staff.browser.get(path)
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    stranger = TestClient(make_console(console_parts(island.district)))
    assert "sign-in" in str(stranger.get(path).url)


def test_notice_edition_calendar_and_command_are_given_out(island: Island) -> None:
    """What is wrong changes nothing and is said; what is right is in the list."""
    staff = _sign_in(island, "chief", "administrator")
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
    assert set(record.publications.delivered_to().values()) == {1}
    assert notices.list_notices(island.desk.place) == ()


def test_only_an_administrator_gives_out(island: Island) -> None:
    staff = _sign_in(island, "reviewer", "reviewer")
    page = staff.post("/publish/notice", text="通知")
    assert f"[{int(Code.STAFF_NOT_ALLOWED)}]" in page
    assert island.district.record.publications.listed() == ()
    forged = staff.browser.post("/publish/notice", data={"csrf": "x", "text": "通知"})
    assert f"[{int(Code.FORM_EXPIRED)}]" in forged.text
