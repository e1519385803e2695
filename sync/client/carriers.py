"""What a carrier can do, whatever it is made of: HTTPS, a folder on a stick."""

from typing import Protocol

from schemas.contact import Contact, ContactAnswer
from schemas.encoding import JsonObject
from schemas.feed import FeedPage
from sync.client.tus import Carried, Parcel
from sync.protocol.outcomes import Outcome
from sync.protocol.pacing import Pace


class Carrier(Protocol):
    """Delivers sealed bytes and brings back what the district says."""

    async def contact(self, contact: Contact) -> ContactAnswer | None:
        """Greet; None from a district that does not know greetings yet (0.1)."""

    async def upload(self, raw: bytes) -> Outcome:
        """Deliver one batch; every way this can end is an `Outcome`."""

    async def push(self, parcel: Parcel, pace: Pace, *, resume: bool) -> Carried:
        """Try once to deliver sealed bytes, from where an earlier try came to."""

    async def held_pieces(self, names: tuple[str, ...]) -> tuple[JsonObject, ...]:
        """Return the receipts of those pieces of scans that the district has."""

    async def feed(self, after: int, most: int | None = None) -> FeedPage:
        """Return the messages after a cursor, at most so many, or raise `Problem`."""
