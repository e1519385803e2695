"""A backup of a desk's vault: the open header, and the papers to have one opened.

Wire bytes: `IDV1`, header length (u32 big-endian), header (RFC 8785), signature (64),
sealed secret, escrow (may be empty), snapshot. The snapshot is the vault's own
encrypted file; the secret is its key with the key slots, sealed to the recovery key;
the escrow is the same sealed to the district, for who lost the recovery key.
docs/wire-format.md has the exact rules.
"""

from schemas.base import Base64, Count, Digest, Kept, KeyId, Ordinal, UtcTime
from schemas.ids import DeviceId


class BackupHeader(Kept):
    """What anybody may know of a backup: whose, how far, how large. Signed."""

    suite: Ordinal
    device: DeviceId
    desk_name: str
    signing_key: Base64
    recovery_key: KeyId
    escrow_key: KeyId | None = None
    made_at: UtcTime
    epoch: Ordinal
    sequence: Count
    secret_size: Count
    secret_digest: Digest
    escrow_size: Count
    escrow_digest: Digest
    snapshot_size: Count
    snapshot_digest: Digest


class BackupSecret(Kept):
    """What opens a snapshot: the database key and the key-slot file, base64url."""

    key: Base64
    keyslots: Base64


class ReleaseRequest(Kept):
    """A machine without the recovery key asks the district to open the escrow.

    `sealing_key` is fresh, for the answer alone; people compare its fingerprint.
    """

    suite: Ordinal
    header: BackupHeader
    escrow: Base64
    sealing_key: Base64
    asked_at: UtcTime


class Release(Kept):
    """The district's answer: the secret, sealed to the asking machine; signed."""

    suite: Ordinal
    device: DeviceId
    snapshot_digest: Digest
    sealing_key: KeyId
    sealed: Base64
    released_at: UtcTime
    signature: Base64


class PartHeader(Kept):
    """Which part of which backup: `backup` names the whole file by its digest."""

    suite: Ordinal
    device: DeviceId
    signing_key: KeyId
    backup: Digest
    index: Count
    count: Ordinal
    digest: Digest
