"""A district that means harm, or lost its mind: every attack in this list is caught.

It holds the district's real keys, so what it says is signed; a false middleman without
them is caught by each signature. The desk is real, and so is everything under it.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from desk_app.services.enrolling import carrier_of
from desk_app.services.syncing import VaultPort, keys_of
from desk_app.services.timing import clock_off
from desk_app.store import incidents
from schemas.case import Granted, Received
from schemas.contact import Contact, ContactAnswer, Verdict, Welcome
from schemas.encoding import JsonObject
from schemas.feed import CaseAnswered
from schemas.messages import FeedMessage, FeedPage
from schemas.problems import Code
from sync.client.engine import StepReport, step
from sync.client.tus import Carried, Parcel
from sync.district.boot.intake import intake_parts
from sync.district.reconcile.answering import answer_case
from sync.district.reconcile.filing import reconcile_once
from sync.protocol.outcomes import Kept
from sync.protocol.pacing import Pace
from sync.seal.documents import RECEIPT, sign_document
from sync.seal.feed import Addressee, close_feed, message_digest
from sync.seal.keys import SigningKey
from sync.seal.welcomes import sign_welcome
from tests.support.rigs import Island, an_island, take_case

Bend = Callable[["Liar", ContactAnswer], ContactAnswer]
BendReceipt = Callable[["Liar", JsonObject], JsonObject]


@dataclass
class Liar:
    """Stands between a desk and its district with the district's own keys."""

    island: Island
    bend: Bend = lambda _, answer: answer
    bend_receipt: BendReceipt = lambda _, receipt: receipt
    receipts: SigningKey = field(init=False)
    number: str = ""

    def __post_init__(self) -> None:
        self.place = self.island.desk.place
        _, parts = intake_parts(self.island.district.places.home)
        self.receipts = parts.receipts
        parts.ledger.close()
        self.carrier = carrier_of(self.place)

    async def contact(self, contact: Contact) -> ContactAnswer | None:
        answer = await self.carrier.contact(contact)
        assert answer is not None
        return self.bend(self, answer)

    async def push(self, parcel: Parcel, pace: Pace, *, resume: bool) -> Carried:
        carried = await self.carrier.push(parcel, pace, resume=resume)
        if isinstance(carried.outcome, Kept):
            bent = Kept(self.bend_receipt(self, carried.outcome.receipt))
            carried = Carried(bent, *list(vars_of(carried))[1:])
        return carried

    async def feed(self, after: int, most: int | None = None) -> FeedPage:
        return await self.carrier.feed(after, most)

    def welcome(self, welcome: Welcome, **fields: object) -> Welcome:
        """The same welcome with other fields, signed as a real one."""
        return sign_welcome(welcome.model_dump(mode="json") | fields, self.receipts)

    def message(
        self, position: int, number: str, *, previous: str | None
    ) -> FeedMessage:
        """A genuine answer that the district never gave."""
        body = CaseAnswered(
            number=number, revision=0, answered_at=self.place.hands.now(),
            answered_by="区审核", answer=Received(official_number="另一说法"),
        )  # fmt: skip
        keys = keys_of(self.place)
        to = Addressee(keys.device, keys.sealing.public, position, previous)
        answers = self.island.district.keys.answers
        return close_feed(body, to, answers=answers, now=self.place.hands.now())

    def talk(self) -> StepReport:
        """Let the desk speak with this district."""

        async def ask() -> StepReport:
            try:
                return await step(
                    VaultPort(self.place), self, keys_of(self.place),
                    now=self.place.hands.now, dice=lambda: 0.5, impatient=True,
                )  # fmt: skip
            finally:
                await self.carrier.close()
                self.carrier = carrier_of(self.place)

        return asyncio.run(ask())

    def told(self) -> set[str]:
        """What the desk's people are told."""
        with self.place.vault.read() as tx:
            found = incidents.listed(tx, unseen_only=False, limit=50)
        return {each.what for each in found}


def vars_of(carried: Carried) -> Iterator[object]:
    for name in Carried.__dataclass_fields__:
        yield getattr(carried, name)


@pytest.fixture
def liar(tmp_path: Path) -> Iterator[Liar]:
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        number = take_case(desk, "HY12-01", seed=1)
        asyncio.run(desk.sync(impatient=True))
        now = desk.place.hands.now()
        reconcile_once(district.sealed, district.record, district.keys, now=now)
        answer_case(
            district.record, number, Received(official_number="示例1"), by="审", now=now
        )
        reconcile_once(district.sealed, district.record, district.keys, now=now)
        asyncio.run(desk.sync(impatient=True))
        made = Liar(island)
        made.number = number
        yield made


def _signed(liar: Liar, receipt: JsonObject, **fields: object) -> JsonObject:
    return sign_document({**receipt, **fields}, liar.receipts, RECEIPT)


RECEIPTS: dict[str, tuple[BendReceipt, Code]] = {
    "a receipt for other bytes": (
        lambda a, r: _signed(a, r, batch_digest="a" * 64), Code.ANSWER_NOT_OURS,
    ),
    "a receipt for more than was sent": (
        lambda a, r: _signed(a, r, last=99), Code.ANSWER_NOT_OURS,
    ),
    "another desk's receipt": (
        lambda a, r: _signed(a, r, device="e" * 32), Code.ANSWER_NOT_OURS,
    ),
    "a receipt of another history": (
        lambda a, r: _signed(a, r, chain_after="b" * 64), Code.ANSWER_NOT_OURS,
    ),
    "a receipt signed by nobody": (
        lambda _, r: {**r, "signature": "A" * 86}, Code.SIGNATURE_INVALID,
    ),
    "a receipt by a key of its own": (
        lambda _, r: sign_document(r, SigningKey.generate(), RECEIPT),
        Code.SIGNATURE_INVALID,
    ),
    "no receipt at all": (lambda _, __: {}, Code.ANSWER_NOT_OURS),
}  # fmt: skip


