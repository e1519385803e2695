"""A desk and a district as real processes that are killed and stopped while they talk.

`python -m tests.support.kills` imports everything once and forks each process from
there, so that a process is back within milliseconds; three of them live at a time:

- the clerk: takes cases over the real vault, scans now and then, talks over TLS;
- intake: the program that faces the network, as it is served;
- reconcile: opens, files and answers without pause.

A process says what it was told is kept only after that, in one write to a pipe; the
parent, which is never killed, is the witness. A process that ends by itself is a
failure, and so is one that nobody hears from.
"""

import asyncio
import ctypes
import io
import json
import os
import resource
import select
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import NoReturn

import uvicorn
from PIL import Image

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services import attaching, timing
from desk_app.services.desk import Desk
from desk_app.services.hands import Workplace
from desk_app.services.receiving import When, receive_case
from desk_app.store.vault import Vault
from schemas.case import Granted, Received
from schemas.casework import OPEN
from sync.district.boot.district import open_district
from sync.district.boot.intake import intake_parts, served_intake
from sync.district.reconcile.answering import admitted, answer_case
from sync.district.reconcile.filing import reconcile_once
from tests.support.rigs import finished

# Nobody says nothing for so long, however slow the machine is.
_SILENCE_S = 60
_STOPPED_S = 0.05
# prctl's PR_SET_PDEATHSIG
_DIE_WITH_PARENT = 1


@dataclass(frozen=True)
class Street:
    """Where the two sides live, and what opens the desk without its passphrase."""

    folder: Path
    key: bytes
    operator: str
    port: int
    pipe: int

    def say(self, **said: object) -> None:
        """Tell the parent, whole or not at all (a pipe keeps short writes whole)."""
        os.write(self.pipe, json.dumps(said).encode() + b"\n")


def _a_page(dice: Random) -> bytes:
    page = Image.frombytes("L", (60, 80), dice.randbytes(60 * 80))
    raw = io.BytesIO()
    page.save(raw, "JPEG")
    return raw.getvalue()


def _clerk(street: Street, dice: Random) -> None:
    where, hands = places(street.folder / "desk"), real_hands()
    desk = Desk(where, hands)
    vault = Vault(where.vault, street.key)
    place = Workplace(vault, hands, street.operator, "林窗口", "supervisor")
    desk._place = place = timing.steadied(place)
    while True:
        draft = finished(desk, "HY12-01", seed=dice.randrange(10**9))
        number = receive_case(place, draft, When())
        with vault.read() as tx:
            rows = tx.rows("SELECT received_at FROM cases WHERE number = ?", number)
        street.say(case=number, at=str(rows[0][0]))
        if dice.random() < 0.2:
            attaching.attach(place, number, "scan", name="p.jpg", raw=_a_page(dice))
            street.say(scan=number)
        report = asyncio.run(desk.sync(impatient=True))
        street.say(
            released=report.released, answers=report.answers, pieces=report.pieces,
            problem=report.problem.name if report.problem else "",
        )  # fmt: skip


def _intake(street: Street, _: Random) -> None:
    where, parts = intake_parts(street.folder / "district")
    config = served_intake(where, parts, host="127.0.0.1", port=street.port)
    uvicorn.Server(config).run()


def _reconcile(street: Street, dice: Random) -> None:
    district = open_district(street.folder / "district")
    record = district.record
    while True:
        now = datetime.now(UTC)
        done = reconcile_once(district.sealed, record, district.keys, now=now)
        if done.filed or done.set_aside:
            street.say(filed=done.filed, set_aside=done.set_aside)
        ready = [c for c in record.list_cases(limit=10)[0] if c.state in OPEN]
        if ready and dice.random() < 0.5:
            case = dice.choice(ready)
            answer = dice.choice((Received(), Granted(licence_number="示例")))
            if admitted(case, answer):
                answer_case(record, case.number, answer, by="区审核", now=now)
        time.sleep(0.02)


