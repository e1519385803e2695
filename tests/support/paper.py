"""Printed pages read back: their words in order, their codes, their pictures."""

import re
from io import BytesIO

import pypdfium2
import zxingcpp


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page, without the breaks of its lines."""
    with pypdfium2.PdfDocument(BytesIO(pdf)) as document:
        return [
            re.sub(r"\s+", "", page.get_textpage().get_text_bounded())
            for page in document
        ]


def text(pdf: bytes) -> str:
    """Return the text of the whole document."""
    return "".join(pages(pdf))


def codes(pdf: bytes) -> list[str]:
    """Return what the codes on the first page say, as a scanner reads them."""
    with pypdfium2.PdfDocument(BytesIO(pdf)) as document:
        picture = document[0].render(scale=2).to_pil()
    return [code.text for code in zxingcpp.read_barcodes(picture)]
