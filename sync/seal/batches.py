"""The bytes of a batch: closing one, reading its open part, checking it blind.

Wire: `IDB1`, header length (u32 big-endian), header, sealed payload, signature (64).
The header is RFC 8785 JSON; batch digest = digest(header bytes) under the batch label;
the signature is over the same; HPKE info is the header without its sealed_* fields.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from schemas.base import utc_text
from schemas.batch import BatchHeader
from schemas.encoding import JsonObject, canonical
from sync.seal import frames, suite1
from sync.seal.compressing import Context, compress
from sync.seal.documents import BATCH
from sync.seal.keys import SigningKey, verify

MAGIC: Final = b"IDB1"
LARGEST_PLAIN: Final = 16 * 2**20  # bytes; what one opening may unpack to


@dataclass(frozen=True, slots=True)
class Run:
    """A gapless run of a device's journal, and the chain heads around it.

    `context` is what it may be compressed against; None as for a district of 0.1.
    `withheld`: the one line is a stub, and leads to `chain_after` only by its word.
    """

    device: str
    epoch: int
    first: int
    entries: tuple[bytes, ...]
    chain_before: str
    chain_after: str
    context: Context | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class SealedBatch:
    """A batch ready for any carrier; `digest` is its identity."""

    raw: bytes
    header: BatchHeader
    digest: str


@dataclass(frozen=True, slots=True)
class ReadBatch:
    """The open part of received bytes; nothing is verified yet."""

    header: BatchHeader
    header_bytes: bytes
    sealed: bytes
    signature: bytes
    digest: str


def context_of(header: JsonObject) -> bytes:
    """Return the HPKE info: the header without what follows from the sealed bytes."""
    return canonical(
        {
            name: value
            for name, value in header.items()
            if name not in {"sealed_size", "sealed_digest"}
        }
    )


def join_entries(entries: Sequence[bytes]) -> bytes:
    """Return the entries as lines (RFC 8785 bytes hold no line feed)."""
    return b"\n".join(entries)


def close_batch(
    run: Run, *, recipient: bytes, signing: SigningKey, now: datetime
) -> SealedBatch:
    """Compress, seal to the district's key and sign a run of entries."""
    plain = join_entries(run.entries)
    compressed, dictionary = compress(plain, run.context)
    header: JsonObject = {
        "suite": suite1.SUITE,
        "device": run.device,
        "signing_key": signing.key_id,
        "sealing_key": suite1.key_id(recipient),
        "epoch": run.epoch,
        "first": run.first,
        "last": run.first + len(run.entries) - 1,
        "chain_before": run.chain_before,
        "chain_after": run.chain_after,
        "entries": len(run.entries),
        "plain_size": len(plain),
        "compressed_size": len(compressed),
        "dictionary": dictionary,
        "made_at": utc_text(now),
    }
    if run.withheld:
        header["withheld"] = True
    sealed = suite1.seal(compressed, public=recipient, context=context_of(header))
    header["sealed_size"] = len(sealed)
    header["sealed_digest"] = suite1.digest(sealed)
    header_bytes = canonical(header)
    signature = signing.sign(BATCH, header_bytes)
    return SealedBatch(
        raw=frames.join(MAGIC, header_bytes, sealed, signature),
        header=BatchHeader.model_validate(header),
        digest=batch_digest(header_bytes),
    )


def batch_digest(header_bytes: bytes) -> str:
    """Return the identity of a batch (the header holds the sealed bytes' digest)."""
    return suite1.digest(BATCH.encode("ascii") + b"\n" + header_bytes)


def read_batch(raw: bytes) -> ReadBatch:
    """Split received bytes; `Problem(MESSAGE_MALFORMED)` names the part that is off.

    `Problem(SUITE_UNKNOWN)` for a suite that this version does not have.
    """
    frame = frames.split(raw, MAGIC, BatchHeader, name="batch")
    return ReadBatch(
        header=frame.header,
        header_bytes=frame.header_bytes,
        sealed=frame.sealed,
        signature=frame.signature,
        digest=batch_digest(frame.header_bytes),
    )


def batch_is_genuine(batch: ReadBatch, signing_public: bytes) -> bool:
    """Say, without opening it, whether the device signed exactly these bytes."""
    header = batch.header
    return (
        header.signing_key == suite1.key_id(signing_public)
        and header.last - header.first + 1 == header.entries
        and header.plain_size <= LARGEST_PLAIN
        and header.sealed_size == len(batch.sealed)
        and header.sealed_digest == suite1.digest(batch.sealed)
        and verify(signing_public, BATCH, batch.header_bytes, batch.signature)
    )
