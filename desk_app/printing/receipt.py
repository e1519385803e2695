"""The receipt for papers taken at the window (收件凭证), A4, with a QR code.

It proves that papers were handed over; acceptance is another document. Equal props
give equal bytes; the file's metadata names nobody.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Final

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from desk_app.printing import fonts
from desk_app.text.words import Words

_LEFT: Final = 20 * mm
_RIGHT: Final = A4[0] - 20 * mm
_TOP: Final = A4[1] - 20 * mm
_BOTTOM: Final = 26 * mm
_LABEL: Final = 32 * mm
_QR: Final = 30 * mm
_BODY: Final = 10.5
_SMALL: Final = 8.5
_LEADING: Final = 6.2 * mm


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """One line of the list: what, in which form, how many."""

    name: str
    form: str
    copies: int


@dataclass(frozen=True, slots=True)
class ReceiptProps:
    """All that a receipt shows; times and days are local texts."""

    number: str
    official_number: str | None
    item: str
    applicant: str
    identity_masked: str
    agent: str | None
    received_at: str
    printed_at: str
    receiver: str
    notice: str
    promised: str | None
    materials: tuple[MaterialLine, ...]
    back_entry_reason: str | None
    synced: bool
    copy: int
    authority: str
    season: str | None
    qr: str


class _Page:
    """A pen that goes down the page and turns it when it is full."""

    def __init__(self, canvas: Canvas, props: ReceiptProps, words: Words) -> None:
        self.canvas = canvas
        self.props = props
        self.words = words
        self.y = _TOP
        self.number = 1

    def text(self, x: float, text: str, *, size: float = _BODY) -> None:
        self.canvas.setFont(fonts.NAME, size)
        self.canvas.drawString(x, self.y, text)

    def down(self, distance: float = _LEADING) -> None:
        self.y -= distance
        if self.y < _BOTTOM:
            self.turn()

    def turn(self) -> None:
        self.foot()
        self.canvas.showPage()
        self.number += 1
        self.y = _TOP

    def foot(self) -> None:
        self.canvas.setFont(fonts.NAME, _SMALL)
        mark = self.words("receipt.synced" if self.props.synced else "receipt.offline")
        copy = self.words("receipt.copy", copy=self.props.copy)
        self.canvas.line(_LEFT, 18 * mm, _RIGHT, 18 * mm)
        self.canvas.drawString(_LEFT, 13 * mm, f"{self.props.number}   {mark}   {copy}")
        self.canvas.drawRightString(
            _RIGHT, 13 * mm, self.words("receipt.page", page=self.number)
        )

    def row(self, label: str, value: str) -> None:
        """A label and its value, wrapped; characters without a shape are marked."""
        self.text(_LEFT, label)
        for line in wrapped(shown(value), _RIGHT - _LEFT - _LABEL):
            self.text(_LEFT + _LABEL, line)
            self.down()


def shown(text: str) -> str:
    """Return text as it can be printed: a missing shape becomes its code point."""
    lost = fonts.missing_characters(text)
    for character in lost:
        text = text.replace(character, f"[U+{ord(character):04X}]")
    return text


def wrapped(text: str, width: float, size: float = _BODY) -> list[str]:
    """Break text into lines of at most `width` points; Han text breaks anywhere."""
    font = fonts.register()
    lines: list[str] = []
    line = ""
    for character in text:
        if character == "\n" or font.stringWidth(line + character, size) > width:
            lines.append(line)
            line = "" if character == "\n" else character
        else:
            line += character
    return [*lines, line]


def receipt_pdf(props: ReceiptProps) -> bytes:
    """Return the receipt as PDF bytes."""
    fonts.register()
    words = Words("print")
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setTitle(words("receipt.title"))
    page = _Page(canvas, props, words)
    _head(page)
    for label, value in _rows(props):
        if value:
            page.row(words(f"receipt.{label}"), value)
    _materials(page)
    _tail(page)
    page.foot()
    canvas.save()
    return out.getvalue()


def _head(page: _Page) -> None:
    canvas = page.canvas
    canvas.setFont(fonts.NAME, 20)
    canvas.drawString(_LEFT, page.y - 4 * mm, page.words("receipt.title"))
    canvas.setFont(fonts.NAME, 12)
    canvas.drawString(_LEFT, page.y - 14 * mm, page.props.number)
    picture = BytesIO()
    segno.make(page.props.qr, error="m").save(picture, kind="png", scale=8, border=2)
    picture.seek(0)
    canvas.drawImage(
        ImageReader(picture), _RIGHT - _QR, page.y - _QR + 8 * mm, _QR, _QR
    )
    page.y -= 30 * mm
    canvas.line(_LEFT, page.y + 5 * mm, _RIGHT, page.y + 5 * mm)
    page.y -= 2 * mm


def _rows(props: ReceiptProps) -> tuple[tuple[str, str | None], ...]:
    return (
        ("official", props.official_number),
        ("item", props.item),
        ("applicant", props.applicant),
        ("identity", props.identity_masked),
        ("agent", props.agent),
        ("received_at", props.received_at),
        ("back_entry", props.back_entry_reason),
        ("printed_at", props.printed_at),
        ("receiver", props.receiver),
        ("notice", props.notice),
        ("promised", props.promised),
    )


def _materials(page: _Page) -> None:
    words = page.words
    page.down(3 * mm)
    page.text(_LEFT, words("receipt.materials"), size=12)
    page.down(8 * mm)
    form_x, copies_x = _RIGHT - 45 * mm, _RIGHT - 15 * mm
    for index, line in enumerate(page.props.materials, start=1):
        page.text(form_x, line.form)
        page.text(copies_x, str(line.copies))
        for part in wrapped(shown(f"{index}. {line.name}"), form_x - _LEFT - 4 * mm):
            page.text(_LEFT, part)
            page.down()


def _tail(page: _Page) -> None:
    words, props = page.words, page.props
    if page.y < _BOTTOM + 50 * mm:
        page.turn()
    page.down(4 * mm)
    notes = [words("receipt.decides", authority=props.authority), props.season or ""]
    notes.append(words("receipt.keep"))
    for note in filter(None, notes):
        for line in wrapped(shown(note), _RIGHT - _LEFT, _SMALL):
            page.text(_LEFT, line, size=_SMALL)
            page.down(5 * mm)
    page.y -= 6 * mm
    page.canvas.setFont(fonts.NAME, _BODY)
    page.canvas.drawRightString(_RIGHT - 20 * mm, page.y, words("receipt.seal"))
