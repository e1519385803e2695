"""The 80 mm slip that a resident takes home, with a QR that anyone can verify."""

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from desk_app.printing import fonts
from desk_app.printing.lines import draw, shown, wrapped
from desk_app.printing.qr import qr_picture
from desk_app.text.words import Words

_WIDTH: Final = 80 * mm
_MARGIN: Final = 4 * mm
_QR: Final = 58 * mm
_TITLE: Final = 15.0
_BODY: Final = 10.0
_SMALL: Final = 8.0


@dataclass(frozen=True, slots=True)
class SlipProps:
    """What a slip shows: large enough for old eyes, nothing that must be hidden."""

    number: str
    official: str | None
    item: str
    applicant_masked: str
    received_at: str
    printed_at: str
    deadline: str | None
    desk: str
    phone: str | None
    back_entry: str | None
    synced: bool
    copy: int
    qr: str


def slip_pdf(props: SlipProps) -> bytes:
    """Return the slip as PDF bytes; its length follows from what it says."""
    fonts.register()
    words = Words("print")
    rows: list[tuple[str, float]] = [
        (words("slip.title"), _TITLE),
        (props.number, _BODY),
        *([(f"{words('paper.official')} {props.official}", _BODY)]
          if props.official else []),
        (props.item, _BODY),
        (props.applicant_masked, _BODY),
        (f"{words('paper.received_at')} {props.received_at}", _BODY),
        *([(f"{words('slip.next')}{props.deadline}", _BODY)]
          if props.deadline else []),
        *([(f"{words('paper.back_entry')} {props.back_entry}", _SMALL)]
          if props.back_entry else []),
        (f"{props.desk} {props.phone or ''}".strip(), _SMALL),
    ]  # fmt: skip
    mark = words("slip.synced" if props.synced else "slip.offline")
    copy = words("receipt.copy", copy=props.copy)
    tail = [
        (words("slip.keep"), _BODY),
        (words("slip.verify"), _SMALL),
        (f"{words('paper.printed_at')} {props.printed_at}", _SMALL),
        (f"{mark} {copy}", _SMALL),
    ]
    width = _WIDTH - 2 * _MARGIN
    head_lines = _lines(rows, width)
    tail_lines = _lines(tail, width)
    height = sum(s * 1.5 for _, s in head_lines + tail_lines) + _QR + 6 * _MARGIN
    out = BytesIO()
    canvas = Canvas(out, pagesize=(_WIDTH, height), invariant=1)
    canvas.setTitle(words("slip.title"))
    y = _column(canvas, head_lines, height - 2 * _MARGIN)
    y -= _QR
    canvas.drawImage(qr_picture(props.qr), (_WIDTH - _QR) / 2, y, _QR, _QR)
    _column(canvas, tail_lines, y - 2 * _MARGIN)
    canvas.save()
    return out.getvalue()


def _lines(rows: list[tuple[str, float]], width: float) -> list[tuple[str, float]]:
    return [
        (line, size)
        for text, size in rows
        for line in wrapped(shown(text), width, size)
    ]


def _column(canvas: Canvas, lines: list[tuple[str, float]], y: float) -> float:
    for line, size in lines:
        draw(canvas, _MARGIN, y - size, line, size)
        y -= size * 1.5
    return y
