"""How many bytes of scans may go in an hour: the supervisor says, and the district.

Rule 1: only scans wait for it. What has a legal clock (entries, statements) is counted
        and never held: it is small, and it is what the line is for.
Rule 2: an hour begins with its first byte; a clock that was set back begins another
        (the clock never refuses service, P9).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Budget:
    """What went in the hour that began at `since`."""

    since: datetime | None = None
    spent: int = 0

    def _is_over(self, now: datetime) -> bool:
        return self.since is None or not self.since <= now < self.since + _HOUR

    def after(self, size: int, *, now: datetime) -> "Budget":
        """Return the state after some more bytes."""
        if self._is_over(now):
            return Budget(now, size)
        return Budget(self.since, self.spent + size)

    def allows(self, limit: int | None, *, now: datetime) -> bool:
        """Say whether one more piece may begin; it is never cut off in the middle."""
        return limit is None or self._is_over(now) or self.spent < limit

    def to_text(self) -> str:
        """Return the state to keep over restarts."""
        since = self.since.isoformat() if self.since else "-"
        return f"{since} {self.spent}"

    @staticmethod
    def from_text(text: str | None) -> "Budget":
        """Return a kept state; an unspent one where there is none that can be read."""
        try:
            since, spent = (text or "").split()
            return Budget(datetime.fromisoformat(since), int(spent))
        except ValueError:
            return Budget()


def limit_of(supervisor: int, district: int | None) -> int | None:
    """Return the smaller of two limits in bytes an hour; 0 and None are no limit."""
    given = [each for each in (supervisor, district) if each]
    return min(given) if given else None
