"""A scan made small enough to keep and to send, without losing a page."""

from io import BytesIO

import pypdfium2
import pytest
from PIL import Image

from desk_app.services import scan_sizes
from schemas.problems import Code
from tests.support.counter import refused
from tests.support.pictures import photograph


def _picture(raw: bytes) -> Image.Image:
    return Image.open(BytesIO(raw))


def _pdf(pages: int, size: tuple[int, int] = (300, 400)) -> bytes:
    out = BytesIO()
    noise = _picture(photograph(size, noise=True)).convert("RGB")
    noise.save(out, "PDF", save_all=True, append_images=[noise] * (pages - 1),
               quality=95)  # fmt: skip
    return out.getvalue()


def test_what_is_small_and_tells_nothing_stays_byte_for_byte() -> None:
    raw = photograph((300, 200), kind="PNG")
    assert scan_sizes.made_small("a.png", raw) == ("image/png", raw)
    pdf = _pdf(1)
    assert scan_sizes.made_small("a.pdf", pdf) == ("application/pdf", pdf)


def test_a_photograph_becomes_a_page_and_its_cameras_name_is_gone() -> None:
    raw = photograph((2500, 300), noise=True)
    kind, kept = scan_sizes.made_small("IMG_1.jpg", raw)
    assert (kind, max(_picture(kept).size)) == ("image/jpeg", 2400)
    assert len(kept) <= scan_sizes.LARGEST
    assert b"Camera of somebody" in raw
    assert b"Camera of somebody" not in kept


def test_a_small_photograph_loses_its_cameras_name_too() -> None:
    raw = photograph((300, 200))
    _, kept = scan_sizes.made_small("IMG_2.jpg", raw)
    assert kept != raw
    assert b"Camera of somebody" not in kept


def test_a_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter, as a phone held upright says
    out = BytesIO()
    Image.new("RGB", (40, 20), "white").save(out, "JPEG", exif=exif)
    _, kept = scan_sizes.made_small("turned.jpg", out.getvalue())
    assert _picture(kept).size == (20, 40)


def test_a_file_of_several_pictures_keeps_every_page() -> None:
    out = BytesIO()
    pages = [Image.new("RGB", (300 + n, 400), "white") for n in range(3)]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    kind, kept = scan_sizes.made_small("fax.tif", out.getvalue())
    assert (kind, len(pypdfium2.PdfDocument(kept))) == ("application/pdf", 3)


def test_a_pdf_above_the_cap_is_drawn_again_page_by_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = _pdf(2, (900, 1200))
    monkeypatch.setattr(scan_sizes, "LARGEST_PDF", len(raw) - 1)
    kind, kept = scan_sizes.made_small("big.pdf", raw)
    assert (kind, len(pypdfium2.PdfDocument(kept))) == ("application/pdf", 2)
    assert len(kept) < len(raw)


def test_what_cannot_be_made_small_enough_is_said_with_its_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scan_sizes, "LARGEST_PDF", 1000)
    monkeypatch.setattr(scan_sizes, "LARGEST", 1000)
    for name, raw in (
        ("big.pdf", _pdf(1)), ("big.jpg", photograph((300, 300), noise=True))
    ):  # fmt: skip
        said = refused(Code.ATTACHMENT_TOO_LARGE, scan_sizes.made_small, name, raw)
        assert float(said.params["max"]) * 2**20 < len(raw)


def test_what_was_transparent_is_on_white() -> None:
    seal = BytesIO()
    Image.new("RGBA", (2500, 40), (0, 0, 0, 0)).save(seal, "PNG")
    _, kept = scan_sizes.made_small("seal.png", seal.getvalue())
    assert _picture(kept).convert("L").getextrema()[0] > 240


@pytest.mark.parametrize(
    "raw", [b"", b"not a picture", b"%PDF-1.4 broken", b"\xff\xd8"]
)
def test_what_is_neither_picture_nor_pdf_is_named(raw: bytes) -> None:
    said = refused(Code.ATTACHMENT_NOT_READABLE, scan_sizes.made_small, "x", raw)
    assert said.params == {"file": "x"}
