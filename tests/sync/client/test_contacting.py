"""A desk greets its district over a real line, and believes only its signature."""

import asyncio
from collections.abc import Iterator

import pytest

from desk_app.services.enrolling import carrier_of
from desk_app.services.syncing import VaultPort, keys_of
from schemas.contact import Contact, ContactAnswer, Verdict
from schemas.feed import FeedPage
from schemas.problems import Code, Problem
from sync.client.carriers import Carrier
from sync.client.contacting import Greeting, greet
from sync.protocol.outcomes import Outcome
from tests.support.rigs import Island, an_island, take_case


@pytest.fixture(scope="module")
def island(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Island]:
    with an_island(tmp_path_factory.mktemp("island")) as made:
        take_case(made.desk, "HY12-01", seed=1)
        assert asyncio.run(made.desk.sync(impatient=True)).released == 1
        yield made


class Between:
    """A carrier that changes what comes back."""

    def __init__(self, carrier: Carrier, changed: dict[str, object]) -> None:
        self._carrier = carrier
        self._changed = changed

    async def contact(self, contact: Contact) -> ContactAnswer | None:
        answer = await self._carrier.contact(contact)
        assert answer is not None
        welcome = answer.welcome.model_copy(update=self._changed)
        return answer.model_copy(update={"welcome": welcome})

    async def upload(self, raw: bytes) -> Outcome:
        return await self._carrier.upload(raw)

    async def feed(self, after: int) -> FeedPage:
        return await self._carrier.feed(after)


def _greet(island: Island, **changed: object) -> Greeting:
    place = island.desk.place

    async def ask() -> Greeting:
        carrier = carrier_of(place)
        try:
            between = Between(carrier, changed)
            return await greet(
                VaultPort(place), between, keys_of(place), now=place.hands.now
            )
        finally:
            await carrier.close()

    return asyncio.run(ask())


def test_a_welcome_says_what_is_held(island: Island) -> None:
    greeting = _greet(island)

    assert greeting.verdict is Verdict.AGREED
    assert greeting.welcome is not None
    assert greeting.welcome.held is not None
    assert greeting.welcome.held.sequence == 1
    assert greeting.welcome.log_position == 1


@pytest.mark.parametrize(
    "changed",
    [{"feed_head": 7}, {"newest_epoch": 2}, {"counter": 1}, {"nonce": "f" * 32}],
)
def test_p06_a_changed_welcome_is_not_believed(
    island: Island, changed: dict[str, object]
) -> None:
    with pytest.raises(Problem) as refused:
        _greet(island, **changed)
    assert refused.value.code is Code.SIGNATURE_INVALID


def test_p08_an_older_counter_is_noticed(island: Island) -> None:
    """What a restored copy would say: a counter that was used, another nonce."""
    place = island.desk.place
    carrier = carrier_of(place)
    port = VaultPort(place)

    async def ask() -> tuple[Verdict, Verdict]:
        try:
            first = port.next_contact()
            again = first.model_copy(update={"nonce": "e" * 32})
            one, two = await carrier.contact(first), await carrier.contact(again)
        finally:
            await carrier.close()
        assert one is not None
        assert two is not None
        return one.welcome.verdict, two.welcome.verdict

    assert asyncio.run(ask()) == (Verdict.AGREED, Verdict.DESK_BEHIND)
