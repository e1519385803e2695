"""Receipts on paper: what a sheet of QR codes says, before it is split and printed."""

from pydantic import Field

from schemas.base import Count, Frozen, Ordinal, UtcTime
from schemas.ids import DeviceId


class SheetLine(Frozen):
    """What a desk needs to make one receipt whole again: the rest it knows itself.

    `batch` is the beginning of the batch's digest; `signature` is raw, 64 bytes.
    """

    batch: bytes = Field(min_length=8, max_length=8)
    log_position: Ordinal
    received_at: UtcTime
    signature: bytes = Field(min_length=64, max_length=64)


class ReceiptSheet(Frozen):
    """The receipts of one desk, by one receipt key (the first 8 bytes of its id)."""

    device: DeviceId
    receipt_key: bytes = Field(min_length=8, max_length=8)
    lines: tuple[SheetLine, ...] = Field(max_length=200)
    total: Count
    """How many receipts were asked for; more than `lines` go on further sheets."""
