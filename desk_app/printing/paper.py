"""What a printed page is made of, and how it becomes PDF bytes (A4).

Rule 1: a document is a frozen `Sheet`; nothing here knows a case or a word catalogue.
Rule 2: equal sheets give equal bytes; the file's metadata names nobody.
Rule 3: a character without a shape is printed as its code point, never dropped.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, TypeAlias

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from desk_app.printing import fonts
from desk_app.printing.lines import BODY, SMALL, draw, shown, width_of, wrapped
from desk_app.printing.qr import qr_picture

_LEFT: Final = 20 * mm
_RIGHT: Final = A4[0] - 20 * mm
_WIDTH: Final = _RIGHT - _LEFT
_MIDDLE: Final = A4[0] / 2
_TOP: Final = A4[1] - 18 * mm
_BOTTOM: Final = 24 * mm
_LABEL: Final = 26 * mm
_QR: Final = 32 * mm
_SEAL: Final = 38 * mm
_PAD: Final = 1.6 * mm
_GAP: Final = 1.15 * mm
_TITLE: Final = 20.0
_RULE: Final = 0.35
_GREY: Final = 0.45
_SHADE: Final = 0.955
LARGE: Final = 16.0


@dataclass(frozen=True, slots=True)
class Rows:
    """Labels and their values, ruled; a row without a value is left out.

    Two short ones share a line.
    """

    rows: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A line above what follows; `keep` points of that stay on its page.

    `cut` draws the line to cut along above it.
    """

    text: str
    keep: float = 24 * mm
    cut: bool = False


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
    size: float = BODY
    height: float = 0.0
    """The least height of a row, in points: room to write by hand."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places to sign, stamp or date by hand: a label with a line, two a row."""

    labels: tuple[str, ...]


Block: TypeAlias = Rows | Heading | Text | Table | Signatures


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document; `foot` stands on every page, before the page's number.

    `organ` is whose document it is; `seal` the words where its seal is stamped.
    """

    title: str
    number: str
    blocks: tuple[Block, ...]
    foot: str
    page_of: str
    qr: str | None = None
    seal: str | None = None
    organ: str | None = None
    caption: str | None = None


class _Pages(Canvas):  # type: ignore[misc]
    """A canvas that knows how many pages there are before it writes their feet."""

    def __init__(self, out: BytesIO) -> None:
        super().__init__(out, pagesize=A4, invariant=1)
        self.kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - the library's name
        self.kept.append(dict(self.__dict__))
        self._startPage()

    def finish(self, sheet: Sheet) -> None:
        self.showPage()
        kept, count = self.kept, len(self.kept)
        for number, state in enumerate(kept, start=1):
            self.__dict__.update(state)
            _foot(self, sheet, number, count)
            Canvas.showPage(self)
        self.save()


class _Pen:
    """Goes down the page and turns it when it is full."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.y = _TOP

    def write(self, x: float, text: str, size: float = BODY) -> None:
        draw(self.canvas, x, self.y, text, size)

    def rule(self, y: float) -> None:
        self.canvas.setLineWidth(_RULE)
        self.canvas.line(_LEFT, y, _RIGHT, y)

    def room_for(self, height: float) -> None:
        if self.y - height < _BOTTOM:
            self.canvas.showPage()
            self.y = _TOP

    def lines(self, x: float, lines: list[str], size: float = BODY) -> None:
        leading = size * 1.6
        for line in lines:
            self.room_for(leading)
            self.write(x, line, size)
            self.y -= leading

    def cell(self, x: float, width: float, top: float, height: float) -> None:
        self.canvas.setLineWidth(_RULE)
        self.canvas.rect(x, top - height, width, height)

    def shade(self, x: float, width: float, top: float, height: float) -> None:
        self.canvas.setFillGray(_SHADE)
        self.canvas.rect(x, top - height, width, height, stroke=0, fill=1)
        self.canvas.setFillGray(0)

    def column(
        self, x: float, lines: list[str], size: float, top: float, height: float
    ) -> None:
        """Write lines into a cell, in the middle of its height."""
        leading = size * 1.45
        y = top - (height - len(lines) * leading) / 2 - size * 1.12
        for line in lines:
            draw(self.canvas, x, y, line, size)
            y -= leading


