"""What travels: bytes and time of a hundred cases, against their practical limit."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import zstandard

from bench.measure import Comparison, in_turns
from desk_app.services.syncing import VaultPort, keys_of
from sync.seal.batches import close_batch
from tests.support.rigs import an_island, take_case

CASES = 100


def run(folder: Path) -> Iterator[Comparison | str]:
    """Measure one batch of a hundred cases."""
    with an_island(folder) as island:
        for seed in range(CASES):
            take_case(island.desk, "HY01-02", seed=seed)
        place = island.desk.place
        pending, keys = VaultPort(place).pending_run(), keys_of(place)
        if pending is None:
            raise LookupError(CASES)
        plain = b"\n".join(pending.entries)
        now = datetime.now(UTC)

        def seal(_: int) -> bytes:
            return close_batch(
                pending, recipient=keys.district_sealing, signing=keys.signing, now=now
            ).raw

        def limit(_: int) -> bytes:
            return zstandard.ZstdCompressor(level=19).compress(plain)

        ours, rival = in_turns(
            (f"compress, seal and sign {len(pending.entries)} cases", seal),
            ("rival: zstd-19 of the same bytes, nothing sealed", limit),
            rounds=10,
        )
        yield Comparison(ours, (rival,))
        sent, least = len(seal(0)), len(limit(0))
        yield (
            f"bytes of {len(pending.entries)} cases: JSON {len(plain):,}, "
            f"zstd-19 {least:,}, our batch {sent:,} "
            f"({sent / least:.3f} × zstd-19, {sent / len(pending.entries):.0f} a case)"
        )
