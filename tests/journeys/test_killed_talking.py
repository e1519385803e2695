"""Killed and stopped at any moment while they talk: kept once on both sides (P1, P4).

Five hundred times one of three real processes (the clerk's, intake, reconcile) gets
SIGKILL, or SIGSTOP and later SIGCONT, in the middle of what it does; then both sides
come up once more, the talk comes to its end, and they are held against what was said
to be saved.
"""

import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services import health
from desk_app.services.desk import Desk
from desk_app.store.keyslots import Keyslots
from sync.district.boot.district import District, open_district
from sync.district.reconcile.filing import reconcile_once
from sync.district.reconcile.scanning import standing_of
from tests.support.rigs import PASSPHRASE, an_island, serving

ROOT = Path(__file__).parents[2]
ROUNDS = 500
SEED = 20261125
DONE = ("killed", "stopped")
# Names of scans, scans, their proofs and the answers follow one another.
CALM_TALKS = 12


def _talk_to_the_end(desk: Desk, district: District) -> None:
    """Talk on a whole line until nobody has anything to say."""
    for _ in range(CALM_TALKS):
        said = asyncio.run(desk.sync(impatient=True))
        assert said.problem is None
        done = reconcile_once(
            district.sealed, district.record, district.keys, now=datetime.now(UTC)
        )
        assert (done.waiting, done.set_aside) == ((), 0)
        if not (said.released or said.answers or said.pieces or done.filed):
            return
    pytest.fail("the talk does not come to its end")


@pytest.mark.timeout(1200)
def test_p01_p04_five_hundred_kills_and_stops_of_desk_and_district(
    tmp_path: Path,
) -> None:
    with an_island(tmp_path) as island:
        operator = island.desk.place.operator
        port = int(island.url.rpartition(":")[2])
    desk = Desk(places(tmp_path / "desk"), real_hands())
    slots = Keyslots(
        tmp_path / "desk" / "keyslots.json", dice=real_hands().random_bytes
    )
    key = slots.unlock("lin", PASSPHRASE).key.hex()

    done = subprocess.run(
        [sys.executable, "-m", "tests.support.kills", str(tmp_path), key, operator,
         str(port), str(SEED), str(ROUNDS)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=1000,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-3000:]
    assert "Traceback" not in done.stderr, done.stderr[-3000:]
    witness = json.loads(done.stdout)
    counts = witness["counts"]
    acted = {what: n for what, n in counts.items() if what.startswith(DONE)}
    assert sum(acted.values()) == ROUNDS
    assert len(acted) == 6
    assert not counts.get("set_aside")
    assert len(witness["cases"]) > ROUNDS / 10, "they got somewhere between the kills"
    assert counts["released"], "and something arrived"

    desk.unlock("lin", PASSPHRASE)
    district = open_district(tmp_path / "district")
    with serving(tmp_path / "district", port):
        _talk_to_the_end(desk, district)
    _judge(desk, district, witness["cases"], witness["scans"])
    district.sealed.close()
    district.record.close()
    desk.lock()


def _judge(
    desk: Desk, district: District, said: dict[str, str], scanned: list[str]
) -> None:
    with desk.place.vault.read() as tx:
        rows = tx.rows("SELECT number, received_at, state FROM cases")
    shown = {str(row[0]): (str(row[1]), str(row[2])) for row in rows}
    cases, total = district.record.list_cases(limit=1_000_000)
    filed = {case.number: (case.received_at, str(case.state)) for case in cases}
    assert len(shown) == len(rows)
    assert len(filed) == total
    assert len({at for at, _ in filed.values()}) == total, "one case, filed twice"

    # The last case may have been saved and the word of it lost; none the other way.
    assert {number: shown[number][0] for number in said} == said
    assert filed == shown
    assert desk.sync_status().waiting == 0
    assert not desk.sync_status().refused
    for number in scanned:
        there = standing_of(district.sealed, district.record, number)
        assert there
        assert all(scan.held for scan in there)

    assert district.record.journals.quarantined() == ()
    assert district.record.journals.broken() == []
    checks = health.verify(desk.place)
    assert all(check.ok for check in checks), checks
