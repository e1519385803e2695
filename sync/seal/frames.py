"""What batches and pieces of scans have in common on the wire: header, sealed, signed.

Wire: four bytes that name the kind, header length (u32 big-endian), header (RFC 8785),
sealed bytes, signature (64).

Rule: nothing is verified here. What is malformed says which part is off.
"""

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from pydantic import ValidationError

from schemas.batch import BatchHeader
from schemas.problems import Code, Problem
from schemas.scans import ChunkHeader
from sync.seal import suite1

_LARGEST_HEADER: Final = 16 * 2**10
_SIGNATURE: Final = 64

Header = TypeVar("Header", BatchHeader, ChunkHeader)


@dataclass(frozen=True, slots=True)
class Frame(Generic[Header]):
    """Received bytes in their parts."""

    header: Header
    header_bytes: bytes
    sealed: bytes
    signature: bytes


def join(magic: bytes, header_bytes: bytes, sealed: bytes, signature: bytes) -> bytes:
    """Return the bytes that travel."""
    length = len(header_bytes).to_bytes(4, "big")
    return b"".join((magic, length, header_bytes, sealed, signature))


def split(raw: bytes, magic: bytes, model: type[Header], *, name: str) -> Frame[Header]:
    """Return the parts; `Problem(MESSAGE_MALFORMED)` names the one that is off.

    `Problem(SUITE_UNKNOWN)` for a suite that this version does not have. `name` is what
    the bytes should be.
    """
    begin = len(magic) + 4
    if len(raw) < begin + _SIGNATURE or not raw.startswith(magic):
        raise Problem(Code.MESSAGE_MALFORMED, detail=f"not a {name}")
    length = int.from_bytes(raw[len(magic) : begin], "big")
    if length > _LARGEST_HEADER or begin + length + _SIGNATURE > len(raw):
        raise Problem(Code.MESSAGE_MALFORMED, detail="header length")
    header_bytes = raw[begin : begin + length]
    try:
        header = model.model_validate_json(header_bytes)
    except ValidationError as error:
        raise Problem(Code.MESSAGE_MALFORMED, detail="header") from error
    if header.suite != suite1.SUITE:
        raise Problem(Code.SUITE_UNKNOWN, suite=header.suite)
    sealed = raw[begin + length : -_SIGNATURE]
    return Frame(header, header_bytes, sealed, raw[-_SIGNATURE:])
