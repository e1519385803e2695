"""Receipts as QR codes on A4: what goes by hand to a desk that nothing else reaches."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Final

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from schemas.problems import Code, Problem
from sync.district.ledger.sealed import Device, SealedLedger
from sync.protocol.sheets import sheet_bytes, split
from sync.seal.sheets import sheet_of

# A few thousand entries; more would be an afternoon of scanning.
LINES: Final = 30
_FONT: Final = "NotoSansSC"
_SIDE: Final = 82 * mm
_ACROSS: Final = 2
_DOWN: Final = 3
_MARGIN: Final = 18 * mm
_TOP: Final = 26 * mm


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet to print: the texts of its codes, and the range that it covers."""

    texts: tuple[str, ...]
    first: int
    last: int
    batches: int


def receipts_sheet(sealed: SealedLedger, device: str) -> Sheet:
    """Return the sheet of the receipts that a desk is not known to have yet.

    A desk says in each greeting up to where it has receipts. `Problem(
    DEVICE_NOT_FOUND)`, `Problem(NOTHING_RECEIPTED)`.
    """
    if sealed.device(device) is None:
        raise Problem(Code.DEVICE_NOT_FOUND, device=device)
    contact = sealed.contacts.last(device)
    epoch = contact.head.epoch if contact else 0
    has = contact.receipted if contact else 0
    owed = [
        each
        for each in sorted(
            sealed.receipts_of(device), key=lambda each: (each.epoch, each.first)
        )
        if each.epoch > epoch or (each.epoch == epoch and each.last > has)
    ]
    if not owed:
        raise Problem(Code.NOTHING_RECEIPTED, device=device[:8])
    # One key a sheet: after a change of keys the rest goes on the next one.
    key_id = owed[0].receipt_key
    chosen = tuple(each for each in owed if each.receipt_key == key_id)[:LINES]
    sheet = sheet_of(device, key_id, chosen, total=len(owed))
    texts = split(sheet_bytes(sheet))
    return Sheet(texts, chosen[0].first, chosen[-1].last, len(chosen))


def sheet_pdf(sheet: Sheet, device: Device, words: Mapping[str, str]) -> bytes:
    """Return the sheet as a PDF, its codes numbered as they may be scanned."""
    _register()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    canvas.setTitle(words["paper.title"])
    each_page = _ACROSS * _DOWN
    for at, text in enumerate(sheet.texts):
        if at % each_page == 0:
            if at:
                canvas.showPage()
            _heading(canvas, sheet, device, words)
        _code(canvas, text, at, len(sheet.texts), words)
    canvas.save()
    return out.getvalue()


def _heading(
    canvas: Canvas, sheet: Sheet, device: Device, words: Mapping[str, str]
) -> None:
    _, height = A4
    canvas.setFont(_FONT, 14)
    canvas.drawString(_MARGIN, height - 14 * mm, words["paper.title"])
    canvas.setFont(_FONT, 9)
    said = words["paper.covers"].format(
        desk=device.desk_name, terminal=device.terminal or "--", first=sheet.first,
        last=sheet.last, batches=sheet.batches, parts=len(sheet.texts),
    )  # fmt: skip
    canvas.drawString(_MARGIN, height - 20 * mm, said)


def _code(
    canvas: Canvas, text: str, at: int, parts: int, words: Mapping[str, str]
) -> None:
    _, height = A4
    place = at % (_ACROSS * _DOWN)
    x = _MARGIN + (place % _ACROSS) * (_SIDE + 8 * mm)
    y = height - _TOP - (place // _ACROSS + 1) * (_SIDE + 6 * mm)
    picture = io.BytesIO()
    segno.make_qr(text, error="m").save(picture, kind="png", scale=4, border=4)
    picture.seek(0)
    canvas.drawImage(ImageReader(picture), x, y + 4 * mm, _SIDE, _SIDE)
    canvas.setFont(_FONT, 9)
    canvas.drawCentredString(
        x + _SIDE / 2, y + 2 * mm, words["paper.part"].format(part=at + 1, parts=parts)
    )


def _register() -> None:
    if _FONT in pdfmetrics.getRegisteredFontNames():
        return
    with as_file(files("assets").joinpath("fonts", "NotoSansSC-Regular.ttf")) as path:
        pdfmetrics.registerFont(TTFont(_FONT, str(path)))
