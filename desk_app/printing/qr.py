"""QR codes as pictures for the page.

What a code says here is signed text, as good as random: one mask suits it as well as
another, and to weigh all eight took longer than the rest of the page.
"""

from io import BytesIO
from typing import Final

import segno
from PIL import Image
from reportlab.lib.utils import ImageReader

_MASK: Final = 3
_QUIET: Final = 2
_PIXELS: Final = 4


def _code(text: str) -> bytes:
    # Thermal paper fades and creases; level M still reads with a seventh of it gone.
    out = BytesIO()
    code = segno.make_qr(text, error="m", mask=_MASK, boost_error=False)
    code.save(out, kind="pbm", scale=1, border=_QUIET, plain=False)
    return out.getvalue()


def qr_picture(text: str) -> ImageReader:
    """Return the code as a picture, each module some pixels wide."""
    small = Image.open(BytesIO(_code(text)))
    size = (small.width * _PIXELS, small.height * _PIXELS)
    return ImageReader(small.convert("L").resize(size, Image.Resampling.NEAREST))
