"""The system's own write and sync calls fail in turn: what was saved stays saved.

A real process takes a case and seals a batch over a real vault while the kernel is made
to answer EIO to its n-th call of one kind, for n = 1, 2, 3 … until the way has no more.
Each n is a child of one traced parent: it makes some idle calls of that kind first, so
that the one call that the tracer fails is the n-th of the way.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services import health
from desk_app.services.desk import Desk
from desk_app.store.keyslots import Keyslots
from tests.support.rigs import PASSPHRASE, an_island, finished

ROOT = Path(__file__).parents[2]
FAILED_CALL = 400
# A way has fewer calls of any kind than this; the test says if it grows beyond.
DRAFTS = 160

CLERK = """
import json, os, sys
from pathlib import Path
from desk_app.boot.hands import real_hands
from desk_app.services.hands import Workplace
from desk_app.services.receiving import When, receive_case
from desk_app.services.syncing import VaultPort, keys_of
from desk_app.store.vault import Vault
from schemas.problems import Problem
from sync.seal.batches import close_batch

home, key, operator, call, failed_call = sys.argv[1:6]
idle_file = os.open(Path(home).parent / "idle", os.O_RDWR | os.O_CREAT)
idle = {
    "pwrite64": lambda: os.pwrite(idle_file, b"x", 0),
    "fsync": lambda: os.fsync(idle_file),
    "fdatasync": lambda: os.fdatasync(idle_file),
    "ftruncate": lambda: os.ftruncate(idle_file, 1),
}[call]
say = lambda **said: os.write(1, json.dumps(said).encode() + b"\\n")

def work(draft):
    vault = Vault(Path(home) / "vault.db", bytes.fromhex(key))
    place = Workplace(vault, real_hands(), operator, "A", "supervisor")
    say(case=receive_case(place, draft, When()))
    port, keys = VaultPort(place), keys_of(place)
    run = port.pending_run()
    if run is not None:
        port.save_batch(close_batch(
            run, recipient=keys.district_sealing, signing=keys.signing,
            now=place.hands.now(),
        ))
    vault.close()

for n, draft in enumerate(sys.argv[6:], start=1):
    child = os.fork()
    if child == 0:
        whole = 0
        try:
            for _ in range(int(failed_call) - n):
                idle()
            try:
                work(draft)
            except Problem as problem:
                say(problem=int(problem.code))
            try:
                for _ in range(int(failed_call)):
                    idle()
            except OSError:
                whole = 1
                say(whole=n)
        finally:
            os._exit(whole)
    if os.waitpid(child, 0)[1]:
        break
"""


@pytest.mark.timeout(900)
@pytest.mark.parametrize("call", ["fsync", "fdatasync", "pwrite64", "ftruncate"])
def test_p01_every_call_to_the_disk_may_fail(tmp_path: Path, call: str) -> None:
    with an_island(tmp_path) as island:
        operator = island.desk.place.operator
        drafts = [finished(island.desk, "HY12-01", seed=n) for n in range(DRAFTS)]
    home = tmp_path / "desk"
    desk = Desk(places(home), real_hands())
    slots = Keyslots(home / "keyslots.json", dice=real_hands().random_bytes)
    key = slots.unlock("lin", PASSPHRASE).key.hex()

    done = subprocess.run(
        ["strace", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-e",
         f"trace={call}", "-e", f"inject={call}:error=EIO:when={FAILED_CALL}",
         sys.executable, "-c", CLERK, str(home), key, operator, call,
         str(FAILED_CALL), *drafts],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip

    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    said = [json.loads(line) for line in done.stdout.splitlines()]
    saved = {each["case"] for each in said if "case" in each}
    assert any("whole" in each for each in said), "the way grew beyond the test"
    desk.unlock("lin", PASSPHRASE)
    assert saved
    assert {desk.case(number).row.number for number in saved} == saved
    checks = health.verify(desk.place)
    assert all(check.ok for check in checks), checks
    desk.lock()
