"""What a printed page is made of, and how it becomes PDF bytes (A4).

Rule 1: a document is a frozen `Sheet`; nothing here knows a case or a word catalogue.
Rule 2: equal sheets give equal bytes; the file's metadata names nobody.
Rule 3: a character without a shape is printed as its code point, never dropped.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Final, TypeAlias

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from desk_app.printing import fonts

_LEFT: Final = 20 * mm
_RIGHT: Final = A4[0] - 20 * mm
_WIDTH: Final = _RIGHT - _LEFT
_TOP: Final = A4[1] - 20 * mm
_BOTTOM: Final = 26 * mm
_LABEL: Final = 32 * mm
_QR: Final = 30 * mm
BODY: Final = 10.5
SMALL: Final = 8.5
LARGE: Final = 16.0


@dataclass(frozen=True, slots=True)
class Rows:
    """Labels and their values; a row without a value is left out."""

    rows: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A line above what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str
    size: float = BODY


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table; `widths` are shares of the page's width and add up to 1."""

    columns: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places to sign, stamp or date by hand: a label with a line, two a row."""

    labels: tuple[str, ...]


Block: TypeAlias = Rows | Heading | Text | Table | Signatures


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document; `foot` stands on every page, before the page's number."""

    title: str
    number: str
    blocks: tuple[Block, ...]
    foot: str
    page_of: str
    qr: str | None = None
    seal: str | None = None


def shown(text: str) -> str:
    """Return text as it can be printed: a missing shape becomes its code point."""
    for character in fonts.missing_characters(text.replace("\n", "")):
        text = text.replace(character, f"[U+{ord(character):04X}]")
    return text


def wrapped(text: str, width: float, size: float = BODY) -> list[str]:
    """Break text into lines of at most `width` points; Han text breaks anywhere."""
    lines: list[str] = []
    line, used = "", 0.0
    for character in text:
        step = 0.0 if character == "\n" else fonts.width(character, size)
        if character == "\n" or used + step > width:
            lines.append(line)
            line, used = ("", 0.0) if character == "\n" else (character, step)
        else:
            line, used = line + character, used + step
    return [*lines, line]


def draw(canvas: Canvas, x: float, y: float, text: str, size: float) -> None:
    """Write a line, each character in a typeface that has it."""
    for name, piece in fonts.runs(text):
        canvas.setFont(name, size)
        canvas.drawString(x, y, piece)
        x += canvas.stringWidth(piece, name, size)


class _Pen:
    """Goes down the page and turns it when it is full."""

    def __init__(self, canvas: Canvas, sheet: Sheet) -> None:
        self.canvas = canvas
        self.sheet = sheet
        self.y = _TOP
        self.page = 1

    def write(self, x: float, text: str, size: float = BODY) -> None:
        draw(self.canvas, x, self.y, text, size)

    def rule(self, y: float) -> None:
        self.canvas.setLineWidth(0.4)
        self.canvas.line(_LEFT, y, _RIGHT, y)

    def room_for(self, height: float) -> None:
        if self.y - height < _BOTTOM:
            self.turn()

    def turn(self) -> None:
        self.foot()
        self.canvas.showPage()
        self.page += 1
        self.y = _TOP

    def foot(self) -> None:
        self.rule(18 * mm)
        self.canvas.setFont(fonts.NAME, SMALL)
        foot = f"{self.sheet.number}   {self.sheet.foot}"
        self.canvas.drawString(_LEFT, 13 * mm, foot)
        page = self.sheet.page_of.format(page=self.page)
        self.canvas.drawRightString(_RIGHT, 13 * mm, page)

    def lines(self, x: float, lines: list[str], size: float = BODY) -> None:
        leading = size * 1.6
        for line in lines:
            self.room_for(leading)
            self.write(x, line, size)
            self.y -= leading


