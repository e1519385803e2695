"""JSON texts kept small: a row that fits touches fewer pages, and each is enciphered.

Rule 1: whoever reads gets the very bytes back that were kept.
Rule 2: what is not packed reads as it stands: rows of older rungs stay as they are.
Rule 3: a packed text names its dictionary; none that was ever shipped goes away.
"""

import threading
from functools import cache
from typing import Final

import zstandard

from schemas.problems import Code, Problem
from sync.seal.compressing import KNOWN, dictionary

_MAGIC: Final = b"\x28\xb5\x2f\xfd"  # RFC 8878 section 3.1.1; no JSON begins so
_LEVEL: Final = 3  # 7 µs for a case; the next ones take five times that for 4 %


@cache
def _shipped() -> tuple[zstandard.ZstdCompressionDict, ...]:
    """Return every shipped dictionary, ready for use, the best last."""
    known = tuple(zstandard.ZstdCompressionDict(dictionary(name)) for name in KNOWN)
    known[-1].precompute_compress(level=_LEVEL)
    return known


class _Tools(threading.local):
    """Making one costs more than using it, and two threads must not share it."""

    def __init__(self) -> None:
        known = _shipped()
        self.compressor = zstandard.ZstdCompressor(level=_LEVEL, dict_data=known[-1])
        self.decompressors = {
            each.dict_id(): zstandard.ZstdDecompressor(dict_data=each) for each in known
        }


@cache
def _tools() -> _Tools:
    return _Tools()


def pack(plain: bytes) -> bytes:
    """Return what is to be kept of a text."""
    return _tools().compressor.compress(plain)


def unpack(kept: object) -> bytes:
    """Return a text of a column as it was, packed or not.

    `Problem(VAULT_DAMAGED)` for a frame of no shipped dictionary, or a broken one.
    """
    if not isinstance(kept, bytes):
        return str(kept).encode()
    if not kept.startswith(_MAGIC):
        return kept
    try:
        name = zstandard.get_frame_parameters(kept).dict_id
        return _tools().decompressors[name].decompress(kept)
    except (KeyError, zstandard.ZstdError) as error:
        raise Problem(Code.VAULT_DAMAGED) from error
