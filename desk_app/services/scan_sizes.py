"""A scan made small enough to keep and to send, without losing a page of it.

What is small enough and tells nothing of its camera stays byte for byte. Pictures are
compressed again as JPEG, no further than the cap asks. A PDF above the cap is drawn
again at 200 dpi, page by page; a file of several pictures becomes one PDF.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Final

import pypdfium2
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from schemas.problems import Code, Problem

# A page of 200 dpi colour A4 as JPEG is 0.5-1 MB; the line is slow.
LARGEST: Final = 1536 * 1024
LARGEST_PDF: Final = 8 * 2**20
LONGEST_SIDE: Final = 2400  # 200 dpi on A4
_QUALITIES: Final = (85, 75, 65, 50)
_DPI: Final = 200
_POINTS: Final = 72


def made_small(name: str, raw: bytes) -> tuple[str, bytes]:
    """Return media type and bytes of what is kept.

    `Problem(ATTACHMENT_NOT_READABLE)` for what is neither picture nor PDF,
    `Problem(ATTACHMENT_TOO_LARGE)` where it cannot be made small enough.
    """
    if raw.startswith(b"%PDF-"):
        return "application/pdf", _pdf(name, raw)
    try:
        original = Image.open(BytesIO(raw))
        original.load()
        frames = getattr(original, "n_frames", 1)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise Problem(Code.ATTACHMENT_NOT_READABLE, file=name) from error
    if frames > 1 and original.format == "TIFF":
        pages = [_page(frame) for frame in ImageSequence.Iterator(original)]
        return "application/pdf", _as_pdf(iter(pages), len(raw))
    small = len(raw) <= LARGEST and max(original.size) <= LONGEST_SIDE
    if small and original.format in {"JPEG", "PNG"} and not original.getexif():
        return f"image/{original.format.lower()}", raw
    picture = _page(original)
    for quality in _QUALITIES:
        out = BytesIO()
        # No EXIF: a camera's serial number and place are nobody's business here.
        picture.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= LARGEST:
            return "image/jpeg", out.getvalue()
    raise too_large(out.tell(), LARGEST)


def _page(picture: Image.Image) -> Image.Image:
    """Upright, on white where it was transparent, no larger than a page needs."""
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in {"RGBA", "LA", "P"}:
        full = upright.convert("RGBA")
        white = Image.new("RGBA", full.size, "white")
        upright = Image.alpha_composite(white, full)
    page = upright.convert("RGB")
    page.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return page


def _pdf(name: str, raw: bytes) -> bytes:
    try:
        with pypdfium2.PdfDocument(raw) as document:
            if len(document) == 0:
                raise Problem(Code.ATTACHMENT_NOT_READABLE, file=name)
            if len(raw) <= LARGEST_PDF:
                return raw
            return _as_pdf(_drawn(document), len(raw))
    except pypdfium2.PdfiumError as error:
        raise Problem(Code.ATTACHMENT_NOT_READABLE, file=name) from error


def _drawn(document: pypdfium2.PdfDocument) -> Iterator[Image.Image]:
    for number in range(len(document)):
        yield _page(document[number].render(scale=_DPI / _POINTS).to_pil())


def _as_pdf(pages: Iterator[Image.Image], size: int) -> bytes:
    """Put pictures into one PDF, compressed only as far as the cap asks."""
    kept = list(pages)
    for quality in _QUALITIES:
        out = BytesIO()
        kept[0].save(
            out, "PDF", save_all=True, append_images=kept[1:], resolution=_DPI,
            quality=quality,
        )  # fmt: skip
        size = out.tell()
        if size <= LARGEST_PDF:
            return out.getvalue()
    raise too_large(size, LARGEST_PDF)


def too_large(size: int, limit: int) -> Problem:
    """Return the problem of a scan of so many bytes where fewer are taken."""
    return Problem(
        Code.ATTACHMENT_TOO_LARGE, size=f"{size / 2**20:.1f}", max=f"{limit / 2**20:g}"
    )
