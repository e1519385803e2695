"""Train the dictionary that batches are compressed with, from invented journals.

Usage: python -m tools.train_dictionary NAME (twice is refused: what was shipped stays).
Every item and every kind of step is in the training set, of several desks. The tests
and benches draw from seeds that are not in it.
"""

import sys
from pathlib import Path

import zstandard

from schemas.catalogue import Edition
from tools.varied_cases import Varied

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "assets" / "dictionaries"
EDITION = ROOT / "assets" / "catalogue" / "edition-1.json"
SEEDS = range(1, 9)
# 112 KiB: twice as much as 64 gains a twentieth on a case alone, half as much loses a
# tenth (docs/adr/0013); it is in the installer once.
SIZE = 112 * 1024


def read_edition() -> Edition:
    return Edition.model_validate_json(EDITION.read_text("utf-8"))


def journal_of(edition: Edition, *, seed: int, rounds: int = 3) -> list[bytes]:
    """Return a desk's invented journal: every item, a fifth of all steps."""
    desk = Varied(edition, seed=seed)
    entries = []
    for _ in range(rounds):
        for item in edition.items:
            number, application, entry = desk.received(item)
            entries.append(entry)
            entries += [s for s in desk.steps(number) if desk.dice.randrange(5) == 0]
            if desk.dice.randrange(5) == 0:
                entries.append(desk.corrected(number, application))
    return entries


def train() -> bytes:
    edition = read_edition()
    samples = [e for seed in SEEDS for e in journal_of(edition, seed=seed)]
    print(f"{len(samples)} entries, {sum(map(len, samples)):,} bytes")
    return zstandard.train_dictionary(SIZE, samples, level=19).as_bytes()


def main() -> None:
    file = FOLDER / f"{sys.argv[1]}.zdict"
    if file.exists():
        sys.exit(f"{file.name} was made already; what was shipped is never made again")
    file.write_bytes(train())
    print(f"{file.name}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
