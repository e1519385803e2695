"""What lies on a stick beside the sealed bytes that also go over the line.

A `Letter` is a request as it would have gone over the line, with its signature (RFC
9421); a `Refusal` is the district's signed no: on a stick no TLS says who wrote it.
"""

from typing import Literal

from schemas.base import Base64, Digest, Kept, KeyId, Ordinal, UtcTime
from schemas.contact import Welcome
from schemas.enrolment import Succession
from schemas.feed import FeedMessage
from schemas.ids import DeviceId


class Letter(Kept):
    """A signed request to the district; field names are lower-case."""

    method: Literal["GET", "POST"]
    path: str
    query: str
    fields: dict[str, str]
    body: Base64


class Refusal(Kept):
    """Signed by the receipt key: this batch is not taken as it is, and why."""

    suite: Ordinal
    receipt_key: KeyId
    device: DeviceId
    batch_digest: Digest
    problem: int
    at: UtcTime
    signature: Base64


class StickFeed(Kept):
    """Messages of a desk's feed, in order; each is signed and sealed by itself."""

    messages: tuple[FeedMessage, ...]


class StickWelcome(Kept):
    """The answer to a greeting that came on a stick: where its district stands.

    `successions` lead from the charter that the desk named to the one in force.
    """

    welcome: Welcome
    successions: tuple[Succession, ...]
