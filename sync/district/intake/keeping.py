"""Keep what arrived whole, by whatever way: sealed bytes in, a receipt's text out.

Rule 1: the first four bytes say what it is; each kind has one keeper.
Rule 2: a keeper verifies the device's signature before it keeps anything, keeps the
        same bytes once, and returns the same receipt for them every time (P4).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TypeAlias

from pydantic import BaseModel, ValidationError

from schemas.enrolment import Charter, EnrolmentStatus
from schemas.ids import DeviceId
from schemas.problems import Code, Problem
from schemas.scans import ChunksAsked
from sync.district.config.keyring import ReceiptRing
from sync.district.intake.backups import keep_part
from sync.district.ledger.chunks import ChunkKept
from sync.district.ledger.device_keys import Place
from sync.district.ledger.sealed import Device, SealedLedger
from sync.seal.backup_parts import MAGIC as PART_MAGIC
from sync.seal.backup_parts import part_is_genuine, read_part, sign_part_receipt
from sync.seal.batches import MAGIC, batch_is_genuine, read_batch
from sync.seal.chunks import MAGIC as CHUNK_MAGIC
from sync.seal.chunks import chunk_is_genuine, read_chunk, sign_chunk_receipt
from sync.seal.keys import SigningKey
from sync.seal.receipts import Filed, sign_receipt

_LARGEST_HEADER: Final = 16 * 2**10


@dataclass(frozen=True)
class IntakeParts:
    """What intake works with; `uploads` is where the parts of uploads lie."""

    ledger: SealedLedger
    ring: ReceiptRing
    now: Callable[[], datetime]
    uploads: Path
    nonce: Callable[[], str]

    @property
    def receipts(self) -> SigningKey:
        """The receipt key in force."""
        return self.ring.current()

    @property
    def charter(self) -> Charter:
        """The charter in force."""
        return self.ring.charter


Keeper: TypeAlias = Callable[[IntakeParts, bytes], str]


def granted_device(parts: IntakeParts, name: str) -> Device:
    """Return a device that may send, or raise the problem that says why not."""
    return require_granted(parts.ledger.device(name))


def require_granted(device: Device | None) -> Device:
    """Return a device that was taken in; `Problem(DEVICE_UNKNOWN)`, `REVOKED`."""
    if device is None or device.state == "pending":
        raise Problem(Code.DEVICE_UNKNOWN)
    if device.state != "granted":
        raise Problem(Code.DEVICE_REVOKED)
    return device


def how_it_stands(ledger: SealedLedger, device: Device) -> EnrolmentStatus:
    """Return what a desk is told that asks whether it was taken in."""
    if device.state == "granted":
        package = ledger.package(device.device)
        return EnrolmentStatus(state="granted", package=package)
    if device.state == "pending":
        return EnrolmentStatus(state="pending")
    return EnrolmentStatus(state="refused", reason=device.reason)


def keep_batch(parts: IntakeParts, raw: bytes) -> str:
    """Keep a batch of journal entries; returns its receipt's text."""
    batch = read_batch(raw)
    header = batch.header
    known = parts.ledger.device(header.device)
    if known is None or known.state == "pending":
        raise Problem(Code.DEVICE_UNKNOWN)
    ends = Place(header.epoch, header.last)
    device = parts.ledger.keys.signer(header.signing_key, ends)
    if (
        device is None
        or device.device != header.device
        or not batch_is_genuine(batch, device.signing_public)
    ):
        raise Problem(Code.SIGNATURE_INVALID)
    now = parts.now()
    if not _is_believed(parts, device, ends):
        # What was kept before it was revoked keeps its receipt (P4).
        receipt = parts.ledger.receipt_of(batch.digest)
        if receipt is None:
            raise Problem(Code.DEVICE_REVOKED)
        return receipt
    before = Place(header.epoch, header.first - 1)
    parts.ledger.keys.in_use(header.signing_key, up_to=before, now=now)

    def receipt_for(position: int) -> str:
        filed = Filed(batch.digest, position, now)
        return json.dumps(sign_receipt(batch.header, filed, parts.receipts))

    receipt = parts.ledger.keep_batch(batch, raw, now=now, receipt_for=receipt_for)
    parts.ledger.contacted(device.device, now=now)
    return receipt


