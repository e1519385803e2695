"""What intake signs once it has kept a batch for good.

The signature is over the label `island-desk/receipt/1` and the RFC 8785 bytes of
the receipt without its `signature`. A receipt is the only thing that releases a
batch (P6): never a status code.
"""

from schemas.base import Base64, Digest, Kept, KeyId, Ordinal, UtcTime
from schemas.ids import DeviceId


class Receipt(Kept):
    """Signed: these bytes of this device are kept, at this place of the log."""

    suite: Ordinal
    receipt_key: KeyId
    device: DeviceId
    epoch: Ordinal
    first: Ordinal
    last: Ordinal
    chain_after: Digest
    batch_digest: Digest
    log_position: Ordinal
    received_at: UtcTime
    signature: Base64
