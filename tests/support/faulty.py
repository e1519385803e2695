"""A real carrier over a line that first does what a test says."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from desk_app.services.enrolling import carrier_of
from schemas.contact import Contact, ContactAnswer
from schemas.encoding import JsonObject
from schemas.feed import FeedPage
from schemas.problems import Problem
from sync.client.carriers import Carrier
from sync.client.tus import Carried, Parcel
from sync.protocol.outcomes import Outcome
from sync.protocol.pacing import Pace
from tests.support.rigs import Island

Fault = Carried | Outcome | Problem | Callable[[Parcel], Outcome]


@dataclass
class Faulty:
    """Each push meets the next fault, until there are none; then the real line."""

    real: Carrier
    faults: list[Fault] = field(default_factory=list)
    pushed: list[Parcel] = field(default_factory=list)
    greeting: Problem | None = None

    async def contact(self, contact: Contact) -> ContactAnswer | None:
        if self.greeting is not None:
            raise self.greeting
        return await self.real.contact(contact)

    async def upload(self, raw: bytes) -> Outcome:
        return await self.real.upload(raw)

    async def push(self, parcel: Parcel, pace: Pace, *, resume: bool) -> Carried:
        self.pushed.append(parcel)
        if not self.faults:
            return await self.real.push(parcel, pace, resume=resume)
        fault = self.faults.pop(0)
        if isinstance(fault, Problem):
            raise fault
        if isinstance(fault, Carried):
            return fault
        return Carried(fault(parcel) if callable(fault) else fault)

    async def held_pieces(self, names: tuple[str, ...]) -> tuple[JsonObject, ...]:
        return await self.real.held_pieces(names)

    async def feed(self, after: int, most: int | None = None) -> FeedPage:
        return await self.real.feed(after, most)


@asynccontextmanager
async def a_line(island: Island, *faults: Fault) -> AsyncIterator[Faulty]:
    """The island's own line, with these faults first."""
    carrier = carrier_of(island.desk.place)
    try:
        yield Faulty(carrier, list(faults))
    finally:
        await carrier.close()