def render(sheet: Sheet) -> bytes:
    """Return the document as PDF bytes."""
    fonts.register()
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setTitle(sheet.title)
    pen = _Pen(canvas, sheet)
    _head(pen)
    for block in sheet.blocks:
        _draw(pen, block)
    if sheet.seal:
        pen.room_for(26 * mm)
        pen.y -= 10 * mm
        canvas.setFont(fonts.NAME, BODY)
        for line in sheet.seal.split("\n"):
            canvas.drawRightString(_RIGHT - 16 * mm, pen.y, shown(line))
            pen.y -= 7 * mm
    pen.foot()
    canvas.save()
    return out.getvalue()


def _head(pen: _Pen) -> None:
    sheet, canvas = pen.sheet, pen.canvas
    canvas.setFont(fonts.NAME, 20)
    canvas.drawString(_LEFT, pen.y - 4 * mm, shown(sheet.title))
    canvas.setFont(fonts.NAME, 12)
    canvas.drawString(_LEFT, pen.y - 14 * mm, sheet.number)
    if sheet.qr:
        picture = BytesIO()
        code = segno.make(sheet.qr, error="m")
        code.save(picture, kind="png", scale=8, border=2)
        picture.seek(0)
        canvas.drawImage(
            ImageReader(picture), _RIGHT - _QR, pen.y - _QR + 8 * mm, _QR, _QR
        )
    pen.y -= (30 if sheet.qr else 20) * mm
    pen.rule(pen.y + 5 * mm)
    pen.y -= 3 * mm


def _draw(pen: _Pen, block: Block) -> None:
    match block:
        case Rows(rows):
            for label, value in rows:
                if value:
                    _row(pen, label, value)
            pen.y -= 2 * mm
        case Heading(text):
            pen.room_for(24 * mm)
            pen.y -= 3 * mm
            pen.lines(_LEFT, [shown(text)], 12)
            pen.y -= 1 * mm
        case Text(text, size):
            pen.y -= max(0.0, size - BODY)
            pen.lines(_LEFT, wrapped(shown(text), _WIDTH, size), size)
            pen.y -= 1.5 * mm
        case Table():
            _table(pen, block)
        case Signatures(labels):
            _signatures(pen, labels)


def _row(pen: _Pen, label: str, value: str) -> None:
    lines = wrapped(shown(value), _WIDTH - _LABEL)
    pen.room_for(BODY * 1.6)
    pen.write(_LEFT, label)
    pen.lines(_LEFT + _LABEL, lines)
    pen.y -= 0.6 * mm


def _table(pen: _Pen, table: Table) -> None:
    _table_row(pen, table.columns, table.widths, head=True)
    for row in table.rows:
        _table_row(pen, row, table.widths)
    pen.y -= 3 * mm


def _table_row(
    pen: _Pen, row: tuple[str, ...], widths: tuple[float, ...], *, head: bool = False
) -> None:
    size = SMALL if head else BODY
    cells = [
        wrapped(shown(text), share * _WIDTH - 2 * mm, size)
        for text, share in zip(row, widths, strict=True)
    ]
    height = max(map(len, cells)) * size * 1.5 + 3 * mm
    pen.room_for(height)
    top, x = pen.y, _LEFT
    for lines, share in zip(cells, widths, strict=True):
        pen.y = top
        for line in lines:
            pen.write(x, line, size)
            pen.y -= size * 1.5
        x += share * _WIDTH
    pen.y = top - height
    pen.rule(pen.y + BODY + 1 * mm)


def _signatures(pen: _Pen, labels: tuple[str, ...]) -> None:
    half = _WIDTH / 2
    for start in range(0, len(labels), 2):
        pen.room_for(14 * mm)
        pen.y -= 8 * mm
        for column, label in enumerate(labels[start : start + 2]):
            x = _LEFT + column * half
            pen.write(x, label)
            ends = x + fonts.register().stringWidth(label, BODY) + 2 * mm
            pen.canvas.line(ends, pen.y - 1 * mm, x + half - 6 * mm, pen.y - 1 * mm)
        pen.y -= 4 * mm
