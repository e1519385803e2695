"""Receipts: intake signs them, desks verify them before letting anything go (P6)."""

from dataclasses import dataclass
from datetime import datetime

from schemas.base import utc_text
from schemas.batch import BatchHeader
from schemas.encoding import JsonObject
from sync.seal import suite1
from sync.seal.documents import RECEIPT, check_document, sign_document
from sync.seal.keys import SigningKey


@dataclass(frozen=True, slots=True)
class Filed:
    """Where and when intake kept a batch."""

    batch_digest: str
    log_position: int
    received_at: datetime


def receipt_fields(
    header: BatchHeader, batch_digest: str, log_position: int, received_at: datetime,
    *, key_id: str,
) -> JsonObject:  # fmt: skip
    """Return what a receipt says, before it is signed."""
    return {
        "suite": suite1.SUITE,
        "receipt_key": key_id,
        "device": header.device,
        "epoch": header.epoch,
        "first": header.first,
        "last": header.last,
        "chain_after": header.chain_after,
        "batch_digest": batch_digest,
        "log_position": log_position,
        "received_at": utc_text(received_at),
    }


def sign_receipt(header: BatchHeader, filed: Filed, key: SigningKey) -> JsonObject:
    """Return the signed receipt for a kept batch (schemas.receipt.Receipt)."""
    receipt = receipt_fields(
        header, filed.batch_digest, filed.log_position, filed.received_at,
        key_id=key.key_id,
    )  # fmt: skip
    return sign_document(receipt, key, RECEIPT)


def receipt_is_genuine(receipt: JsonObject, receipt_public: bytes) -> bool:
    """Say whether the district's receipt key signed these very fields."""
    return check_document(receipt, receipt_public, RECEIPT)
