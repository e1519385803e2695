"""What a desk needs to speak with its district: its own keys, and the pinned ones."""

from dataclasses import dataclass

from sync.seal.keys import SealingKey, SigningKey


@dataclass(frozen=True)
class Keys:
    """Own key pairs, and the district's public halves (raw bytes)."""

    device: str
    signing: SigningKey
    sealing: SealingKey
    district_sealing: bytes
    district_receipts: bytes
    district_answers: bytes
