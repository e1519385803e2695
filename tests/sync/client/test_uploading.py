"""Sending: the same bytes until a receipt that proves itself; nothing else ends it."""

import dataclasses
from datetime import UTC, datetime

import pytest

from desk_app.services.syncing import VaultPort, keys_of
from schemas.problems import Code
from sync.client.tus import Carried, Parcel
from sync.client.uploading import Broken, deliver, seal_ahead, send_batches
from sync.protocol.outcomes import Busy, Kept, NotOurs, Outcome, Refused
from sync.protocol.pacing import MOST_IDLE
from sync.seal.batches import read_batch
from sync.seal.keys import SigningKey
from sync.seal.receipts import Filed, sign_receipt
from tests.support.faulty import a_line
from tests.support.rigs import Island, take_case

NOT_OURS = NotOurs(Code.ANSWER_NOT_OURS)
LINE_DOWN = NotOurs(Code.LINE_DOWN)


def now() -> datetime:
    return datetime.now(UTC)


def waits(island: Island) -> int:
    return island.desk.sync_status().waiting


async def send(island: Island, *faults: object) -> tuple[int, list[Parcel]]:
    """Send all that waits; returns how many were released, and what was pushed."""
    place = island.desk.place
    async with a_line(island, *faults) as line:  # type: ignore[arg-type]
        sent = await send_batches(VaultPort(place), line, keys_of(place), now=now)
    return sent.released, line.pushed


def signed_by(key: SigningKey) -> object:
    def answer(parcel: Parcel) -> Outcome:
        read = read_batch(parcel.raw)
        return Kept(sign_receipt(read.header, Filed(read.digest, 1, now()), key))

    return answer


@pytest.fixture
async def waiting(island: Island) -> Island:
    """Nothing waits but one new case."""
    await send(island)
    take_case(island.desk, "HY12-01", seed=len(island.district.sealed.unopened()))
    assert waits(island) == 1
    return island


async def test_p06_what_waits_goes_and_is_let_go_by_its_receipt(
    waiting: Island,
) -> None:
    released, pushed = await send(waiting)
    assert (released, len(pushed), waits(waiting)) == (1, 1, 0)
    assert (await send(waiting))[0] == 0, "what is released does not go again"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (NOT_OURS, Code.ANSWER_NOT_OURS),
        (Kept({}), Code.ANSWER_NOT_OURS),
        (Kept({"signature": "yes"}), Code.ANSWER_NOT_OURS),
        (signed_by(SigningKey(bytes(32))), Code.SIGNATURE_INVALID),
    ],
    ids=["portal", "empty", "no receipt", "strange key"],
)
async def test_p06_what_does_not_prove_itself_releases_nothing(
    waiting: Island, answer: object, code: Code
) -> None:
    with pytest.raises(Broken) as broken:
        await send(waiting, *[answer] * (MOST_IDLE + 1))
    assert (broken.value.released, broken.value.problem.code) == (0, code)
    assert waits(waiting) == 1
    _, first = await send(waiting)
    assert first
    assert waits(waiting) == 0


async def test_p06_a_genuine_receipt_for_other_bytes_releases_nothing(
    waiting: Island,
) -> None:
    place = waiting.desk.place
    async with a_line(waiting) as line:
        await send_batches(VaultPort(place), line, keys_of(place), now=now)
        (parcel,) = line.pushed
        again = await line.real.push(parcel, VaultPort(place).pace(), resume=True)
    assert isinstance(again.outcome, Kept)
    take_case(waiting.desk, "HY12-01", seed=77)
    with pytest.raises(Broken) as broken:
        await send(waiting, again.outcome)
    assert broken.value.problem.code is Code.ANSWER_NOT_OURS
    assert waits(waiting) == 1


async def test_p04_the_same_bytes_go_again_until_they_are_receipted(
    waiting: Island,
) -> None:
    with pytest.raises(Broken):
        await send(waiting, *[LINE_DOWN] * (MOST_IDLE + 1))
    _, pushed = await send(waiting, LINE_DOWN)
    assert len({parcel.digest for parcel in pushed}) == 1
    assert len(pushed) == 2


async def test_a_district_that_is_busy_is_left_alone_and_nothing_is_lost(
    waiting: Island,
) -> None:
    place = waiting.desk.place
    async with a_line(waiting, Busy(90)) as line:
        sent = await send_batches(VaultPort(place), line, keys_of(place), now=now)
    assert (sent.released, sent.wait_s) == (0, 90)
    assert waits(waiting) == 1


@pytest.mark.parametrize(
    "code",
    [Code.DEVICE_UNKNOWN, Code.DEVICE_REVOKED, Code.DEVICE_CLONED, Code.SUITE_UNKNOWN,
     Code.DEVICE_KEY_RETIRED],
)  # fmt: skip
async def test_p03_a_refusal_of_the_desk_is_no_fault_of_the_batch(
    waiting: Island, code: Code
) -> None:
    with pytest.raises(Broken) as broken:
        await send(waiting, Refused(code))
    assert broken.value.problem.code is code
    status = waiting.desk.sync_status()
    assert (status.waiting, status.quarantined) == (1, 0)


async def test_p05_each_try_that_gains_is_followed_by_another(waiting: Island) -> None:
    port, parcel = VaultPort(waiting.desk.place), Parcel("ab" * 32, bytes(90_000))
    gains = [Carried(LINE_DOWN, told=(n * 8192,)) for n in range(1, 9)]
    async with a_line(waiting, *gains, Refused(Code.BATCH_OVERLAPS)) as line:
        outcome = await deliver(port, line, parcel, fresh=True)
    assert outcome == Refused(Code.BATCH_OVERLAPS)
    assert len(line.pushed) == 9


async def test_p05_a_line_that_gains_nothing_is_left_alone(waiting: Island) -> None:
    port, parcel = VaultPort(waiting.desk.place), Parcel("ab" * 32, bytes(90_000))
    async with a_line(waiting, *[LINE_DOWN] * 50) as line:
        assert await deliver(port, line, parcel, fresh=True) == LINE_DOWN
    assert len(line.pushed) == MOST_IDLE
    stranger = NotOurs(Code.DISTRICT_NOT_TRUSTED)
    async with a_line(waiting, *[stranger] * 50) as line:
        assert await deliver(port, line, parcel, fresh=True) == stranger
    assert len(line.pushed) == 1, "another authority does not become ours by asking"


async def test_what_was_sealed_ahead_goes_unless_something_came_between(
    waiting: Island,
) -> None:
    place = waiting.desk.place
    port, keys = VaultPort(place), keys_of(place)
    ahead = await seal_ahead(port, keys, now=now())
    assert ahead is not None
    assert waits(waiting) == 1, "nothing is written down yet"
    take_case(waiting.desk, "HY12-01", seed=88)
    async with a_line(waiting) as line:
        await send_batches(port, line, keys, now=now, ahead=ahead)
    assert ahead.made.digest not in {parcel.digest for parcel in line.pushed}
    assert await seal_ahead(port, keys, now=now()) is None, "nothing waits"

    take_case(waiting.desk, "HY12-01", seed=89)
    ahead = await seal_ahead(port, keys, now=now())
    assert ahead is not None
    other = dataclasses.replace(keys, signing=SigningKey(bytes(32)))
    assert dataclasses.replace(ahead, keys=other) != ahead
    async with a_line(waiting) as line:
        await send_batches(port, line, keys, now=now, ahead=ahead)
    assert [parcel.digest for parcel in line.pushed] == [ahead.made.digest]
