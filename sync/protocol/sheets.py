"""A sheet of receipts as bytes, and as the lines of text that its QR codes hold: pure.

Bytes: `IDP1`, device (16), receipt key (8), receipts in all (u16), lines (u8), then per
line batch (8), log position (u32), received at (u48, milliseconds), signature (64); all
big-endian. Text of one code, in the letters that a QR code packs best:

    IDP1/<sheet>/<part>/<parts>/<base32 of a piece, then its CRC-32>

Rule 1: `sheet` is the CRC-32 of the whole, so that codes of two sheets do not mix.
Rule 2: a code that was misread, twice scanned or scanned in any order does no harm.
"""

import base64
import binascii
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import ValidationError

from schemas.problems import Code, Problem
from schemas.receipt_sheet import ReceiptSheet, SheetLine

MAGIC: Final = "IDP1"
_HEAD: Final = struct.Struct(">16s8sHB")
_LINE: Final = struct.Struct(">8sI6s64s")
# Bytes of a code: 400 letters make 69 modules, which a cheap scanner still reads.
_PIECE: Final = 240
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PARTS: Final = 5


def sheet_bytes(sheet: ReceiptSheet) -> bytes:
    """Return a sheet as bytes."""
    head = _HEAD.pack(
        bytes.fromhex(sheet.device), sheet.receipt_key, sheet.total, len(sheet.lines)
    )
    lines = (
        _LINE.pack(
            line.batch,
            line.log_position,
            ((line.received_at - _EPOCH) // timedelta(milliseconds=1)).to_bytes(6),
            line.signature,
        )
        for line in sheet.lines
    )
    return MAGIC.encode("ascii") + head + b"".join(lines)


def read_sheet(raw: bytes) -> ReceiptSheet:
    """Return what the bytes say; `Problem(PAPER_NOT_OURS)`."""
    start = len(MAGIC) + _HEAD.size
    try:
        device, key, total, count = _HEAD.unpack(raw[len(MAGIC) : start])
        if raw[: len(MAGIC)] != MAGIC.encode("ascii") or (
            len(raw) != start + count * _LINE.size
        ):
            raise Problem(Code.PAPER_NOT_OURS)
        lines = tuple(
            SheetLine(
                batch=batch,
                log_position=position,
                received_at=_EPOCH + timedelta(milliseconds=int.from_bytes(at)),
                signature=signature,
            )
            for batch, position, at, signature in _LINE.iter_unpack(raw[start:])
        )
        return ReceiptSheet(
            device=device.hex(), receipt_key=key, lines=lines, total=total
        )
    except (struct.error, ValidationError, OverflowError) as error:
        raise Problem(Code.PAPER_NOT_OURS) from error


def split(raw: bytes) -> tuple[str, ...]:
    """Return the texts of the codes of a sheet, in order."""
    pieces = [raw[at : at + _PIECE] for at in range(0, len(raw), _PIECE)]
    return tuple(
        f"{MAGIC}/{zlib.crc32(raw):08X}/{number}/{len(pieces)}/{_armour(piece)}"
        for number, piece in enumerate(pieces, start=1)
    )


def _armour(piece: bytes) -> str:
    checked = piece + zlib.crc32(piece).to_bytes(4)
    return base64.b32encode(checked).rstrip(b"=").decode("ascii")


@dataclass(frozen=True, slots=True)
class _Part:
    sheet: str
    number: int
    parts: int
    piece: bytes


def join(texts: Iterable[str]) -> bytes:
    """Return the sheet that these codes are of, scanned in any order.

    `Problem(PAPER_NOT_OURS)`, `PAPER_MISREAD` with the line, `PAPER_MIXED` for codes
    of two sheets, `PAPER_PARTS_MISSING` naming those still to scan.
    """
    parts = [
        _read(text, line) for line, text in enumerate(texts, start=1) if text.strip()
    ]
    if not parts:
        raise Problem(Code.PAPER_NOT_OURS)
    if len({(each.sheet, each.parts) for each in parts}) != 1:
        raise Problem(Code.PAPER_MIXED)
    total = parts[0].parts
    found = {each.number: each.piece for each in parts}
    missing = [str(n) for n in range(1, total + 1) if n not in found]
    if missing:
        raise Problem(Code.PAPER_PARTS_MISSING, total=total, missing=", ".join(missing))
    raw = b"".join(found[number] for number in range(1, total + 1))
    if f"{zlib.crc32(raw):08X}" != parts[0].sheet:
        raise Problem(Code.PAPER_MIXED)
    return raw


def _read(text: str, line: int) -> _Part:
    # A hand scanner types; the keyboard's layout may have turned the case.
    fields = "".join(text.split()).upper().split("/")
    if len(fields) != _PARTS or fields[0] != MAGIC:
        raise Problem(Code.PAPER_NOT_OURS)
    _, sheet, number, parts, body = fields
    try:
        checked = base64.b32decode(body + "=" * (-len(body) % 8))
        part = _Part(sheet, int(number), int(parts), checked[:-4])
    except (binascii.Error, ValueError) as error:
        raise Problem(Code.PAPER_MISREAD, line=line) from error
    right = zlib.crc32(part.piece).to_bytes(4) == checked[-4:]
    if not right or not 1 <= part.number <= part.parts:
        raise Problem(Code.PAPER_MISREAD, line=line)
    return part
