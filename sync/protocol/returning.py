"""Entries on their way back to a desk: packed into messages of a bounded size."""

from collections.abc import Iterable, Iterator
from typing import Final

import zstandard

from schemas.encoding import base64_bytes, base64_text
from schemas.healing import EntriesReturned
from schemas.problems import Code, Problem

# Bytes before packing: a message that a poor line breaks over is asked for again whole.
_PIECE: Final = 48 * 2**10
_LARGEST: Final = 16 * 2**20
_LEVEL: Final = 19


def pack(entries: Iterable[bytes], *, since: int) -> Iterator[EntriesReturned]:
    """Return the messages that bring these entries back; the last one is final."""
    piece: list[bytes] = []
    size = 0
    for entry in entries:
        if piece and size + len(entry) > _PIECE:
            yield _message(piece, since=since, final=False)
            piece, size = [], 0
        piece.append(entry)
        size += len(entry)
    yield _message(piece, since=since, final=True)


def _message(piece: list[bytes], *, since: int, final: bool) -> EntriesReturned:
    plain = b"\n".join(piece)
    packed = zstandard.ZstdCompressor(level=_LEVEL).compress(plain) if piece else b""
    return EntriesReturned(
        since=since, packed=base64_text(packed), plain_size=len(plain), final=final
    )


def unpack(message: EntriesReturned) -> tuple[bytes, ...]:
    """Return the entries of a message; `Problem(RETURNED_ENTRY_FALSE)`."""
    if not message.packed:
        return ()
    if message.plain_size > _LARGEST:
        raise Problem(Code.RETURNED_ENTRY_FALSE)
    try:
        packed = base64_bytes(message.packed)
        # The library gives a frame the room that the frame itself asks for.
        if zstandard.frame_content_size(packed) != message.plain_size:
            raise Problem(Code.RETURNED_ENTRY_FALSE)
        plain = zstandard.ZstdDecompressor().decompress(packed)
    except (zstandard.ZstdError, ValueError) as error:
        raise Problem(Code.RETURNED_ENTRY_FALSE) from error
    if len(plain) != message.plain_size:
        raise Problem(Code.RETURNED_ENTRY_FALSE)
    return tuple(plain.split(b"\n"))
