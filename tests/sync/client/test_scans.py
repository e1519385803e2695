"""Sending scans: after all entries, each piece until its own receipt."""

import asyncio
import random
from datetime import UTC, datetime
from io import BytesIO
from itertools import count

import pytest
from PIL import Image

from desk_app.services import attaching
from desk_app.services.syncing import VaultPort, keys_of
from schemas.problems import Code, Problem
from sync.client.scans import ScansSent, send_scans
from sync.client.tus import Parcel
from sync.client.uploading import send_batches
from sync.district.reconcile.filing import reconcile_once
from sync.protocol.outcomes import Busy, Kept, Outcome, Refused
from sync.seal.chunks import read_chunk, sign_chunk_receipt
from sync.seal.keys import SigningKey
from tests.support.faulty import Faulty, a_line
from tests.support.rigs import Island, take_case

SEEDS = count(1)


def now() -> datetime:
    return datetime.now(UTC)


def photograph(seed: int) -> bytes:
    out = BytesIO()
    dots = random.Random(seed).randbytes(60 * 60 * 3)
    Image.frombytes("RGB", (60, 60), dots).save(out, "JPEG", quality=80)
    return out.getvalue()


def talk(island: Island) -> None:
    assert asyncio.run(island.desk.sync(impatient=True)).problem is None
    district = island.district
    reconcile_once(district.sealed, district.record, district.keys, now=now())


@pytest.fixture(scope="module")
def named(the_island: Island) -> Island:
    """A desk that has the naming key: its first list has been answered."""
    the_island.desk.unlock("lin", "correct horse battery staple")
    number = take_case(the_island.desk, "HY01-02", seed=60)
    attaching.attach(
        the_island.desk.place, number, "id_card", name="0.jpg", raw=photograph(0)
    )
    for _ in range(3):
        talk(the_island)
    return the_island


@pytest.fixture
def waiting(named: Island, island: Island) -> Island:
    """One new scan waits, its case is at the district, and no entry waits."""
    del named
    number = take_case(island.desk, "HY01-02", seed=61)
    attaching.attach(
        island.desk.place, number, "id_card", name="1.jpg", raw=photograph(next(SEEDS))
    )
    return island


async def entries_gone(island: Island) -> None:
    place = island.desk.place
    async with a_line(island) as line:
        await send_batches(VaultPort(place), line, keys_of(place), now=now)


async def send(island: Island, *faults: object) -> tuple[ScansSent, Faulty]:
    await entries_gone(island)
    place = island.desk.place
    async with a_line(island, *faults) as line:  # type: ignore[arg-type]
        return await send_scans(VaultPort(place), line, keys_of(place), now=now), line


def left(island: Island) -> int:
    return island.desk.sync_status().scans_waiting


def by(key: SigningKey, *, name: str | None = None) -> object:
    def answer(parcel: Parcel) -> Outcome:
        header = read_chunk(parcel.raw).header
        if name is not None:
            header = header.model_copy(update={"chunk": name})
        return Kept(sign_chunk_receipt(header, key, received_at=now()))

    return answer


async def test_p06_a_piece_goes_until_its_own_receipt_lets_it_go(
    waiting: Island,
) -> None:
    sent, line = await send(waiting)
    assert sent.pieces == len(line.pushed) >= 1
    assert left(waiting) == 0
    again, line = await send(waiting)
    assert (again.pieces, line.pushed) == (0, [])


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (by(SigningKey(bytes(32))), Code.SIGNATURE_INVALID),
        (Kept({}), Code.SIGNATURE_INVALID),
    ],
    ids=["strange key", "empty"],
)
async def test_p06_what_does_not_prove_itself_lets_go_of_nothing(
    waiting: Island, answer: object, code: Code
) -> None:
    with pytest.raises(Problem) as refused:
        await send(waiting, answer)
    assert refused.value.code is code
    assert left(waiting) >= 1
    sent, _ = await send(waiting)
    assert sent.pieces >= 1


async def test_p04_the_same_sealed_bytes_go_again(waiting: Island) -> None:
    busy, first = await send(waiting, Busy(30))
    assert (busy.pieces, busy.wait_s) == (0, 30)
    _, second = await send(waiting)
    assert first.pushed[0].raw == second.pushed[0].raw


async def test_an_entry_that_waits_goes_before_any_scan(waiting: Island) -> None:
    await entries_gone(waiting)
    take_case(waiting.desk, "HY12-01", seed=62)
    place = waiting.desk.place
    async with a_line(waiting) as line:
        sent = await send_scans(VaultPort(place), line, keys_of(place), now=now)
    assert (sent.gave_way, sent.pieces, line.pushed) == (True, 0, [])
    assert left(waiting) >= 1


async def test_a_refusal_of_the_desk_stops_and_one_of_a_piece_does_not(
    waiting: Island,
) -> None:
    with pytest.raises(Problem) as refused:
        await send(waiting, Refused(Code.DEVICE_REVOKED))
    assert refused.value.code is Code.DEVICE_REVOKED
    assert left(waiting) >= 1
    # Once more, sealed anew: the keys may have changed meanwhile.
    sent, line = await send(waiting, Refused(Code.SIGNATURE_INVALID))
    assert sent.pieces >= 1
    assert line.pushed[0].raw != line.pushed[1].raw


async def test_p04_what_another_case_brought_is_not_sent_again(
    waiting: Island,
) -> None:
    await send(waiting)
    number = take_case(waiting.desk, "HY01-02", seed=63)
    raw = photograph(0)
    attaching.attach(waiting.desk.place, number, "id_card", name="9.jpg", raw=raw)
    sent, line = await send(waiting)
    assert (sent.pieces, line.pushed) in ((1, []), (0, []))
    assert left(waiting) == 0
