"""Decide what to send next, when to try again, and when to let go.

Rule 1: no I/O and no clock here; the driver passes `now` and dice in.
Rule 2: a batch leaves the outbox only by a verified receipt for its own digest (P6).
Rule 3: a refusal is not retried by itself; it stays visible until a person acts.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from schemas.batch import BatchHeader
from schemas.problems import Code
from schemas.receipt import Receipt
from sync.protocol.outcomes import LONGEST_WAIT_S

# A minute at first, doubling to an hour: an island line should not be hammered,
# and nobody should wait past the end of a shift for yesterday's cases.
FIRST_DELAY: Final = timedelta(minutes=1)
LONGEST_DELAY: Final = timedelta(hours=1)
_DOUBLINGS: Final = 6
# What a district may ask for at most (`outcomes`).
LONGEST_TOLD: Final = timedelta(seconds=LONGEST_WAIT_S)
# A tenth up or down, so that desks cut off together do not come back together.
JITTER: Final = 0.1


@dataclass(frozen=True, slots=True)
class Patience:
    """How often in a row it failed, why last, and when to try again."""

    failures: int = 0
    last_problem: Code | None = None
    not_before: datetime | None = None

    def allows(self, now: datetime) -> bool:
        """Say whether it is time to try again.

        A wait that lies further ahead than the longest one means that the clock was
        set back: then it is time, since the clock never refuses service (P9).
        """
        if self.not_before is None or now >= self.not_before:
            return True
        longest = LONGEST_TOLD if self.was_told else LONGEST_DELAY * (1 + JITTER)
        return self.not_before - now > longest

    @property
    def was_told(self) -> bool:
        """Say whether the district asked for this wait: nobody's haste ends it."""
        return self.last_problem is Code.DISTRICT_BUSY

    def failed(self, code: Code, *, now: datetime, dice: float) -> "Patience":
        """Return the state after one more failure; `dice` is in [0, 1)."""
        doublings = min(self.failures, _DOUBLINGS)
        delay = min(FIRST_DELAY * 2**doublings, LONGEST_DELAY)
        spread = 1 + JITTER * (2 * dice - 1)
        return Patience(self.failures + 1, code, now + delay * spread)

    def told_to_wait(self, seconds: int, *, now: datetime) -> "Patience":
        """Return the state after the district asked for patience."""
        until = now + min(timedelta(seconds=seconds), LONGEST_TOLD)
        return replace(self, last_problem=Code.DISTRICT_BUSY, not_before=until)


def releases(receipt: Receipt, *, header: BatchHeader, batch_digest: str) -> bool:
    """Say whether a receipt, its signature verified, is for exactly this batch."""
    return (
        receipt.batch_digest == batch_digest
        and receipt.device == header.device
        and receipt.epoch == header.epoch
        and receipt.first == header.first
        and receipt.last == header.last
        and receipt.chain_after == header.chain_after
    )
