"""The printed typefaces: our own, and the system's for characters that it lacks.

Ours has the general-use characters. Rarer names need a typeface of 50 MB that every
system brings its own of: the first of `_SYSTEM` that is there is used.
"""

from functools import cache
from importlib.resources import as_file, files
from itertools import groupby
from pathlib import Path
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

NAME: Final = "NotoSansSC"
RARE: Final = "Rare"
# reportlab reads TrueType outlines only. Windows; Debian, UOS and Kylin; their own.
_SYSTEM: Final = (
    "C:/Windows/Fonts/simsunb.ttf",
    "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf",
    "/usr/share/fonts/truetype/simsun/simsunb.ttf",
    "/usr/share/fonts/plangothic/PlangothicP2-Regular.ttf",
)


@cache
def register() -> TTFont:
    """Register the font with reportlab and return it (0.5 s the first time)."""
    with as_file(files("assets").joinpath("fonts", "NotoSansSC-Regular.ttf")) as path:
        font = TTFont(NAME, str(path))
    pdfmetrics.registerFont(font)
    return font


@cache
def rare() -> TTFont | None:
    """Return the system's typeface of rare characters, or None where there is none."""
    for name in _SYSTEM:
        if not Path(name).is_file():
            continue
        try:
            font = TTFont(RARE, name)
        except TTFError:
            continue
        pdfmetrics.registerFont(font)
        return font
    return None


def _font_of(character: str) -> str | None:
    if ord(character) in register().face.charToGlyph:
        return NAME
    other = rare()
    return RARE if other and ord(character) in other.face.charToGlyph else None


def missing_characters(text: str) -> str:
    """Return the characters of `text` that no typeface here has a shape for."""
    return "".join(dict.fromkeys(c for c in text if _font_of(c) is None))


def runs(text: str) -> list[tuple[str, str]]:
    """Return (typeface, text) pieces, in order."""
    return [
        (name, "".join(group))
        for name, group in groupby(text, key=lambda c: _font_of(c) or NAME)
    ]


def width(character: str, size: float) -> float:
    """Return how wide a character is, in points."""
    font = rare() if _font_of(character) == RARE else register()
    return float((font or register()).stringWidth(character, size))
