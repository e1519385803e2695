"""The commands of a stick as real processes that are killed at a random moment.

`python -m tests.support.stick_kills` imports everything once and forks each command
from there. After each kill it looks at the stick: a file has its name only once it is
whole. The parent, which is never killed, is the witness of what was saved.
"""

import contextlib
import ctypes
import json
import os
import signal
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import typer

from desk_app.boot.cli import app as desk_commands
from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services import timing
from desk_app.services.desk import Desk
from desk_app.services.hands import Workplace
from desk_app.services.receiving import When, receive_case
from desk_app.store.vault import Vault
from schemas.problems import Code
from sync.district.boot.cli import app as district_commands
from sync.district.boot.stick import main as intake_program
from sync.stick.layout import PART, name_of, read_name
from tests.support.rigs import finished

_DIE_WITH_PARENT = 1
_NOW_AND_THEN = 4
# What a command may say where the one before it was killed too early.
EXPECTED = {
    int(Code.STICK_FOREIGN),
    int(Code.STICK_NOT_FOR_THIS_DESK),
    int(Code.STICK_NOT_ANSWERED),
}


@dataclass
class Street:
    """Where the two sides and the stick are, and what happened so far."""

    folder: Path
    key: bytes
    operator: str
    dice: Random
    took_s: dict[str, float] = field(default_factory=dict)
    cases: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def stick(self) -> Path:
        return self.folder / "usb"

    def take_case(self) -> None:
        """Save one more case in a process of its own; it is said once it is kept."""
        heard, pipe = os.pipe()
        seed = self.dice.randrange(10**9)
        child = os.fork()
        if not child:
            os.write(pipe, _take(self, seed).encode())
            os._exit(0)
        os.close(pipe)
        self.cases.append(os.read(heard, 100).decode())
        os.close(heard)
        if os.waitpid(child, 0)[1]:
            sys.exit("taking a case failed")

    def run(self, what: str, *, kill_after_s: float | None = None) -> int | None:
        """Run a command; returns its exit code, or None where it was killed."""
        out = self.folder / "said.txt"
        child = os.fork()
        if not child:
            ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
            # A group of its own: the programs that it starts die with it.
            os.setsid()
            with out.open("wb", buffering=0) as file:
                os.dup2(file.fileno(), 1)
                os.dup2(file.fileno(), 2)
            os._exit(_command(self, what))
        began = time.monotonic()
        how = 0
        if kill_after_s is None:
            how = os.waitpid(child, 0)[1]
            self.took_s[what] = time.monotonic() - began
        else:
            time.sleep(kill_after_s)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
            how = os.waitpid(child, 0)[1]
        if os.WIFSIGNALED(how):
            self.counts[f"killed {what}"] += 1
            return None
        code = os.WEXITSTATUS(how)
        said = out.read_text("utf-8", errors="replace")
        if "Traceback" in said:
            sys.exit(f"{what}: {said[-2000:]}")
        if code:
            problem = int(json.loads(said)["problem"])
            self.counts[f"{what} said {problem}"] += 1
            if problem not in EXPECTED:
                sys.exit(f"{what}: {said}")
        return code

    def look_at_stick(self) -> None:
        """What has a name of ours is whole, whatever was killed while writing it."""
        for path in self.stick.rglob("*"):
            if path.is_dir():
                continue
            name = read_name(path.name)
            if name is None:
                assert path.name.endswith(PART), path
                self.counts["parts left"] += 1
            else:
                assert name_of(path.read_bytes(), name.kind) == name, path
                self.counts["files whole"] += 1


COMMANDS = ("export", "district", "import")
# The program that holds intake's key is what writes to the stick at the district.
QUICK = ("export", "intake", "import")


def _command(street: Street, what: str) -> int:
    stick = str(street.stick)
    desk = ["--home", str(street.folder / "desk"), "sync"]
    district = ["--home", str(street.folder / "district"), "stick"]
    try:
        if what == "intake":
            intake_program(street.stick, street.folder / "district")
        elif what == "district":
            district_commands([*district, "import", stick, "--json"])
        else:
            desk_commands([*desk, what, stick, "--json"])
    except SystemExit as ended:
        return int(ended.code or 0)
    except typer.Exit as ended:
        return int(ended.exit_code)
    except BaseException:  # noqa: BLE001 - the child's last words
        traceback.print_exc()
    finally:
        sys.stdout.flush()
    return 0


def _take(street: Street, seed: int) -> str:
    where, hands = places(street.folder / "desk"), real_hands()
    desk = Desk(where, hands)
    vault = Vault(where.vault, street.key)
    place = Workplace(vault, hands, street.operator, "林窗口", "supervisor")
    desk._place = place = timing.steadied(place)
    return receive_case(place, finished(desk, "HY12-01", seed=seed), When())


def _whole(street: Street, commands: tuple[str, ...]) -> None:
    for what in commands:
        if street.run(what) != 0:
            sys.exit(f"{what} did not heal: {street.counts}")
        street.look_at_stick()


def _kill(street: Street, what: str) -> None:
    whole_s = street.took_s[what]
    # A quarter of it is the passphrase's: nothing happens on the stick by then.
    street.run(what, kill_after_s=street.dice.uniform(whole_s / 4, whole_s))
    street.look_at_stick()


def main() -> None:
    """Run `folder key operator seed rounds`; prints what the witness knows."""
    folder, key, operator, seed, rounds = sys.argv[1:]
    street = Street(Path(folder), bytes.fromhex(key), operator, Random(int(seed)))
    street.stick.mkdir()
    street.take_case()
    _whole(street, COMMANDS)
    _whole(street, QUICK)
    for count in range(1, int(rounds) + 1):
        street.take_case()
        for what in QUICK:
            _kill(street, what)
        if count % _NOW_AND_THEN == 0:
            _kill(street, "district")
            _whole(street, QUICK)
    # One to bring the last entries there, one to bring what was said of them back.
    _whole(street, COMMANDS)
    _whole(street, COMMANDS)
    json.dump({"cases": street.cases, "counts": dict(street.counts)}, sys.stdout)


if __name__ == "__main__":
    main()
