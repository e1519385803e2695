"""Pages as pictures: one each, in order, showing what is printed."""

from io import BytesIO

import pytest
from PIL import Image
from pypdfium2 import PdfiumError

from desk_app.printing.paper import Sheet, Text, render
from desk_app.printing.preview import pictures


def a_pdf(*blocks: Text) -> bytes:
    return render(
        Sheet(
            title="示例", number="1", blocks=blocks, foot="", page_of="{page}/{pages}"
        )
    )


def test_each_page_is_a_picture_in_order() -> None:
    short, long = a_pdf(Text("一")), a_pdf(Text("长" * 3000))
    assert len(pictures(short)) == 1
    assert len(pictures(long)) >= 2
    first, second = (Image.open(BytesIO(png)) for png in pictures(long)[:2])
    assert first.format == "PNG"
    assert first.tobytes() != second.tobytes()


def test_the_scale_is_what_was_asked_and_a_page_is_a4() -> None:
    (png,) = pictures(a_pdf(), scale=1)
    assert Image.open(BytesIO(png)).size == (596, 842)
    (twice,) = pictures(a_pdf(), scale=2)
    assert Image.open(BytesIO(twice)).size == (1191, 1684)


def test_ink_is_there() -> None:
    (png,) = pictures(a_pdf(Text("示例" * 40)))
    counted = Image.open(BytesIO(png)).convert("L").histogram()
    dark = sum(counted[:128])
    assert dark > 500


def test_what_is_no_pdf_is_not_shown_as_an_empty_page() -> None:
    with pytest.raises(PdfiumError):
        pictures(b"%PDF-1.4 garbage")
