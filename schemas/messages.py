"""A feed message as it travels: the open header, the sealed body, the signature."""

from schemas.base import Base64, Count, Digest, Kept, KeyId, Ordinal, UtcTime
from schemas.ids import DeviceId


class FeedHeader(Kept):
    """Open part of a feed message; `position` counts from 1 per device."""

    suite: Ordinal
    device: DeviceId
    answers_key: KeyId
    sealing_key: KeyId
    position: Ordinal
    made_at: UtcTime
    sealed_size: Count
    sealed_digest: Digest


class FeedMessage(Kept):
    """One message as it travels; the signature covers the header's bytes."""

    header: FeedHeader
    sealed: Base64
    signature: Base64


class FeedPage(Kept):
    """Messages after a cursor, in order, and the last position there is."""

    messages: tuple[FeedMessage, ...]
    head: Count
