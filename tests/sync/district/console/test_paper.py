"""Receipts on paper: of one desk, of one key, only what it is not known to have."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.problems import Code, Problem
from sync.district.config.words import words
from sync.district.console.paper import LINES, Sheet, receipts_sheet, sheet_pdf
from tests.support.rigs import Island, an_island, take_case
from tests.support.sticks import out, visit


@pytest.fixture
def island(tmp_path: Path) -> Iterator[Island]:
    with an_island(tmp_path) as made:
        yield made


def _device(island: Island) -> str:
    (device,) = island.district.sealed.devices()
    return device.device


def _refusal(island: Island, device: str) -> Code:
    with pytest.raises(Problem) as caught:
        receipts_sheet(island.district.sealed, device)
    return caught.value.code


def test_a_sheet_covers_what_came_by_stick_and_was_not_told_yet(
    island: Island, tmp_path: Path
) -> None:
    assert _refusal(island, _device(island)) is Code.NOTHING_RECEIPTED
    stick = tmp_path / "usb"
    stick.mkdir()
    for seed in range(3):
        take_case(island.desk, "HY12-01", seed=seed)
    out(island.desk, stick)
    visit(island.district, stick)

    sheet = receipts_sheet(island.district.sealed, _device(island))

    assert (sheet.first, sheet.last, sheet.batches) == (1, 3, 1)
    assert sheet.batches <= LINES
    assert all(text.isascii() and len(text) < 700 for text in sheet.texts)


def test_what_the_desk_knows_is_not_printed(island: Island) -> None:
    """It said in its greeting up to where it has receipts."""
    take_case(island.desk, "HY12-01", seed=1)
    for _ in range(2):
        assert asyncio.run(island.desk.sync(impatient=True)).problem is None
    assert _refusal(island, _device(island)) is Code.NOTHING_RECEIPTED


def test_a_desk_that_nobody_knows_has_no_sheet(island: Island) -> None:
    assert _refusal(island, "0" * 32) is Code.DEVICE_NOT_FOUND


@pytest.mark.parametrize(("codes", "pages"), [(1, 1), (6, 1), (7, 2)])
def test_six_codes_a_page_and_the_same_sheet_is_the_same_pdf(
    island: Island, codes: int, pages: int
) -> None:
    (device,) = island.district.sealed.devices()
    sheet = Sheet(tuple(f"ISLAND {n}" for n in range(codes)), 1, 9, 2)
    pdf = sheet_pdf(sheet, device, words("district"))
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") == pages
    assert pdf == sheet_pdf(sheet, device, words("district"))
