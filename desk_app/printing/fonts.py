"""The printed typeface, registered once per process."""

from functools import cache
from importlib.resources import as_file, files

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

NAME = "NotoSansSC"


@cache
def register() -> TTFont:
    """Register the font with reportlab and return it (0.5 s the first time)."""
    with as_file(files("assets").joinpath("fonts", "NotoSansSC-Regular.ttf")) as path:
        font = TTFont(NAME, str(path))
    pdfmetrics.registerFont(font)
    return font


def missing_characters(text: str) -> str:
    """Return the characters of `text` that the typeface has no shape for."""
    known = register().face.charToGlyph
    return "".join(dict.fromkeys(c for c in text if ord(c) not in known))
