"""The desk's time: the wall clock, held against what the district has proved (P9).

Rule 1: it never refuses and never asks; without a proof it is the wall clock.
Rule 2: a wall clock within two minutes of what is proved is taken as it is.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from sync.protocol.anchors import (
    TOLERANCE,
    Anchor,
    Estimate,
    Reading,
    true_time,
    wrong_by,
)

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class SteadyClock:
    """Reads three clocks and says what time it truly is, as far as is known."""

    def __init__(
        self, wall: Callable[[], datetime], boot: str, monotonic_ms: Callable[[], int]
    ) -> None:
        self.wall = wall
        self._boot = boot
        self._monotonic_ms = monotonic_ms
        self._anchor: Anchor | None = None
        self._floor: Anchor | None = None
        self.anchored_at: datetime | None = None
        """The latest time of the district's that this desk has verified."""

    def read(self) -> Reading:
        """Return the three clocks as they stand."""
        return Reading(self.wall(), self._boot, self._monotonic_ms())

    def recalls(
        self, anchor: Anchor | None, floor: Anchor | None, at: datetime | None
    ) -> None:
        """Take up what was proved before this start."""
        self._anchor, self._floor, self.anchored_at = anchor, floor, at

    def heard(self, anchor: Anchor) -> Anchor:
        """Take up a newer proof; returns what bounds the truth from below from now on.

        A welcome replaces all before it, also where it says an earlier time: a district
        that once had a wrong clock must not keep its desks in the future. A receipt may
        be an old one: it only moves the bound forward.
        """
        if anchor.within is not None and not self._knows_better(anchor):
            self._anchor = self._floor = anchor
        elif (self._estimate(anchor.reading).low or _NEVER) < anchor.at:
            self._floor = anchor
        if anchor.within is not None or self.anchored_at is None:
            self.anchored_at = anchor.at
        else:
            self.anchored_at = max(self.anchored_at, anchor.at)
        return self._floor or anchor

    def _knows_better(self, newer: Anchor) -> bool:
        """Say whether an earlier, sharper anchor of this boot agrees with a newer one.

        An answer that was under way for days (a stick) must not blur what a line told.
        """
        old, width = self._anchor, newer.within
        if old is None or old.within is None or width is None or old.within >= width:
            return False
        if old.reading.boot != newer.reading.boot:
            return False
        at = self._estimate(newer.reading).at
        return newer.at - TOLERANCE <= at <= newer.at + width + TOLERANCE

    def _estimate(self, reading: Reading) -> Estimate:
        known = [each for each in (self._anchor, self._floor) if each is not None]
        return true_time(reading, before=known)

    def estimate(self) -> Estimate:
        """Return the best guess of the time, and what is proved of it."""
        return self._estimate(self.read())

    def now(self) -> datetime:
        """Return the time that verbs write down."""
        reading = self.read()
        if self._anchor is None and self._floor is None:
            return reading.wall
        said = self._estimate(reading).at
        return reading.wall if abs(reading.wall - said) <= TOLERANCE else said

    def wrong_by(self) -> timedelta:
        """Return how far the wall clock is ahead, negative where it is behind."""
        reading = self.read()
        return wrong_by(reading, self._estimate(reading))