def render(sheet: Sheet) -> bytes:
    """Return the document as PDF bytes."""
    fonts.register()
    out = BytesIO()
    canvas = _Pages(out)
    canvas.setTitle(sheet.title)
    pen = _Pen(canvas)
    _head(pen, sheet)
    for block in sheet.blocks:
        _draw(pen, block)
    if sheet.seal:
        _seal(pen, shown(sheet.seal).split("\n"))
    canvas.finish(sheet)
    return out.getvalue()


def _foot(canvas: Canvas, sheet: Sheet, number: int, count: int) -> None:
    canvas.setLineWidth(_RULE)
    canvas.line(_LEFT, 18 * mm, _RIGHT, 18 * mm)
    draw(canvas, _LEFT, 13 * mm, shown(f"{sheet.number}   {sheet.foot}"), SMALL)
    page = sheet.page_of.format(page=number, pages=count)
    canvas.setFont(fonts.NAME, SMALL)
    canvas.drawRightString(_RIGHT, 13 * mm, page)


def _head(pen: _Pen, sheet: Sheet) -> None:
    canvas = pen.canvas
    if sheet.qr:
        top = _TOP + 4 * mm
        canvas.drawImage(qr_picture(sheet.qr), _RIGHT - _QR, top - _QR, _QR, _QR)
        if sheet.caption:
            canvas.setFont(fonts.NAME, 7)
            canvas.drawCentredString(
                _RIGHT - _QR / 2, top - _QR - 2 * mm, sheet.caption
            )
    y = _TOP - 3 * mm
    room = _WIDTH - 2 * (_QR + 2 * mm) if sheet.qr else _WIDTH
    if sheet.organ:
        _centred(canvas, y, sheet.organ, 12, room)
    _centred(canvas, y - 10 * mm, sheet.title, _TITLE, room)
    _centred(canvas, y - 18 * mm, sheet.number, 11, room)
    pen.y = _TOP - (34 if sheet.qr else 27) * mm


def _centred(canvas: Canvas, y: float, text: str, size: float, room: float) -> None:
    """Write a line in the middle, smaller where it would run over code or edge."""
    text = shown(text)
    size = min(size, room / max(width_of(text, 1), 1))
    width = width_of(text, size)
    draw(canvas, _MIDDLE - width / 2, y, text, size)


def _draw(pen: _Pen, block: Block) -> None:
    match block:
        case Rows(rows):
            _rows(pen, [(k, shown(v)) for k, v in rows if v])
        case Heading(text):
            _heading(pen, block)
        case Text(text, size):
            pen.y -= size * 0.9
            pen.lines(_LEFT, wrapped(shown(text), _WIDTH, size), size)
            pen.y += size * 0.5
        case Table():
            _table(pen, block)
        case Signatures(labels):
            _signatures(pen, labels)


def _heading(pen: _Pen, heading: Heading) -> None:
    pen.room_for(heading.keep)
    if heading.cut:
        pen.y -= 5 * mm
        pen.canvas.saveState()
        pen.canvas.setDash(4, 3)
        pen.rule(pen.y)
        pen.canvas.restoreState()
    pen.y -= 6 * mm
    pen.write(_LEFT, shown(heading.text), 12)
    pen.y -= 1.5 * mm


def _rows(pen: _Pen, rows: list[tuple[str, str]]) -> None:
    half = _WIDTH / 2
    size = 10.0
    at = 0
    while at < len(rows):
        pair = rows[at : at + 2]
        room = half - _LABEL - 2 * _PAD
        short = [width_of(text, size) <= room for _, text in pair]
        together = len(pair) == 2 and all(short)  # noqa: PLR2004 - a pair
        cells = pair if together else pair[:1]
        width = half if together else _WIDTH
        told = [wrapped(text, width - _LABEL - 2 * _PAD, size) for _, text in cells]
        labels = [wrapped(label, _LABEL - 2 * _PAD, 9) for label, _ in cells]
        for lines in _pieces(told, size):
            _row(pen, labels, lines, width)
        at += len(cells)
    pen.y -= 3 * mm


