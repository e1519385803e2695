"""Time an action many times; compare it with a rival in turns, in the same run.

Rule: the two take turns, so that a busy moment of the machine falls on both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Literal


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of each round, in order."""

    what: str
    rounds_ms: tuple[float, ...]

    @property
    def median_ms(self) -> float:
        """The round in the middle."""
        return median(self.rounds_ms)

    @property
    def p95_ms(self) -> float:
        """The round that 95 of 100 do not exceed."""
        ordered = sorted(self.rounds_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def together(what: str, *parts: Timing) -> Timing:
    """Return what follows each other as one: the sums of each round."""
    rounds = zip(*(part.rounds_ms for part in parts), strict=True)
    return Timing(what, tuple(map(sum, rounds)))


@dataclass(frozen=True, slots=True)
class Bar:
    """A limit that the issue or the design set.

    Of the median or the 95th percentile in milliseconds, or of the ratio of medians to
    a rival's (its place among the rivals).
    """

    limit: float
    of: Literal["median ms", "p95 ms", "ratio"]
    rival: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ours, the rivals', and the bars, if any."""

    ours: Timing
    rivals: tuple[Timing, ...] = ()
    bars: tuple[Bar, ...] = ()

    def _value(self, bar: Bar) -> float:
        match bar.of:
            case "median ms":
                return self.ours.median_ms
            case "p95 ms":
                return self.ours.p95_ms
            case "ratio":
                return self.ours.median_ms / self.rivals[bar.rival].median_ms

    def verdicts(self) -> list[str]:
        """Return a row of the table of bars for each bar."""
        rows = []
        for bar in self.bars:
            value = self._value(bar)
            said = "met" if value <= bar.limit else "MISSED"
            of, name = bar.of, self.ours.what
            if bar.of == "ratio":
                of = f"× {self.rivals[bar.rival].what.removeprefix('rival: ')}"
            rows.append(f"{name:<58}{value:>10.2f}{bar.limit:>8g}  {said:<7} {of}")
        return rows

    def lines(self) -> list[str]:
        """Return a row of a table for ours, and one a rival with its ratio."""
        said = ", ".join(f"{bar.limit:g} {bar.of}" for bar in self.bars)
        rows = [_row(self.ours, f"bar: {said}" if said else "")]
        for rival in self.rivals:
            ratio = self.ours.median_ms / rival.median_ms
            rows.append(_row(rival, f"ours is {ratio:.2f} × this"))
        return rows


def _row(timing: Timing, note: str) -> str:
    return (
        f"{timing.what:<58}{timing.median_ms:>10.2f}{timing.p95_ms:>10.2f}"
        f"{len(timing.rounds_ms):>7}  {note}"
    )


def in_turns(
    *actions: tuple[str, Callable[[int], object]], rounds: int, warm: int = 2
) -> tuple[Timing, ...]:
    """Time the actions round by round; each is told the number of its round."""
    times: list[list[float]] = [[] for _ in actions]
    for number in range(warm + rounds):
        for (_, action), kept in zip(actions, times, strict=True):
            started = perf_counter()
            action(number)
            if number >= warm:
                kept.append((perf_counter() - started) * 1000)
    return tuple(
        Timing(what, tuple(kept))
        for (what, _), kept in zip(actions, times, strict=True)
    )