def _is_believed(parts: IntakeParts, device: Device, ends: Place) -> bool:
    if device.state == "granted":
        return True
    cut = parts.ledger.keys.cut_off(device.device)
    return cut is not None and (ends.epoch, ends.sequence) <= (cut.epoch, cut.sequence)


def keep_chunk(parts: IntakeParts, raw: bytes) -> str:
    """Keep one sealed piece of a scan; returns its receipt's text."""
    chunk = read_chunk(raw)
    header = chunk.header
    device = granted_device(parts, header.device)
    signer = parts.ledger.device_of_key(header.signing_key)
    if (
        signer is None
        or signer.device != device.device
        or not chunk_is_genuine(chunk, signer.signing_public)
    ):
        raise Problem(Code.SIGNATURE_INVALID)
    now = parts.now()
    receipt = sign_chunk_receipt(header, parts.receipts, received_at=now)
    kept = ChunkKept(
        header.chunk, chunk.digest, device.device, len(raw), json.dumps(receipt)
    )
    parts.ledger.contacted(device.device, now=now)
    return parts.ledger.chunks.keep(kept, raw, now=now)


def held_chunks(parts: IntakeParts, raw: bytes) -> str:
    """Answer which pieces are here already, whoever sent them: their receipts."""
    try:
        asked = ChunksAsked.model_validate_json(raw)
    except ValidationError as error:
        raise Problem(Code.MESSAGE_MALFORMED, detail="chunks") from error
    receipts = parts.ledger.chunks.receipts(asked.chunks)
    return f'{{"receipts": [{", ".join(receipts)}]}}'


def keep_backup(parts: IntakeParts, raw: bytes) -> str:
    """Keep one part of a desk's own backup, unread; returns its receipt's text."""
    part = read_part(raw)
    device = granted_device(parts, part.header.device)
    signer = parts.ledger.device_of_key(part.header.signing_key)
    if (
        signer is None
        or signer.device != device.device
        or not part_is_genuine(part, signer.signing_public)
    ):
        raise Problem(Code.SIGNATURE_INVALID)
    keep_part(parts.uploads.parent / "backups", part)
    now = parts.now()
    parts.ledger.contacted(device.device, now=now)
    return json.dumps(sign_part_receipt(part.header, parts.receipts, now))


KEEPERS: Final[dict[bytes, Keeper]] = {
    MAGIC: keep_batch,
    CHUNK_MAGIC: keep_chunk,
    PART_MAGIC: keep_backup,
}


def keep(parts: IntakeParts, raw: bytes) -> str:
    """Keep whatever this is, or raise `Problem`."""
    keeper = KEEPERS.get(raw[:4])
    if keeper is None:
        raise Problem(Code.MESSAGE_MALFORMED, detail="kind")
    return keeper(parts, raw)


class _Sender(BaseModel):
    """The one field that the open header of every kind has."""

    device: DeviceId


def sender(start: bytes) -> str | None:
    """Return the device that the first bytes name; None while they are too few.

    `Problem(MESSAGE_MALFORMED)` as soon as they cannot become anything of ours.
    """
    if start[:4] not in KEEPERS and (len(start) >= len(MAGIC)):
        raise Problem(Code.MESSAGE_MALFORMED, detail="kind")
    if len(start) < len(MAGIC) + 4:
        return None
    length = int.from_bytes(start[4:8], "big")
    if length > _LARGEST_HEADER:
        raise Problem(Code.MESSAGE_MALFORMED, detail="header length")
    if len(start) < 8 + length:
        return None
    try:
        return _Sender.model_validate_json(start[8 : 8 + length]).device
    except ValidationError as error:
        raise Problem(Code.MESSAGE_MALFORMED, detail="header") from error
