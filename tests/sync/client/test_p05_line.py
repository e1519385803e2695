"""The progress guarantee on real sockets: a real desk, a real district, a cut line."""

import asyncio
import random
from pathlib import Path

import pytest

from bench.badline import Line
from desk_app.services.enrolling import carrier_of
from desk_app.services.syncing import VaultPort
from desk_app.store import settings
from schemas.problems import Code
from sync.client.tus import Parcel
from sync.client.uploading import deliver
from sync.protocol.outcomes import Outcome, Refused
from sync.protocol.pacing import Pace
from tests.support.lines import over, talk, talk_until_sent
from tests.support.rigs import PASSPHRASE, Island, an_island, take_case

# Bytes: what a cut may cost besides what the line did carry, handshake included.
PER_CUT = 7 * 1024
SLACK = 0.15
# One conversation: greeting and welcome, and what each batch needs besides its bytes.
PER_TALK = 9 * 1024
PER_BATCH = 2 * 1024


def _sealed_bytes(island: Island) -> tuple[int, int]:
    batches = island.district.sealed.unopened()
    return sum(len(each.raw) for each in batches), len(batches)


def _take(island: Island, count: int) -> None:
    for seed in range(count):
        take_case(island.desk, "HY01-01", seed=seed)


@pytest.mark.parametrize("how", ["reset", "close"])
def test_p05_4_kib_between_cuts_are_enough(tmp_path: Path, how: str) -> None:
    """Every 4 KiB, both ways and handshakes together, the line is cut: it ends."""
    assert how in {"reset", "close"}
    line = Line(cut_bytes=(4096, 4096), how="reset" if how == "reset" else "close")
    with an_island(tmp_path) as island:
        _take(island, 24)
        with over(island, line) as proxy:
            steps = talk_until_sent(island.desk)
            carried = proxy.carried

        size, batches = _sealed_bytes(island)
        assert (
            sum(b.last - b.first + 1 for b in island.district.sealed.unopened()) == 24
        )
        assert carried.cuts >= 3
        bound = (
            (1 + SLACK) * size
            + PER_CUT * carried.cuts
            + PER_TALK * steps
            + PER_BATCH * batches
        )
        assert carried.arrived <= bound


def test_p05_it_ends_through_restarts_of_both_sides(tmp_path: Path) -> None:
    """The desk is locked and opened again between its tries; the pace is remembered."""
    with an_island(tmp_path) as island:
        _take(island, 16)
        with over(island, Line(cut_bytes=(4096, 5000))) as proxy:
            paces = set()
            for _ in range(60):
                talk(island.desk)
                with island.desk.place.vault.read() as tx:
                    paces.add(Pace.from_text(settings.get(tx, "line_pace")))
                if not island.desk.sync_status().waiting:
                    break
                island.desk.lock()
                island.desk.unlock("lin", PASSPHRASE)
            assert island.desk.sync_status().waiting == 0
            assert proxy.carried.cuts > 0
        assert any(pace.carried is not None for pace in paces)


def test_p05_a_cut_costs_only_what_was_in_flight(tmp_path: Path) -> None:
    """Cut every 30–90 KB: a tenth more than its size at most, and once at intake."""
    # Nothing that a district keeps, so it says so; but only once it has all of it.
    parcel = Parcel("ab" * 32, random.Random(1).randbytes(600_000))
    with an_island(tmp_path) as island:
        port = VaultPort(island.desk.place)

        async def carry() -> Outcome:
            carrier = carrier_of(island.desk.place)
            try:
                return await deliver(port, carrier, parcel, fresh=True)
            finally:
                await carrier.close()

        with over(island, Line(cut_bytes=(30_000, 90_000))) as proxy:
            assert asyncio.run(carry()) == Refused(Code.MESSAGE_MALFORMED)
            assert proxy.carried.cuts >= 6
            assert proxy.carried.arrived <= 1.1 * len(parcel.raw)


def test_a_small_batch_is_one_connection_and_few_bytes(tmp_path: Path) -> None:
    """Greeting, batch, receipt: what surrounds one case stays under 8 KB in all."""
    with an_island(tmp_path) as island:
        _take(island, 1)
        with over(island, Line()) as proxy:
            assert talk_until_sent(island.desk) == 1
            assert proxy.carried.connections == 1
            assert proxy.carried.arrived < 8 * 1024


def test_p05_cut_at_every_kilobyte_of_one_conversation_nothing_is_lost(
    tmp_path: Path,
) -> None:
    """Once, after so many bytes: the next step brings it home, once (P4)."""
    with an_island(tmp_path) as island:
        for count, at in enumerate(range(200, 8000, 600), start=1):
            take_case(island.desk, "HY12-01", seed=count)
            with over(island, Line(cut_bytes=(at, at))) as proxy:
                talk(island.desk)
                proxy.line = Line()
                talk_until_sent(island.desk)
            kept = [
                sequence
                for batch in island.district.sealed.unopened()
                for sequence in range(batch.first, batch.last + 1)
            ]
            assert sorted(kept) == list(range(1, count + 1))
