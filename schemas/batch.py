"""A run of journal entries, sealed: the header that a blind intake reads.

Wire bytes: `IDB1`, header length (u32 big-endian), header (RFC 8785), sealed
payload, signature. The payload is zstd over the entries' bytes, one a line.
docs/wire-format.md has the exact rules and test vectors.
"""

from schemas.base import Count, Digest, Kept, KeyId, Ordinal, UtcTime
from schemas.ids import DeviceId


class BatchHeader(Kept):
    """What intake may know: who, which range, which keys, how large. Signed.

    `chain_before` and `chain_after` are the chain heads around the range;
    `withheld` says that a stub takes the place of its one entry (schemas.quarantine);
    sizes are in bytes; `dictionary` names the shipped zstd dictionary, if any.
    """

    suite: Ordinal
    device: DeviceId
    signing_key: KeyId
    sealing_key: KeyId
    epoch: Ordinal
    first: Ordinal
    last: Ordinal
    chain_before: Digest
    chain_after: Digest
    entries: Ordinal
    plain_size: Count
    compressed_size: Count
    dictionary: str | None = None
    withheld: bool = False
    made_at: UtcTime
    sealed_size: Count
    sealed_digest: Digest
