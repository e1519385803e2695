"""Codes on the page: read back by another library, also small and half worn."""

from io import BytesIO

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from desk_app.printing.qr import qr_picture

SLIP = "IDS1|350305107-01-20261123-0001-7|2026-11-23|HY01-02|" + "a" * 240


def picture(text: str) -> Image.Image:
    """The code as it lies on white paper."""
    code = qr_picture(text)
    out = BytesIO()
    code._image.save(out, "PNG")
    page = Image.new("L", (code._image.width + 80, code._image.height + 80), 255)
    page.paste(Image.open(out), (40, 40))
    return page


def read(image: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(image)]


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=1))
def test_whatever_it_says_is_read_back(text: str) -> None:
    assert read(picture(text)) == [text]


def test_chinese_and_a_whole_slip_are_read_back() -> None:
    assert read(picture("凭条 1")) == ["凭条 1"]
    assert read(picture(SLIP)) == [SLIP]


def test_a_corner_worn_off_does_no_harm() -> None:
    """Thermal paper fades and creases: a tenth of the field may go."""
    image = picture(SLIP)
    side = image.width
    wide = int(side * 0.22)
    ImageDraw.Draw(image).rectangle(
        (
            side // 2 - wide // 2,
            side // 2,
            side // 2 + wide // 2,
            side // 2 + wide // 2,
        ),
        fill=255,
    )
    assert read(image) == [SLIP]


@pytest.mark.parametrize("text", ["a", SLIP])
def test_modules_are_whole_pixels_so_that_no_printer_blurs_them(text: str) -> None:
    code = qr_picture(text)._image
    assert code.width == code.height
    assert code.width % 4 == 0
    counted = code.histogram()
    assert counted[0] + counted[255] == code.width**2
