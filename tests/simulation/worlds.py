"""The worlds that CI lives through, and what was lived in all of them.

Rule: a world is decided by its seed alone; the table below is the whole of what CI
lives, each world in a test of its own, and `make simulate` lives any other.
"""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from tests.simulation.chance import drawn_from
from tests.simulation.faults import Tally, Weather
from tests.simulation.world import World

# A disk in memory where there is one: the simulated machines lose power by themselves.
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it

DESKS: Final = 4
DAYS: Final = 42
SEEDS: Final = tuple(range(1, 61))
"""CI's worlds: more than ten thousand desk-days. None is left out."""
ALL_KINDS_FROM: Final = 31
"""From this seed on every kind of disaster may happen in the same world."""
QUARTERS: Final = tuple(SEEDS[n::4] for n in range(4))
"""Four files of tests share the worlds, so that every core has some."""


def live(
    seed: int, days: int, *, desks: int = 2, weather: Weather | None = None
) -> Tally:
    """Run one world in a folder of its own; a broken promise names its seed."""
    where = MEMORY if MEMORY.is_dir() else None
    with (
        tempfile.TemporaryDirectory(prefix="island-", dir=where) as folder,
        drawn_from(Random(f"drawn {seed}")),
    ):
        try:
            return World(seed, Path(folder) / "world", desks, weather).run(days)
        except BaseException as error:
            error.add_note(
                f"replay: make simulate SEED={seed} DAYS={days} DESKS={desks}"
            )
            raise


def live_one_of_ci(seed: int) -> Tally:
    """Live one of CI's worlds and say whether it was lived whole and well."""
    weather = Weather() if seed >= ALL_KINDS_FROM else None
    tally = live(seed, DAYS, desks=DESKS, weather=weather)
    lived = tally.counts["desk-days"]
    assert lived == DESKS * DAYS, f"seed {seed}: {lived} desk-days"
    assert tally.counts["cases"] > lived
    assert (tally.counts["lost"], tally.counts["filed twice"]) == (0, 0)
    return tally


@dataclass(frozen=True, slots=True)
class Group:
    """Some lines of the published table under one heading."""

    heading: str
    lines: tuple[tuple[str, str], ...]


GROUPS: Final = (
    Group(
        "Outcome",
        (
            ("lost", "**cases lost**"),
            ("filed twice", "**cases filed twice**"),
        ),
    ),
    Group(
        "Lived",
        (
            ("worlds", "worlds"),
            ("desk-days", "desk-days"),
            ("cases", "cases taken"),
            ("scans", "scans put to a case"),
            ("entries filed", "journal entries filed at a district"),
            ("answers", "answers given"),
            ("days closed", "days closed, compared to the record and countersigned"),
            ("syncs", "conversations over the line"),
            ("sticks", "sticks carried"),
        ),
    ),
    Group(
        "The line",
        (
            ("cut before", "cut before a request"),
            ("cut inside", "cut inside a request"),
            ("cut after", "cut before the answer"),
            ("came twice", "a request came twice"),
            ("late again", "an old request came again"),
            ("garbled request", "a bit changed on the way there"),
            ("garbled answer", "a bit changed on the way back"),
            ("portal", "a portal answered instead"),
        ),
    ),
    Group(
        "Machines and disks",
        (
            ("power cut", "power of a desk cut between two writes"),
            (
                "torn tail",
                "power cut on a disk that had lied (the end of the log lost)",
            ),
            ("full disk", "disk full for a while"),
            ("clock jump", "clock set wrong, by minutes to years"),
            ("district died in a request", "district died in a request"),
            ("district died reconciling", "district died while it filed"),
            ("stick pulled out", "stick pulled out"),
            ("stick damaged", "file on a stick damaged"),
        ),
    ),
    Group(
        "Copies, losses and keys",
        (
            ("desk put back", "old folder copied over a desk's"),
            ("machine broken and restored", "machine broken, restored on another"),
            ("district put back", "district restored from a backup"),
            ("clone spoke", "second copy of a desk spoke"),
            ("desk lost and revoked", "machine lost, revoked with a cut-off, followed"),
            ("desk keys renewed", "keys of a desk renewed"),
            ("district keys renewed", "keys of a district renewed"),
            ("fresh keys approved", "put back to before its keys: let go on by people"),
            ("known again", "forgotten by its district: known again by people"),
            (
                "known to paper alone",
                "cases known to paper alone: the only disk that had them is gone",
            ),
        ),
    ),
)


def total_of(tallies: Iterable[Tally]) -> Tally:
    """Return all that was lived, in one tally."""
    total = Tally()
    for tally in tallies:
        total.add("worlds")
        for what, count in tally.counts.items():
            total.add(what, count)
    return total


def table_of(total: Tally) -> str:
    """Return the published table (Markdown)."""
    lines = ["| | |", "|---|---:|"]
    for group in GROUPS:
        lines.append(f"| *{group.heading}* | |")
        lines += [
            f"| {words} | {total.counts.get(name, 0):,} |"
            for name, words in group.lines
        ]
    return "\n".join(lines) + "\n"
