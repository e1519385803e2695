"""Smaller before it is sealed: zstd, a shipped dictionary, and what is there.

Rule 1: a dictionary that was ever shipped stays, under its name, byte for byte (P10).
Rule 2: what a batch is compressed against is the dictionary's bytes, then those of the
        earlier entries that the payload names; the opener has both. The names of the
        entries are inside the seal: a blind intake learns nothing of them.
Rule 3: without a dictionary the payload is the frame alone, as version 0.1 wrote it.

Payload with a dictionary: the number of ranges, then epoch, first sequence and length
of each, all as unsigned LEB128; then one zstd frame.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import zstandard

from schemas.problems import Code, Problem

KNOWN: Final = ("cases-1",)
"""The shipped dictionaries, the best last."""

# A batch may lean on this much of what was filed before, and on so many places.
LARGEST_CONTEXT: Final = 4 * 2**20
MOST_RANGES: Final = 512
# 19 takes a second a MB; 17 a third of that for a twentieth more bytes, which pays from
# where the line would wait for it. What is larger still is an import, not a day's work.
_LEVELS: Final = ((2**20, 19), (4 * 2**20, 17), (8 * 2**20, 12), (1 << 62, 6))
ENOUGH_OF_ITS_OWN: Final = 768 * 1024
"""From here on a frame has words enough of its own: the dictionary would cost 4 %."""

_MOST_LEB_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class EntryRange:
    """Entries of the same device that the district has filed: a run of an epoch."""

    epoch: int
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Context:
    """What a batch is compressed against; `earlier` are the ranges' bytes, in order."""

    dictionary: str
    ranges: tuple[EntryRange, ...] = ()
    earlier: tuple[bytes, ...] = ()


Earlier = Callable[[EntryRange], Sequence[bytes]]
"""Looks filed entries up; fewer than asked for where they are not there."""


@cache
def dictionary(name: str) -> bytes:
    """Return a shipped dictionary; `Problem(DICTIONARY_UNKNOWN)` for any other name."""
    if name not in KNOWN:
        raise Problem(Code.DICTIONARY_UNKNOWN, name=name)
    return (files("assets") / "dictionaries" / f"{name}.zdict").read_bytes()


def best_of(names: Sequence[str]) -> str | None:
    """Return the best dictionary that both sides have, or None."""
    return next((name for name in reversed(KNOWN) if name in names), None)


def compress(plain: bytes, context: Context | None) -> tuple[bytes, str | None]:
    """Return the payload, and the name of the dictionary that it came to use."""
    if context is None:
        return _frame(plain, b""), None
    shared = dictionary(context.dictionary) + b"".join(context.earlier)
    payload = _written(context.ranges) + _frame(plain, shared)
    return payload, context.dictionary


def decompress(
    payload: bytes, *, plain_size: int, name: str | None, earlier: Earlier | None
) -> bytes:
    """Return what was compressed; the signed size bounds it, so a bomb ends here.

    `Problem(DICTIONARY_UNKNOWN)`, `Problem(CONTEXT_MISSING)` where an entry that it
    leans on is not filed yet, `Problem(SEAL_BROKEN)` for anything malformed.
    """
    if name is None:
        return _unframed(payload, b"", plain_size)
    shared = dictionary(name)
    ranges, frame = _read(payload)
    if ranges:
        shared += _looked_up(ranges, earlier)
    return _unframed(frame, shared, plain_size)


def _looked_up(ranges: tuple[EntryRange, ...], earlier: Earlier | None) -> bytes:
    found: list[bytes] = []
    size = 0
    for each in ranges:
        entries = earlier(each) if earlier is not None else ()
        if len(entries) != each.count:
            raise Problem(Code.CONTEXT_MISSING, epoch=each.epoch, sequence=each.first)
        found += entries
        size += sum(map(len, entries))
        if size > LARGEST_CONTEXT:
            raise Problem(Code.SEAL_BROKEN)
    return b"".join(found)


def _parameters(
    level: int, size: int, shared: int
) -> zstandard.ZstdCompressionParameters:
    # The window must hold both, or the far end of the context is out of reach. The
    # header names the dictionary and carries no checksum: the seal is one.
    return zstandard.ZstdCompressionParameters.from_level(
        level,
        source_size=size + shared,
        dict_size=shared,
        write_content_size=1,
        write_checksum=0,
        write_dict_id=0,
    )


def _frame(plain: bytes, shared: bytes) -> bytes:
    level = next(level for most, level in _LEVELS if len(plain) <= most)
    return zstandard.ZstdCompressor(
        compression_params=_parameters(level, len(plain), len(shared)),
        dict_data=zstandard.ZstdCompressionDict(shared) if shared else None,
    ).compress(plain)


def _unframed(frame: bytes, shared: bytes, plain_size: int) -> bytes:
    try:
        if zstandard.frame_content_size(frame) != plain_size:
            raise Problem(Code.SEAL_BROKEN)
        plain = zstandard.ZstdDecompressor(
            dict_data=zstandard.ZstdCompressionDict(shared) if shared else None
        ).decompress(frame, max_output_size=plain_size)
    except zstandard.ZstdError as error:
        raise Problem(Code.SEAL_BROKEN) from error
    if len(plain) != plain_size:
        raise Problem(Code.SEAL_BROKEN)
    return plain


def _written(ranges: Sequence[EntryRange]) -> bytes:
    numbers = [len(ranges)]
    for each in ranges:
        numbers += (each.epoch, each.first, each.count)
    return b"".join(map(_leb, numbers))


def _leb(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:  # noqa: PLR2004 - seven bits a byte
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _read(payload: bytes) -> tuple[tuple[EntryRange, ...], bytes]:
    at = 0

    def number() -> int:
        nonlocal at
        value = 0
        for shift in range(_MOST_LEB_BYTES):
            if at >= len(payload):
                break
            byte = payload[at]
            at += 1
            value |= (byte & 0x7F) << 7 * shift
            if byte < 0x80:  # noqa: PLR2004 - the last byte of a number
                return value
        raise Problem(Code.SEAL_BROKEN)

    count = number()
    if count > MOST_RANGES:
        raise Problem(Code.SEAL_BROKEN)
    ranges = tuple(EntryRange(number(), number(), number()) for _ in range(count))
    return ranges, payload[at:]
