"""Scans on their way: what a case names, the chunks they travel in, what comes back.

A scan is named by the digest of its content, wherever it is used. It travels as pieces
of `piece` bytes, each sealed apart; the names of the pieces are made with a key that
intake does not have (docs/adr/0014).
"""

from typing import Annotated, Literal

from pydantic import Field
from pydantic import StringConstraints as Text

from schemas.base import Base64, Count, Digest, Kept, KeyId, Ordinal, UtcTime
from schemas.ids import CaseNumber, DeviceId

PIECE = 2**20
"""Bytes of one piece: a usual scan is one or two, and a seal is 1.6 KB (0.2 %)."""

LARGEST_SCAN = 64 * 2**20
"""Bytes; what opening one scan may take."""

MediaType = Annotated[str, Text(pattern=r"^(image/(jpeg|png)|application/pdf)$")]


class ScanPage(Kept):
    """One page at a material, as handed in; `turned` in degrees, clockwise."""

    material: str = Field(min_length=1, max_length=40)
    position: Ordinal
    digest: Digest
    size: Ordinal
    media_type: str = Field(min_length=3, max_length=60)
    turned: Count = 0


class ScansListed(Kept):
    """Journal body: all the scans of a case from now on; replaces an earlier list."""

    kind: Literal["scans_listed"] = "scans_listed"
    number: CaseNumber
    at: UtcTime
    piece: Ordinal = PIECE
    scans: tuple[ScanPage, ...] = Field(max_length=500)


class ChunkHeader(Kept):
    """The open part of one sealed piece. Signed; sizes are in bytes."""

    suite: Ordinal
    device: DeviceId
    signing_key: KeyId
    sealing_key: KeyId
    chunk: Digest
    plain_size: Ordinal
    made_at: UtcTime
    sealed_size: Count
    sealed_digest: Digest


class ChunkReceipt(Kept):
    """The district's promise that it holds a piece, to whoever holds the same one."""

    suite: Ordinal
    receipt_key: KeyId
    chunk: Digest
    sealed_digest: Digest
    received_at: UtcTime
    signature: Base64


class ChunksAsked(Kept):
    """Which of these pieces the district holds already."""

    chunks: tuple[Digest, ...] = Field(max_length=500)


class ChunksHeld(Kept):
    """The receipts of those that it holds."""

    receipts: tuple[ChunkReceipt, ...] = ()


class NamingKey(Kept):
    """Feed body: the key that names pieces in this district; the same for its desks."""

    kind: Literal["naming_key"] = "naming_key"
    key: Base64


class ScansWanted(Kept):
    """Feed body: scans whose pieces did not make up what they were said to be."""

    kind: Literal["scans_wanted"] = "scans_wanted"
    digests: tuple[Digest, ...] = Field(min_length=1, max_length=500)
