"""Live through one world: `python -m tests.simulation --seed N --days N`."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.simulation.faults import Tally
from tests.simulation.world import World

# A disk in memory where there is one: the simulated machines lose power by themselves.
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it


def live(seed: int, days: int, *, desks: int = 2) -> Tally:
    """Run one world in a folder of its own; a broken promise names its seed."""
    where = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="island-", dir=where) as folder:
        try:
            return World(seed, Path(folder) / "world", desks).run(days)
        except BaseException as error:
            error.add_note(f"replay: make simulate SEED={seed} DAYS={days}")
            raise


def main() -> None:
    """Read the command line, run, print what happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=100)
    parser.add_argument("--desks", type=int, default=2)
    given = parser.parse_args()
    tally = live(given.seed, given.days, desks=given.desks)
    for what, count in sorted(tally.counts.items()):
        sys.stdout.write(f"{count:>8}  {what}\n")
    sys.stdout.write("       0  lost\n       0  twice\n")


if __name__ == "__main__":
    main()
