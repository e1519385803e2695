"""Lines of text: where they may break, and drawing them in the typefaces there are.

Han text breaks anywhere but before a closing mark or after an opening one (GB/T 15834);
numbers, dates and Latin words stay whole where a line has room for them.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from desk_app.printing import fonts

BODY: Final = 10.5
SMALL: Final = 8.5
_CLOSING: Final = "，。、；：！？）〕】》〉”’％%)]},.;:!?"
_OPENING: Final = "（〔【《〈“‘([{"
_PIECE: Final = re.compile(r"[0-9A-Za-z@#*+/_.\-]+|\n|.", re.DOTALL)


def shown(text: str) -> str:
    """Return text as it can be printed: a missing shape becomes its code point."""
    for character in fonts.missing_characters(text.replace("\n", "")):
        text = text.replace(character, f"[U+{ord(character):04X}]")
    return text


def wrapped(text: str, width: float, size: float = BODY) -> list[str]:
    """Break text into lines of at most `width` points.

    A closing mark may hang over the edge by itself: better than to begin a line.
    """
    lines: list[str] = []
    line, used = "", 0.0
    for piece in _pieces(text, width, size):
        if piece == "\n":
            lines.append(line)
            line, used = "", 0.0
            continue
        step = width_of(piece, size)
        bare = width_of(piece.rstrip(_CLOSING), size)
        if line and used + bare > width:
            lines.append(line.rstrip(" "))
            line, used = piece.lstrip(" "), step
        else:
            line, used = line + piece, used + step
    return [*lines, line]


def _pieces(text: str, width: float, size: float) -> Iterator[str]:
    """Yield what is not broken: a word or character with the marks that cling to it."""
    held = ""
    for piece in _PIECE.findall(text):
        if piece == "\n":
            if held:
                yield held
            yield piece
            held = ""
        elif held and (piece in _CLOSING or held[-1] in _OPENING):
            held += piece
        else:
            if held:
                yield held
            held = piece
        if held and width_of(held, size) > width:
            yield from held
            held = ""
    if held:
        yield held


@lru_cache(maxsize=4096)
def _unit(character: str) -> float:
    return fonts.width(character, 1.0)


def width_of(text: str, size: float) -> float:
    """Return how wide a line is, in points."""
    return sum(map(_unit, text)) * size


def draw(canvas: Canvas, x: float, y: float, text: str, size: float) -> None:
    """Write a line, each character in a typeface that has it."""
    for name, piece in fonts.runs(text):
        canvas.setFont(name, size)
        canvas.drawString(x, y, piece)
        x += canvas.stringWidth(piece, name, size)
