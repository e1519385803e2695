"""Killed in the middle of writing or reading a stick: nothing is lost, nothing twice.

The commands of a stick (export, the district's import, import at home) run as
real processes over a real folder and get SIGKILL at a random moment. A file on the
stick is whole or has no name; the next run heals; in the end both sides hold every case
that was saved, once (P1, P3, P4).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services import health
from desk_app.services.desk import Desk
from desk_app.store.keyslots import Keyslots
from sync.district.boot.district import open_district, utc_now
from sync.district.reconcile.filing import reconcile_once
from tests.support.rigs import PASSPHRASE, an_island

ROOT = Path(__file__).parents[2]
ROUNDS = 26
ENVIRONMENT = {
    **os.environ,
    "ISLAND_DESK_PASSPHRASE": PASSPHRASE,
    "ISLAND_DESK_LOGIN": "lin",
}
SEED = 20261125


@pytest.mark.timeout(1200)
def test_p01_p03_p04_kills_in_the_middle_of_a_sticks_journey(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        operator = island.desk.place.operator
    slots = Keyslots(
        tmp_path / "desk" / "keyslots.json", dice=real_hands().random_bytes
    )
    key = slots.unlock("lin", PASSPHRASE).key.hex()

    done = subprocess.run(
        [sys.executable, "-m", "tests.support.stick_kills", str(tmp_path), key,
         operator, str(SEED), str(ROUNDS)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=1000,
        env=ENVIRONMENT,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-3000:]
    witness = json.loads(done.stdout)
    counts = witness["counts"]
    killed = {what: n for what, n in counts.items() if what.startswith("killed")}
    assert len(killed) == 4
    assert sum(killed.values()) >= 60
    assert counts["files whole"]

    desk = Desk(places(tmp_path / "desk"), real_hands())
    desk.unlock("lin", PASSPHRASE)
    district = open_district(tmp_path / "district")
    now = utc_now()
    reconcile_once(district.sealed, district.record, district.keys, now=now)
    filed, total = district.record.list_cases(limit=1000)
    assert {case.number for case in filed} == set(witness["cases"])
    assert total == len(witness["cases"]) == ROUNDS + 1
    assert district.record.journals.quarantined() == ()
    status = desk.sync_status()
    assert (status.waiting, status.refused) == (0, status.refused[:0])
    assert all(desk.case(number).row.synced for number in witness["cases"])
    assert all(check.ok for check in health.verify(desk.place))
    assert district.record.journals.broken() == []
    district.sealed.close()
    district.record.close()
    desk.lock()
