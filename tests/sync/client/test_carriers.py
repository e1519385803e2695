"""What a carrier is: the verbs, and what the one over HTTPS makes of a dead line."""

import asyncio
import inspect
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from desk_app.services.syncing import VaultPort
from schemas.problems import Code, Problem
from sync.client.carriers import Carrier
from sync.client.http import Caller, HttpCarrier
from sync.client.tus import Parcel
from sync.district.config.tls import make_certificates
from sync.protocol.outcomes import NotOurs
from sync.protocol.pacing import Pace
from sync.seal.keys import SigningKey
from tests.support.counter import Counter, a_counter
from tests.support.rigs import free_port

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
LINE = {Code.LINE_DOWN, Code.LINE_TIMED_OUT}
VERBS = [name for name in vars(Carrier) if not name.startswith("_")]


@pytest.mark.parametrize("verb", VERBS)
def test_a_carrier_can_be_asked_for_each_verb_as_the_port_says(verb: str) -> None:
    asked = inspect.signature(getattr(Carrier, verb))
    has = inspect.signature(getattr(HttpCarrier, verb))
    assert inspect.iscoroutinefunction(getattr(HttpCarrier, verb))
    for name, parameter in asked.parameters.items():
        assert has.parameters[name].kind is parameter.kind, name
        assert has.parameters[name].default == parameter.default, name
    more = set(has.parameters) - set(asked.parameters)
    assert all(has.parameters[n].default is not inspect.Parameter.empty for n in more)


def test_a_carrier_has_nothing_that_lets_go_of_anything() -> None:
    """It brings what was said; only the receipt's signature releases (P6)."""
    assert set(VERBS) == {"contact", "upload", "push", "held_pieces", "feed"}


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    with a_counter(tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.fixture(scope="module")
def ca_pem() -> str:
    return make_certificates("Test", ("localhost",), now=NOW).ca


def _to_nobody(ca_pem: str) -> HttpCarrier:
    caller = Caller(SigningKey.generate(), lambda: NOW, lambda: "nonce-nonce")
    return HttpCarrier(f"https://localhost:{free_port()}", ca_pem=ca_pem, caller=caller)


def test_what_is_sent_ends_in_an_outcome_and_never_in_an_error(ca_pem: str) -> None:
    """Sending is tried again as it is: the line's errors must not leak out of it."""
    parcel = Parcel("ab" * 32, b"sealed bytes")

    async def ask(carrier: Carrier) -> None:
        for resume in (False, True):
            carried = await carrier.push(parcel, Pace(), resume=resume)
            assert isinstance(carried.outcome, NotOurs)
            assert carried.outcome.code in LINE
            assert (carried.told, carried.found) == ((), None)
        outcome = await carrier.upload(parcel.raw)
        assert isinstance(outcome, NotOurs)

    async def run() -> None:
        carrier = _to_nobody(ca_pem)
        await ask(carrier)
        await carrier.close()

    asyncio.run(run())


def test_what_is_asked_ends_in_a_numbered_problem(
    counter: Counter, ca_pem: str
) -> None:
    contact = VaultPort(counter.place).next_contact()

    async def run() -> list[Code]:
        carrier: Carrier = _to_nobody(ca_pem)
        codes = []
        for asking in (
            carrier.contact(contact), carrier.feed(0), carrier.held_pieces(("a" * 64,)),
        ):  # fmt: skip
            with pytest.raises(Problem) as refused:
                await asking
            codes.append(refused.value.code)
        return codes

    assert set(asyncio.run(run())) <= LINE