def _row(
    pen: _Pen, labels: list[list[str]], told: list[list[str]], width: float
) -> None:
    size = 10.0
    height = max(map(len, told)) * size * 1.45 + 2 * _GAP
    pen.room_for(height)
    x = _LEFT
    for label, lines in zip(labels, told, strict=True):
        pen.shade(x, _LABEL, pen.y, height)
        pen.cell(x, _LABEL, pen.y, height)
        pen.cell(x + _LABEL, width - _LABEL, pen.y, height)
        pen.column(x + _PAD, label, 9, pen.y, height)
        pen.column(x + _LABEL + _PAD, lines, size, pen.y, height)
        x += width
    pen.y -= height


def _pieces(cells: list[list[str]], size: float) -> Iterator[list[list[str]]]:
    """Yield a row as it is, or cut where it is taller than half a page.

    What does not fit must go on overleaf: below the edge it would be lost.
    """
    most = int((_TOP - _BOTTOM) / 2 / (size * 1.45))
    for start in range(0, max(map(len, cells)), most):
        yield [lines[start : start + most] for lines in cells]


def _table(pen: _Pen, table: Table) -> None:
    pen.y -= 1 * mm
    _table_row(pen, table, table.columns, head=True)
    for row in table.rows:
        _table_row(pen, table, row)
    pen.y -= 3 * mm


def _table_row(
    pen: _Pen, table: Table, row: tuple[str, ...], *, head: bool = False
) -> None:
    size = SMALL if head else table.size
    cells = [
        wrapped(shown(text), share * _WIDTH - 2 * _PAD, size)
        for text, share in zip(row, table.widths, strict=True)
    ]
    for piece in _pieces(cells, size):
        height = max(map(len, piece)) * size * 1.45 + 2 * _GAP
        height = height if head else max(height, table.height)
        pen.room_for(height + (12 * mm if head else 0))
        x = _LEFT
        for lines, share in zip(piece, table.widths, strict=True):
            if head:
                pen.shade(x, share * _WIDTH, pen.y, height)
            pen.cell(x, share * _WIDTH, pen.y, height)
            pen.column(x + _PAD, lines, size, pen.y, height)
            x += share * _WIDTH
        pen.y -= height


def _signatures(pen: _Pen, labels: tuple[str, ...]) -> None:
    half = _WIDTH / 2
    for start in range(0, len(labels), 2):
        pen.room_for(15 * mm)
        pen.y -= 9 * mm
        for column, label in enumerate(labels[start : start + 2]):
            x = _LEFT + column * half
            pen.write(x, label)
            ends = x + width_of(label, BODY) + 2 * mm
            pen.canvas.setLineWidth(_RULE)
            pen.canvas.line(ends, pen.y - 1 * mm, x + half - 6 * mm, pen.y - 1 * mm)
        pen.y -= 4 * mm


def _seal(pen: _Pen, lines: list[str]) -> None:
    """A dashed ring where the seal goes, its words under it: hands find it."""
    pen.room_for(_SEAL + 10 * mm)
    pen.y -= 4 * mm
    middle = _RIGHT - _SEAL / 2 - 8 * mm
    canvas = pen.canvas
    canvas.saveState()
    canvas.setStrokeGray(_GREY)
    canvas.setDash(2, 3)
    canvas.circle(middle, pen.y - _SEAL / 2, _SEAL / 2)
    canvas.restoreState()
    size = SMALL
    y = pen.y - _SEAL / 2 + size * 0.7 * (len(lines) - 1) - size / 3
    for line in lines:
        width = width_of(line, size)
        draw(canvas, middle - width / 2, y, line, size)
        y -= size * 1.6
    pen.y -= _SEAL + 2 * mm
