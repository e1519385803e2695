"""Receipts made whole again from a sheet: the very receipts that a line would bring.

The sheet holds what the desk cannot know (place, time, signature); all else follows
from the batch. So paper needs no trust of its own: the receipt's signature decides.
"""

from schemas.batch import BatchHeader
from schemas.encoding import JsonObject, base64_bytes, base64_text
from schemas.receipt import Receipt
from schemas.receipt_sheet import ReceiptSheet, SheetLine
from sync.seal.receipts import receipt_fields

_SHOWN = 8


def sheet_of(
    device: str, key_id: str, receipts: tuple[Receipt, ...], *, total: int
) -> ReceiptSheet:
    """Return the sheet of these receipts, all by one key."""
    return ReceiptSheet(
        device=device,
        receipt_key=bytes.fromhex(key_id)[:_SHOWN],
        lines=tuple(
            SheetLine(
                batch=bytes.fromhex(each.batch_digest)[:_SHOWN],
                log_position=each.log_position,
                received_at=each.received_at,
                signature=base64_bytes(each.signature),
            )
            for each in receipts
        ),
        total=total,
    )


def whole_receipt(
    line: SheetLine, header: BatchHeader, batch_digest: str, *, key_id: str
) -> JsonObject:
    """Return the receipt that a line stands for; its signature is not proved yet."""
    fields = receipt_fields(
        header, batch_digest, line.log_position, line.received_at, key_id=key_id
    )
    return {**fields, "signature": base64_text(line.signature)}


def names(line: SheetLine, batch_digest: str) -> bool:
    """Say whether a line is of this batch."""
    return batch_digest.startswith(line.batch.hex())