@pytest.mark.parametrize("attack", RECEIPTS)
def test_p06_nothing_is_released_by(liar: Liar, attack: str) -> None:
    liar.bend_receipt, code = RECEIPTS[attack]
    take_case(liar.island.desk, "HY12-01", seed=2)

    report = liar.talk()

    assert report.problem is code
    assert report.released == 0
    assert liar.island.desk.sync_status().waiting > 0


def _welcomes(**fields: object) -> Bend:
    return lambda a, answer: answer.model_copy(
        update={"welcome": a.welcome(answer.welcome, **fields)}
    )


def _unsigned(_: Liar, answer: ContactAnswer) -> ContactAnswer:
    welcome = answer.welcome.model_copy(update={"log_position": 77})
    return answer.model_copy(update={"welcome": welcome})


GREETINGS: dict[str, tuple[Bend, Code]] = {
    "an old welcome again": (_welcomes(counter=1), Code.ANSWER_NOT_OURS),
    "a welcome with another nonce": (_welcomes(nonce="f" * 32), Code.ANSWER_NOT_OURS),
    "another desk's welcome": (_welcomes(device="e" * 32), Code.ANSWER_NOT_OURS),
    "a changed welcome": (_unsigned, Code.SIGNATURE_INVALID),
    "answers that it announces and withholds": (
        _welcomes(feed_head=99), Code.FEED_GAP,
    ),
    "answers with one left out": (
        lambda a, answer: answer.model_copy(
            update={"messages": (a.message(9, a.number, previous=None),)}
        ), Code.FEED_GAP,
    ),
    "another desk's answers": (
        lambda a, answer: answer.model_copy(
            update={"messages": (_for_another(a),)}
        ), Code.MESSAGE_MALFORMED,
    ),
}  # fmt: skip


def _for_another(liar: Liar) -> FeedMessage:
    message = liar.message(2, liar.number, previous=None)
    header = message.header.model_copy(update={"device": "e" * 32})
    return message.model_copy(update={"header": header})


@pytest.mark.parametrize("attack", GREETINGS)
def test_a_greeting_is_not_believed_with(liar: Liar, attack: str) -> None:
    liar.bend, code = GREETINGS[attack]
    with liar.place.vault.read() as tx:
        before = tx.row("SELECT max(position) FROM feed")

    report = liar.talk()

    assert report.problem is code
    with liar.place.vault.read() as tx:
        assert tx.row("SELECT max(position) FROM feed") == before


def test_p08_a_dropped_batch_is_noticed_and_offered_again(liar: Liar) -> None:
    """It signed for entries and holds them no more: it says so, or its heads do."""
    liar.bend = _welcomes(held=None, newest_epoch=0, log_position=0)

    liar.talk()

    assert "district_behind" in liar.told()
    with liar.place.vault.read() as tx:
        assert tx.row("SELECT count(*) FROM lost_receipts") == (1,)


def test_p08_another_history_of_the_journal_is_noticed(liar: Liar) -> None:
    """It claims to hold other entries at places where the desk has its own."""
    held = {"epoch": 1, "sequence": 1, "chain": "c" * 64}
    liar.bend = _welcomes(held=held)

    report = liar.talk()

    assert report.verdict is Verdict.FORKED
    assert "desk_behind" in liar.told()


def test_p08_two_histories_of_the_feed_are_noticed(liar: Liar) -> None:
    """What is signed is taken, and people are told that it does not follow."""
    place = VaultPort(liar.place).feed_cursor() + 1
    other = liar.message(place - 1, liar.number, previous=None)

    def fork(a: Liar, answer: ContactAnswer) -> ContactAnswer:
        then = a.message(
            place,
            a.number,
            previous=message_digest(other),
        )
        welcome = a.welcome(answer.welcome, feed_head=place)
        return answer.model_copy(update={"welcome": welcome, "messages": (then,)})

    liar.bend = fork

    assert liar.talk().answers == 1
    assert "feed_forked" in liar.told()


def test_an_honest_feed_follows_itself(liar: Liar) -> None:
    desk, district = liar.island.desk, liar.island.district
    now = liar.place.hands.now()
    number: str = liar.number
    granted = Granted(licence_number="(示)证第0001号")
    answer_case(district.record, number, granted, by="审", now=now)
    reconcile_once(district.sealed, district.record, district.keys, now=now)

    assert liar.talk().answers == 1
    assert desk.case(number).row.state == "granted"
    assert liar.told() == set()


@pytest.mark.parametrize("days", [-900, 900])
def test_p09_a_lying_clock_refuses_nothing(liar: Liar, days: int) -> None:
    """A district that dates its words years off cannot stop or edit legal time."""
    liar.bend = lambda a, answer: answer.model_copy(
        update={
            "welcome": a.welcome(
                answer.welcome,
                at=(answer.welcome.at + timedelta(days=days)).strftime(
                    "%Y-%m-%dT%H:%M:%S.000Z"
                ),
            )
        }
    )

    liar.talk()

    assert clock_off(liar.place) is not None
    assert take_case(liar.island.desk, "HY12-01", seed=3)
