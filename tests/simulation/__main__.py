"""Live through one world, or through all of CI's and publish what was lived.

python -m tests.simulation --seed N --days N [--desks N] [--all-kinds]
python -m tests.simulation --publish docs/simulation.md [--at-once 2]
"""

import argparse
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.simulation.faults import Weather
from tests.simulation.worlds import SEEDS, live, live_one_of_ci, table_of, total_of

_TABLE = re.compile(r"(?<=<!-- lived -->\n).*?(?=<!-- /lived -->)", re.DOTALL)


def publish(page: Path, *, at_once: int) -> None:
    """Live through CI's worlds and put the table of it into a page."""
    with ProcessPoolExecutor(at_once) as people:
        total = total_of(people.map(live_one_of_ci, SEEDS))
    table = table_of(total)
    text = page.read_text("utf-8")
    page.write_text(_TABLE.sub(lambda _: table, text), "utf-8")
    sys.stdout.write(table)


def main() -> None:
    """Read the command line, run, print what happened."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=100)
    parser.add_argument("--desks", type=int, default=2)
    parser.add_argument("--all-kinds", action="store_true")
    parser.add_argument("--publish", type=Path)
    parser.add_argument("--at-once", type=int, default=2)
    given = parser.parse_args()
    if given.publish is not None:
        publish(given.publish, at_once=given.at_once)
        return
    weather = Weather() if given.all_kinds else None
    tally = live(given.seed, given.days, desks=given.desks, weather=weather)
    for what, count in sorted(tally.counts.items()):
        sys.stdout.write(f"{count:>8}  {what}\n")


if __name__ == "__main__":
    main()
