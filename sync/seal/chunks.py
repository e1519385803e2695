"""The bytes of one piece of a scan: sealing it, reading its open part, its receipt.

Wire: `IDC1`, header length (u32 big-endian), header, sealed piece, signature (64): as a
batch, with a header and labels of its own.

Rule: the name of a piece follows from the scan's digest, its place and the district's
naming key. Two desks with the same scan find the same name, so it is kept once; who has
not the key can neither guess a name nor test whether the district holds a known file.
"""

import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import ValidationError

from schemas.base import utc_text
from schemas.encoding import JsonObject, canonical
from schemas.scans import ChunkHeader, ChunkReceipt
from sync.seal import frames, suite1
from sync.seal.batches import context_of
from sync.seal.documents import CHUNK, CHUNK_RECEIPT, check_document, sign_document
from sync.seal.keys import SigningKey, verify

MAGIC: Final = b"IDC1"


@dataclass(frozen=True, slots=True)
class SealedChunk:
    """A piece ready for any carrier; `digest` is the identity of these very bytes."""

    raw: bytes
    chunk: str
    digest: str


@dataclass(frozen=True, slots=True)
class ReadChunk:
    """The open part of received bytes; nothing is verified yet."""

    header: ChunkHeader
    header_bytes: bytes
    sealed: bytes
    signature: bytes
    digest: str


def new_naming_key() -> bytes:
    """Return a fresh naming key (32 bytes)."""
    return AESGCM.generate_key(256)


def chunk_names(
    naming_key: bytes, digest: str, *, size: int, piece: int
) -> tuple[str, ...]:
    """Return the names of a scan's pieces, in order."""
    count = -(-size // piece)
    return tuple(
        hmac.digest(
            naming_key,
            f"island-desk/chunk-name/1\n{digest}\n{piece}\n{index}".encode("ascii"),
            "sha256",
        ).hex()
        for index in range(count)
    )


def close_chunk(
    plain: bytes, chunk: str, *, device: str, recipient: bytes, signing: SigningKey,
    now: datetime,
) -> SealedChunk:  # fmt: skip
    """Seal one piece to the district's key and sign it."""
    header: JsonObject = {
        "suite": suite1.SUITE,
        "device": device,
        "signing_key": signing.key_id,
        "sealing_key": suite1.key_id(recipient),
        "chunk": chunk,
        "plain_size": len(plain),
        "made_at": utc_text(now),
    }
    sealed = suite1.seal(plain, public=recipient, context=context_of(header))
    header["sealed_size"] = len(sealed)
    header["sealed_digest"] = suite1.digest(sealed)
    header_bytes = canonical(header)
    signature = signing.sign(CHUNK, header_bytes)
    raw = frames.join(MAGIC, header_bytes, sealed, signature)
    return SealedChunk(raw, chunk, _digest(header_bytes))


def _digest(header_bytes: bytes) -> str:
    return suite1.digest(CHUNK.encode("ascii") + b"\n" + header_bytes)


def read_chunk(raw: bytes) -> ReadChunk:
    """Split received bytes; `Problem(MESSAGE_MALFORMED)` names the part that is off."""
    frame = frames.split(raw, MAGIC, ChunkHeader, name="chunk")
    return ReadChunk(
        header=frame.header,
        header_bytes=frame.header_bytes,
        sealed=frame.sealed,
        signature=frame.signature,
        digest=_digest(frame.header_bytes),
    )


def chunk_is_genuine(chunk: ReadChunk, signing_public: bytes) -> bool:
    """Say, without opening it, whether the device signed exactly these bytes."""
    header = chunk.header
    return (
        header.signing_key == suite1.key_id(signing_public)
        and header.sealed_size == len(chunk.sealed)
        and header.sealed_digest == suite1.digest(chunk.sealed)
        and verify(signing_public, CHUNK, chunk.header_bytes, chunk.signature)
    )


def chunk_context(chunk: ReadChunk) -> bytes:
    """Return the HPKE info of a received piece."""
    return context_of(json.loads(chunk.header_bytes))


def sign_chunk_receipt(
    header: ChunkHeader, key: SigningKey, *, received_at: datetime
) -> JsonObject:
    """Return the signed receipt for a kept piece (schemas.scans.ChunkReceipt)."""
    receipt: JsonObject = {
        "suite": suite1.SUITE,
        "receipt_key": key.key_id,
        "chunk": header.chunk,
        "sealed_digest": header.sealed_digest,
        "received_at": utc_text(received_at),
    }
    return sign_document(receipt, key, CHUNK_RECEIPT)


def chunk_receipt_for(
    receipt: JsonObject, chunk: str, *, receipt_public: bytes
) -> ChunkReceipt | None:
    """Return a receipt that is genuine and for this very piece, or None."""
    if not check_document(receipt, receipt_public, CHUNK_RECEIPT):
        return None
    try:
        read = ChunkReceipt.model_validate(receipt)
    except ValidationError:
        return None
    return read if read.chunk == chunk else None
