"""What time it truly was, from clocks that may be wrong and moments that are proved.

An *anchor* is a moment at which the district's own, signed time met a desk's clocks.
Between two anchors of one boot the monotonic clock counts; over boots, what an anchor
or a later one bounds. The wall clock, by its last known offset, only chooses within
what the others prove. Pure, the same for both sides.

Rule 1: no clock is refused (P9): the answer is an estimate and how sure it is.
Rule 2: the monotonic clock counts sleep too (Linux BOOTTIME, Windows ticks): what lends
        it sees to that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

# A PC's quartz: 50 parts per million are usual, 200 are bad.
DRIFT: Final = 200e-6
# Below this a clock is right: people and paper are no better.
TOLERANCE: Final = timedelta(minutes=2)
_NOTHING: Final = timedelta()
_ABSURD: Final = timedelta(days=365 * 100)


@dataclass(frozen=True, slots=True)
class Reading:
    """The three clocks at one moment."""

    wall: datetime
    boot: str
    monotonic_ms: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """The district said `at`; the desk's clocks read `reading` when it was heard.

    `within` is how long the question was under way: the truth at `reading` lies between
    `at` and `at + within`. A receipt may be an old one, sent again: it proves only that
    the truth is not before it (`within` None).
    """

    reading: Reading
    at: datetime
    within: timedelta | None


class Basis(StrEnum):
    """What an estimate rests on, the best first."""

    ANCHORED = "anchored"
    BOUNDED = "bounded"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True)
class Estimate:
    """The best guess, and the bounds that are proved (None: not known)."""

    at: datetime
    low: datetime | None
    high: datetime | None
    basis: Basis

    @property
    def uncertainty(self) -> timedelta | None:
        """Return how far off the guess may be; None where nothing bounds it."""
        if self.low is None or self.high is None:
            return None
        return max(self.high - self.at, self.at - self.low)


def true_time(
    reading: Reading, *, before: Sequence[Anchor] = (), after: Sequence[Anchor] = ()
) -> Estimate:
    """Return the best estimate of the true time of a reading.

    `before` are anchors known to be earlier than the reading, `after` later ones; the
    order comes from the journal's sequence, never from a wall clock.
    """
    low = _latest(low for low in (_low(a, reading) for a in before) if low)
    high = _earliest(high for high in (_high(a, reading) for a in after) if high)
    same = [a for a in (*before, *after) if _same_boot(a, reading)]
    spans = [span for span in (_span(a, reading) for a in same) if span]
    if spans:
        first, last = min(spans, key=lambda span: span[1] - span[0])
        middle = first + (last - first) / 2
        # An answer that came on a stick was under way for days: there the wall clock
        # knows better, where it can be right at all.
        fits = first - TOLERANCE <= reading.wall <= last + TOLERANCE
        guess = reading.wall if fits else middle
        return Estimate(guess, first, last, Basis.ANCHORED)
    guess = _likely(reading.wall, _offset(before, after), low, high)
    basis = Basis.BOUNDED if low and high else Basis.UNPROVEN
    return Estimate(guess, low, high, basis)


def _likely(
    wall: datetime, offset: timedelta, low: datetime | None, high: datetime | None
) -> datetime:
    """Return the wall clock as it is, or by its last known offset, or a bound.

    A clock is left wrong, or somebody has put it right meanwhile: of the two readings
    the one is taken that asks for the smaller leap from what is proved.
    """
    readings = [wall, wall + offset]
    possible = [
        each
        for each in readings
        if (low is None or each >= low - TOLERANCE)
        and (high is None or each <= high + TOLERANCE)
    ]
    if possible:
        near = low or high or wall + offset
        return min(possible, key=lambda each: abs(each - near))
    if low is not None and max(readings) < low:
        return low
    return high or low or wall


def wrong_by(reading: Reading, estimate: Estimate) -> timedelta:
    """Return how far the wall clock is ahead (negative: behind), as far as is known.

    Nothing where it is within two minutes of what the anchors allow.
    """
    off = reading.wall - estimate.at
    low, high = estimate.low, estimate.high
    behind = low is not None and reading.wall < low - TOLERANCE
    ahead = high is not None and reading.wall > high + TOLERANCE
    unlike = estimate.basis is Basis.UNPROVEN and abs(off) > TOLERANCE
    return off if behind or ahead or unlike else _NOTHING


def carried(floor: Anchor, last: Reading | None, reading: Reading) -> Anchor:
    """Return what a floor proves at the first reading of another boot.

    `last` is the desk's last trace of work after the floor, if any. Each boot has
    lasted at least as long as its clock counted; what lay between two boots is not
    known and only makes the truth later. So the result bounds from below (`within`
    None). A boot's name may lie where the wall clock makes it up: a clock that stands
    further than the last one did may be the same boot's, and only the difference is
    sure.
    """
    if reading.boot == floor.reading.boot:
        return floor
    at, seen = floor.at, floor.reading
    if last is not None:
        at += _passed(seen, last)
        seen = last
    return Anchor(reading, at + _passed(seen, reading), None)


def _passed(earlier: Reading, later: Reading) -> timedelta:
    """Return how much time has surely passed between two readings in this order."""
    if later.monotonic_ms >= earlier.monotonic_ms:
        return _elapsed(earlier, later)
    return _time(later.monotonic_ms)


def _elapsed(earlier: Reading, later: Reading) -> timedelta:
    return _time(max(0, later.monotonic_ms - earlier.monotonic_ms))


def _time(milliseconds: int) -> timedelta:
    """Return a time that a monotonic clock may have counted, but no absurd one."""
    return min(timedelta(milliseconds=milliseconds) * (1 - DRIFT), _ABSURD)


def _same_boot(anchor: Anchor, reading: Reading) -> bool:
    return anchor.within is not None and anchor.reading.boot == reading.boot


def _span(anchor: Anchor, reading: Reading) -> tuple[datetime, datetime] | None:
    away = timedelta(milliseconds=reading.monotonic_ms - anchor.reading.monotonic_ms)
    if abs(away) > _ABSURD or anchor.within is None:
        return None
    slack = abs(away) * DRIFT
    try:
        return anchor.at + away - slack, anchor.at + away + anchor.within + slack
    except OverflowError:
        return None


def _low(anchor: Anchor, reading: Reading) -> datetime | None:
    if anchor.reading.boot == reading.boot:
        return anchor.at + _elapsed(anchor.reading, reading)
    return anchor.at


def _high(anchor: Anchor, reading: Reading) -> datetime | None:
    if anchor.within is None:
        return None
    latest = anchor.at + anchor.within
    if anchor.reading.boot == reading.boot:
        return latest - _elapsed(reading, anchor.reading)
    return latest


def _offset(before: Sequence[Anchor], after: Sequence[Anchor]) -> timedelta:
    """Return what to add to the wall clock, by the anchor nearest to the reading."""
    proved = [a for a in (*reversed(before), *after) if a.within is not None]
    return proved[0].at - proved[0].reading.wall if proved else _NOTHING


def _latest(moments: Iterable[datetime]) -> datetime | None:
    return max(moments, default=None)


def _earliest(moments: Iterable[datetime]) -> datetime | None:
    return min(moments, default=None)
