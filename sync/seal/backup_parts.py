"""A backup on its way to the district: parts of a bounded size, each signed.

Wire: `IDVP`, header length (u32 big-endian), header (RFC 8785), signature (64), bytes.
The parts in order are the backup file; the district keeps them and cannot open them
(the desk leaves the escrow out). A part is answered by a signed receipt.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import ValidationError

from schemas.backup import PartHeader
from schemas.base import utc_text
from schemas.encoding import JsonObject, canonical
from schemas.problems import Code, Problem
from sync.seal import suite1
from sync.seal.documents import (
    BACKUP_PART,
    BACKUP_RECEIPT,
    check_document,
    sign_document,
)
from sync.seal.keys import SigningKey, verify

MAGIC: Final = b"IDVP"
PART: Final = 4 * 2**20
_LARGEST_HEADER: Final = 16 * 2**10
_SIGNATURE: Final = 64


@dataclass(frozen=True, slots=True)
class ReadPart:
    """A part as it came; nothing is verified yet."""

    header: PartHeader
    header_bytes: bytes
    signature: bytes
    content: bytes


def close_part(header: PartHeader, content: bytes, key: SigningKey) -> bytes:
    """Return the bytes of one part."""
    head = canonical(header)
    length = len(head).to_bytes(4, "big")
    return MAGIC + length + head + key.sign(BACKUP_PART, head) + content


def read_part(raw: bytes) -> ReadPart:
    """Split received bytes; `Problem(MESSAGE_MALFORMED)`."""
    length = int.from_bytes(raw[4:8], "big")
    at = 8 + length
    if (
        not raw.startswith(MAGIC)
        or length > _LARGEST_HEADER
        or len(raw) < at + _SIGNATURE
    ):
        raise Problem(Code.MESSAGE_MALFORMED, detail="part")
    try:
        header = PartHeader.model_validate_json(raw[8:at])
    except ValidationError as error:
        raise Problem(Code.MESSAGE_MALFORMED, detail="part") from error
    return ReadPart(
        header, raw[8:at], raw[at : at + _SIGNATURE], raw[at + _SIGNATURE :]
    )


def part_is_genuine(part: ReadPart, signing_public: bytes) -> bool:
    """Say whether the device signed exactly these bytes."""
    header = part.header
    return (
        header.index < header.count
        and header.signing_key == suite1.key_id(signing_public)
        and header.digest == suite1.digest(part.content)
        and verify(signing_public, BACKUP_PART, part.header_bytes, part.signature)
    )


def sign_part_receipt(header: PartHeader, key: SigningKey, at: datetime) -> JsonObject:
    """Return the signed receipt of a kept part."""
    document: JsonObject = {
        "suite": suite1.SUITE,
        "receipt_key": key.key_id,
        "device": header.device,
        "backup": header.backup,
        "index": header.index,
        "count": header.count,
        "digest": header.digest,
        "received_at": utc_text(at),
    }
    return sign_document(document, key, BACKUP_RECEIPT)


def receipt_is_for(receipt: JsonObject, header: PartHeader, public: bytes) -> bool:
    """Say whether the district signed for this very part."""
    names = ("device", "backup", "index", "count", "digest")
    same = all(receipt.get(name) == getattr(header, name) for name in names)
    return same and check_document(receipt, public, BACKUP_RECEIPT)
