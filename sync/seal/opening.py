"""Opening batches: only where the district's opening key is. No desk imports this."""

import json

import zstandard

from schemas.problems import Code, Problem
from sync.seal.batches import ReadBatch, context_of
from sync.seal.keys import SealingKey


def open_batch(batch: ReadBatch, key: SealingKey) -> tuple[bytes, ...]:
    """Return the entries' bytes of a batch whose signature was verified.

    `Problem(KEY_MISSING)` when it was sealed to another key, `Problem(SEAL_BROKEN)`
    when it does not open or its sizes are not those that were signed.
    """
    header = batch.header
    if header.sealing_key != key.key_id:
        raise Problem(Code.KEY_MISSING, key=header.sealing_key)
    context = context_of(json.loads(batch.header_bytes))
    compressed = key.unseal(batch.sealed, context=context)
    try:
        # The signed size bounds the output, so that a bomb cannot fill the memory.
        if zstandard.frame_content_size(compressed) != header.plain_size:
            raise Problem(Code.SEAL_BROKEN)
        plain = zstandard.ZstdDecompressor().decompress(
            compressed, max_output_size=header.plain_size
        )
    except zstandard.ZstdError as error:
        raise Problem(Code.SEAL_BROKEN) from error
    entries = tuple(plain.split(b"\n"))
    if len(plain) != header.plain_size or len(entries) != header.entries:
        raise Problem(Code.SEAL_BROKEN)
    return entries
