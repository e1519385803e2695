"""What breaks, and when: one place that throws the dice for every fault.

Rule: a fault is drawn where it may happen, from the world's own dice, so that a seed
gives the same run again.
"""

from dataclasses import dataclass, field, replace
from random import Random


class PowerCut(Exception):  # noqa: N818 - what happens, not an error of ours
    """The process ends here: nothing after this line runs."""


@dataclass(frozen=True, slots=True)
class Weather:
    """How often things break; chances are per occasion."""

    line_down: float = 0.25
    cut_before: float = 0.05
    cut_inside: float = 0.06
    cut_after: float = 0.06
    portal: float = 0.03
    garbled: float = 0.03
    twice: float = 0.05
    late_again: float = 0.05
    power_cut: float = 0.10
    torn_tail: float = 0.03
    clock_jump: float = 0.03
    full_disk: float = 0.02
    district_crash: float = 0.05
    restored_desk: float = 0.02
    restored_district: float = 0.01
    cloned_desk: float = 0.01
    pulled_stick: float = 0.4
    damaged_stick: float = 0.1
    lost_desk: float = 0.004
    broken_machine: float = 0.01
    desk_keys: float = 0.01
    district_keys: float = 0.01


# A disaster of each side apart, as docs/simulation.md counts them. Where both are put
# back in one world (`Weather()` itself) that heals, too: docs/adr/0020.
FAIR = replace(
    Weather(), torn_tail=0.0, restored_desk=0.0, cloned_desk=0.0,
    restored_district=0.0, broken_machine=0.0,
)  # fmt: skip
DESK_DISASTERS = replace(Weather(), restored_district=0.0)
DISTRICT_DISASTERS = replace(FAIR, restored_district=0.02)
KINDS = (FAIR, DESK_DISASTERS, DISTRICT_DISASTERS)
"""What may happen in a world; its seed decides which."""
CALM = Weather(*([0.0] * len(Weather.__slots__)))
"""Nothing breaks: how a world is brought to rest before it is judged."""


@dataclass(slots=True)
class Fuse:
    """Cuts the power at the n-th write or sync from now; unlit, it never does."""

    left: int | None = None

    def light(self, dice: Random, *, longest: int) -> None:
        """Cut within so many writes."""
        self.left = dice.randrange(1, longest + 1)

    def put_out(self) -> None:
        """No more cut."""
        self.left = None

    def burn(self) -> None:
        """One write; `PowerCut` when it is the last."""
        if self.left is None:
            return
        self.left -= 1
        if self.left <= 0:
            self.left = None
            raise PowerCut


@dataclass(slots=True)
class Tally:
    """What happened, to be printed and to be equal when a seed is replayed."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, what: str, count: int = 1) -> None:
        """Count one thing that happened."""
        self.counts[what] = self.counts.get(what, 0) + count
