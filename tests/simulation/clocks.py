"""True time, and what each machine believes it is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

START = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


@dataclass(slots=True)
class TrueTime:
    """The one clock that nobody in the world can read, but the district's server."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def pass_by(self, **amount: float) -> None:
        self.at += timedelta(**amount)


@dataclass(slots=True)
class DeskClock:
    """A window PC's clock: off by some amount, with a boot of its own."""

    true: TrueTime
    dice: Random
    off: timedelta = timedelta()
    boot: str = ""
    booted: datetime = START

    def __post_init__(self) -> None:
        self.reboot()

    def now(self) -> datetime:
        return self.true.at + self.off

    def monotonic_ms(self) -> int:
        return int((self.true.at - self.booted) / timedelta(milliseconds=1)) + 1000

    def reboot(self) -> None:
        self.boot = f"{self.dice.getrandbits(64):016x}"
        self.booted = self.true.at

    def jump(self) -> None:
        """Set the clock wrong: minutes, days, or years, back or ahead."""
        span = self.dice.choice((60, 3_600, 86_400, 40 * 86_400, 3 * 365 * 86_400))
        self.off = timedelta(seconds=self.dice.randint(-span, span))

    def set_right(self) -> None:
        self.off = timedelta()
