"""Opening batches and scans: only where the opening key is. No desk imports this."""

import json

from schemas.problems import Code, Problem
from sync.seal.batches import ReadBatch, context_of
from sync.seal.chunks import ReadChunk, chunk_context
from sync.seal.compressing import Earlier, decompress
from sync.seal.keys import SealingKey


def open_batch(
    batch: ReadBatch, key: SealingKey, *, earlier: Earlier | None = None
) -> tuple[bytes, ...]:
    """Return the entries' bytes of a batch whose signature was verified.

    `earlier` looks up the filed entries that the batch was compressed against.
    `Problem(KEY_MISSING)` when it was sealed to another key, `Problem(SEAL_BROKEN)`
    when it does not open or its sizes are not those that were signed,
    `Problem(DICTIONARY_UNKNOWN)` and `Problem(CONTEXT_MISSING)` when it must wait.
    """
    header = batch.header
    if header.sealing_key != key.key_id:
        raise Problem(Code.KEY_MISSING, key=header.sealing_key)
    context = context_of(json.loads(batch.header_bytes))
    plain = decompress(
        key.unseal(batch.sealed, context=context),
        plain_size=header.plain_size,
        name=header.dictionary,
        earlier=earlier,
    )
    entries = tuple(plain.split(b"\n"))
    if len(entries) != header.entries:
        raise Problem(Code.SEAL_BROKEN)
    return entries


def open_chunk(chunk: ReadChunk, key: SealingKey) -> bytes:
    """Return the bytes of a piece whose signature was verified; problems as above."""
    if chunk.header.sealing_key != key.key_id:
        raise Problem(Code.KEY_MISSING, key=chunk.header.sealing_key)
    plain = key.unseal(chunk.sealed, context=chunk_context(chunk))
    if len(plain) != chunk.header.plain_size:
        raise Problem(Code.SEAL_BROKEN)
    return plain
