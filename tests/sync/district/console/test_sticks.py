"""The page for sticks: a folder in, what was found said, answers put back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from schemas.problems import Code
from sync.district.boot.staffing import console_parts
from sync.district.console.app import make_console
from tests.support.rigs import Island, an_island, take_case
from tests.support.staff import at_the_console
from tests.support.sticks import back, out, visit


@pytest.fixture
def island(tmp_path: Path) -> Iterator[Island]:
    with an_island(tmp_path) as made:
        yield made


def test_a_stick_is_taken_in_and_answered_by_one_form(
    island: Island, tmp_path: Path
) -> None:
    """The program that holds intake's key does it; the page says what it found."""
    staff = at_the_console(island, "reviewer", "reviewer")
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
    staff = at_the_console(island, "reviewer", "reviewer")
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