_PARTS: dict[str, Callable[[Street, Random], None]] = {
    "clerk": _clerk,
    "intake": _intake,
    "reconcile": _reconcile,
}


@dataclass
class Witness:
    """What was said to be kept, and what was done to whom."""

    cases: dict[str, str] = field(default_factory=dict)
    scans: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _rest: bytes = b""

    def hear(self, pipe: int) -> int:
        """Take in what lies in the pipe; returns how many things were said."""
        lines = (self._rest + os.read(pipe, 1 << 20)).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            said = json.loads(line)
            if "case" in said:
                self.cases[str(said["case"])] = str(said["at"])
            if "scan" in said:
                self.scans.append(str(said["scan"]))
            for what, count in said.items():
                if isinstance(count, int):
                    self.counts[what] += count
            if said.get("problem"):
                self.counts[f"problem {said['problem']}"] += 1
        return len(lines)


class Killer:
    """Keeps the three processes alive and ends one of them at a random moment."""

    def __init__(self, street: Street, heard: int, dice: Random) -> None:
        self.street, self.heard, self.dice = street, heard, dice
        self.witness = Witness()
        self.alive = {name: self._fork(name) for name in _PARTS}

    def _fork(self, name: str) -> int:
        dice = Random(self.dice.getrandbits(64))
        child = os.fork()
        if child:
            return child
        try:
            # Whatever becomes of the parent: nobody stays behind.
            ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
            _PARTS[name](self.street, dice)
        except BaseException:  # noqa: BLE001 - the child's last words
            traceback.print_exc()
        os._exit(1)

    def _listen(self, things: int) -> None:
        """Wait until so many things were said; an ended process is a failure."""
        while things > 0:
            for name, child in self.alive.items():
                ended, how = os.waitpid(child, os.WNOHANG)
                if ended:
                    self._fail(f"{name} ended by itself: {how}")
            ready, _, _ = select.select([self.heard], [], [], _SILENCE_S)
            if not ready:
                self._fail("nobody says anything")
            things -= self.witness.hear(self.heard)

    def _fail(self, why: str) -> NoReturn:
        self.end()
        sys.exit(why)

    def round(self) -> None:
        """Let them work, then kill or stop one in the middle of what it does."""
        self._listen(self.dice.randrange(3))
        time.sleep(self.dice.uniform(0, 0.03))
        name = self.dice.choice(list(_PARTS))
        child = self.alive[name]
        if self.dice.random() < 0.75:
            os.kill(child, signal.SIGKILL)
            _, how = os.waitpid(child, 0)
            if not os.WIFSIGNALED(how):
                self._fail(f"{name} ended by itself: {how}")
            self.alive[name] = self._fork(name)
            self.witness.counts[f"killed {name}"] += 1
            return
        os.kill(child, signal.SIGSTOP)
        time.sleep(self.dice.uniform(0, _STOPPED_S))
        os.kill(child, signal.SIGCONT)
        self.witness.counts[f"stopped {name}"] += 1

    def end(self) -> None:
        """Kill all that still live, and take in their last words."""
        for child in self.alive.values():
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        while select.select([self.heard], [], [], 0)[0]:
            self.witness.hear(self.heard)


def main() -> None:
    """Run `folder key operator port seed rounds`; prints what the witness knows."""
    folder, key, operator, port, seed, rounds = sys.argv[1:]
    heard, pipe = os.pipe()
    street = Street(Path(folder), bytes.fromhex(key), operator, int(port), pipe)
    killer = Killer(street, heard, Random(int(seed)))
    for _ in range(int(rounds)):
        killer.round()
    killer.end()
    witness = killer.witness
    used = [resource.getrusage(who) for who in
            (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]  # fmt: skip
    seconds = sum(each.ru_utime + each.ru_stime for each in used)
    json.dump(
        {"cases": witness.cases, "scans": witness.scans,
         "counts": dict(witness.counts), "cpu_s": round(seconds, 1)},
        sys.stdout,
    )  # fmt: skip


if __name__ == "__main__":
    main()
