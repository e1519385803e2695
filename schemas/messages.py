"""A feed message as it travels: the open header, the sealed body, the signature."""

from pydantic import Field

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
    previous: Digest | None = Field(default=None, exclude_if=lambda each: each is None)
    """The digest of the message before, so that no feed has two histories.

    Left out where there is none: the header's bytes of version 0.1 stay what they were.
    """


class FeedMessage(Kept):
    """One message as it travels; the signature covers the header's bytes."""

    header: FeedHeader
    sealed: Base64
    signature: Base64


class FeedPage(Kept):
    """Messages after a cursor, in order, and the last position there is."""

    messages: tuple[FeedMessage, ...]
    head: Count
