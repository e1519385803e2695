"""How much to send at once, by what the line has lately carried between two cuts (P5).

Rule 1: pure; what happened comes in as offsets that the district told, never as what
        was handed to a socket: a buffer that swallowed it has carried nothing.
Rule 2: an unbroken line gets everything at once; a broken one gets less until at least
        something stays each time: fewer entries a batch, smaller pieces, smaller TLS
        records (a record that arrives in part cannot be read, so all of it is lost).
Rule 3: it shrinks at once and grows back step by step, and it survives restarts.
Rule 4: where a cut is due, little is on its way: what fills a long line when it breaks
        is lost to any sender, so what comes after most lives of the line goes slower.
Rule 5: a long line that is new to the desk is tried with care, once: until it has
        carried what an island's line lasts at most, it is not filled (ADR 27).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isqrt
from typing import Final

# What one request may carry: everything.
LARGEST_PIECE: Final = 64 * 2**20
SMALLEST_PIECE: Final = 512
LARGEST_RECORD: Final = 4096
SMALLEST_RECORD: Final = 256

# Entries and bytes (plain) of a batch over an unbroken line: the more in one, the less
# each costs; bounded by what one opening may unpack and by a few seconds of zstd.
RUN_ENTRIES: Final = 2048
RUN_BYTES: Final = 4 * 2**20
# A batch costs about 3 KB whatever is in it (seal, header, signature, receipt), so it
# should last over several cuts; and sealed bytes are about a quarter of plain ones.
_CUTS_PER_BATCH: Final = 8
_PLAIN_PER_SEALED: Final = 4
# Beyond this a cut costs next to nothing, and the line counts as unbroken.
_AS_GOOD_AS_WHOLE: Final = 2**20
# A message of the feed is 2 KB and more; below this a greeting goes without any.
_LONG_GREETING: Final = 16 * 2**10
# Of what usually stays between two cuts so much may be on its way when one is due: an
# office line holds 10 KB in 0.3 s, a sixth of what an island's line carries (ADR 23).
_ON_ITS_WAY: Final = 64
_LEAST_ON_ITS_WAY: Final = 1152
# On a shorter line less than a few records are on their way, whatever is done.
_LONG_LINE_S: Final = 0.1
# Buffers on the way hold this much: a line that carries more between two cuts is slowed
# only after they have run dry, which an answer proves (and half a KB pays for).
_BUFFERED: Final = 64 * 1024
# A line that has lasted three times as long as a bad life of it has got better; below
# what an island's line may last, six times: the first life counts half.
_LONG_AFTER: Final = 3
# An island's line is cut every 30 to 90 KB; one that has carried more may be filled.
_FIRST_CUTS: Final = 24_000
_LAST_CUTS: Final = 90_000
# 256 kbit/s hold 10 KB in 0.3 s. Before a cut may come a new line is kept full, but no
# buffer before it; then seven tenths are on their way, in smaller records.
_FULL_LINE: Final = 10_000
_CAREFUL_LINE: Final = 7_168
_CAREFUL_RECORD: Final = 1536
# How long a line is only one answer has said by then, and one that was late at its
# district must not make care dearer: it counts as this long at most.
_ISLAND_LINE_S: Final = 0.6
# What TLS adds to a record, with its header; a cut costs half a record, too.
_AROUND_A_RECORD: Final = 22
# A piece that failed whole is tried at a quarter: a few tries find any size.
_SHRINK: Final = 4
_FIRST_SHRUNK: Final = 8192
_BEFORE: Final = 4


@dataclass(frozen=True, slots=True)
class Pace:
    """What the line is trusted with.

    `piece` bounds a request where cut ones leave nothing; `carried` is about how many
    bytes stay between two cuts (None: never cut), `since` how many have since the last,
    `idle` how many cuts in a row left nothing. `least` is what stayed even in the worse
    of the last lives of the line; `broke_at` is the offset that was told last before
    it broke, while nobody knows yet how much more has stayed.
    """

    piece: int = LARGEST_PIECE
    carried: int | None = None
    since: int = 0
    idle: int = 0
    least: int | None = None
    broke_at: int | None = None

    @property
    def portion(self) -> int:
        """Bytes to send with one request.

        Twice what a cut usually leaves, no more: whatever lies between here and there
        may have swallowed all of it when the line breaks.
        """
        if self.carried is None:
            return self.piece
        return min(self.piece, max(LARGEST_RECORD, 2 * self.carried))

    def portion_over(self, round_trip_s: float) -> int:
        """Bytes to send with one request on a line so long.

        On a long one a request ends where a cut is due: its answer says that nothing
        lies in buffers any more, and what follows goes slowly from its first byte.
        """
        least = self.least or 0
        left = least * 4 // 5 - self.since
        ends = round_trip_s >= _LONG_LINE_S and least >= _BUFFERED
        if ends and left >= LARGEST_RECORD:
            return min(self.portion, left)
        return self.portion

    @property
    def record(self) -> int:
        """Bytes to hand to TLS at once."""
        if self.idle:
            return max(SMALLEST_RECORD, LARGEST_RECORD >> 2 * self.idle)
        if self.carried is None:
            return LARGEST_RECORD
        return min(LARGEST_RECORD, max(SMALLEST_RECORD, self.carried // 8))

    def strides(self, size: int, *, round_trip_s: float) -> Iterator[tuple[int, float]]:
        """Yield how so many bytes go out: a record's size, the seconds to wait after.

        Nothing waits before a cut is due, nor long after it was, nor on a short line,
        nor where all of it may be on its way at once.
        """
        done, trip_s = 0, round_trip_s
        if self.carried is None:
            trip_s = min(trip_s, _ISLAND_LINE_S)
        while done < size:
            record, most, wait_s = self.record, None, 0.0
            if self.carried is not None:
                record, most = self._where_a_cut_is_due(self.since + done)
            elif round_trip_s >= _LONG_LINE_S:
                record, most = self._on_a_new_line(self.since + done)
            if most is not None and size > most and round_trip_s >= _LONG_LINE_S:
                wait_s = record * (trip_s / 2) / most
            record = min(record, size - done)
            done += record
            yield record, wait_s if done < size else 0.0

    def _where_a_cut_is_due(self, at: int) -> tuple[int, int | None]:
        """Return a record's size and how much may be on its way; None: all there is."""
        usual = self.carried or 0
        least = usual if self.least is None else self.least
        over = least * _LONG_AFTER
        over = max(over, min(2 * over, _LAST_CUTS))
        if not least * 4 // 5 <= at < over:
            return self.record, None
        # Half a record is lost, 22 bytes a record are paid for: least together.
        cheapest = max(SMALLEST_RECORD, isqrt(_AROUND_A_RECORD * usual))
        return min(self.record, cheapest), max(_LEAST_ON_ITS_WAY, usual // _ON_ITS_WAY)

    def _on_a_new_line(self, at: int) -> tuple[int, int | None]:
        """Return the same for a line that has not been cut yet."""
        if at >= _LAST_CUTS:
            return self.record, None
        if at < _FIRST_CUTS:
            return self.record, _FULL_LINE
        return min(self.record, _CAREFUL_RECORD), _CAREFUL_LINE

    def carried_on(self, size: int) -> "Pace":
        """The district has so many bytes more, and the line still stands."""
        since = self.since + size
        # Doubling on a line that is known to break would overshoot every other time.
        larger = self.piece * 2 if self.carried is None else self.piece * 5 // 4
        piece = min(LARGEST_PIECE, max(larger, size))
        carried = self.carried
        if carried is not None and since > carried:
            # It lasts longer than it did.
            carried = None if since > _AS_GOOD_AS_WHOLE else since
        least = None if carried is None else self.least
        return Pace(piece, carried, since, 0, least)

    def found(self, offset: int) -> "Pace":
        """The district says how far it is: after a cut this is what has stayed."""
        if self.broke_at is None:
            return self
        return self.cut(offset - self.broke_at)

    def cut(self, kept: int) -> "Pace":
        """The line broke; of what was under way so many bytes have stayed."""
        if kept <= 0 and not self.since:
            piece = min(self.piece, _FIRST_SHRUNK) // _SHRINK
            return replace(
                self, piece=max(SMALLEST_PIECE, piece), since=0, idle=self.idle + 1,
                broke_at=None,
            )  # fmt: skip
        lasted = self.since + max(kept, 0)
        carried = lasted if self.carried is None else (self.carried + lasted) // 2
        piece = self.piece
        if kept <= 0:
            # Whole requests passed, a cut one left nothing: one of that size passes.
            piece = max(SMALLEST_PIECE, min(piece, lasted))
        # One life says little of how bad it gets: the next may last half as long.
        least = lasted // 2
        if self.least is not None:
            # The worst counts at once; it is forgotten step by step.
            least = min(lasted, self.least + (lasted - self.least) // 4)
        return Pace(piece, carried, 0, 0, least)

    @property
    def run_bytes(self) -> int:
        """Plain bytes that a batch should hold; a single entry may be more."""
        if self.carried is None or self.carried > _AS_GOOD_AS_WHOLE:
            return RUN_BYTES
        return min(RUN_BYTES, self.carried * _CUTS_PER_BATCH * _PLAIN_PER_SEALED)

    @property
    def feed_bytes(self) -> int | None:
        """How much of the feed may come with a greeting; None: as much as there is."""
        if self.carried is None and not self.idle:
            return None
        carried = self.carried or 0
        return carried // 2 if carried > _LONG_GREETING else 0

    def to_text(self) -> str:
        """Return the state to keep over restarts."""
        carried = -1 if self.carried is None else self.carried
        least = -1 if self.least is None else self.least
        return f"{self.piece} {carried} {self.since} {self.idle} {least}"

    @staticmethod
    def from_text(text: str | None) -> "Pace":
        """Return a kept state; a fresh one where there is none that can be read."""
        try:
            numbers = [int(each) for each in (text or "").split()]
            # Before it was kept how bad a line gets, there were four.
            known = (*numbers, -1) if len(numbers) == _BEFORE else numbers
            piece, carried, since, idle, least = known
        except ValueError:
            return Pace()
        piece = min(LARGEST_PIECE, max(SMALLEST_PIECE, piece))
        usual = None if carried < 0 else carried
        lowest = None if least < 0 else least
        return Pace(piece, usual, max(0, since), min(max(0, idle), 8), lowest)


# Cuts in a row that leave nothing before the desk waits for a better hour.
MOST_IDLE: Final = 5


@dataclass(frozen=True, slots=True)
class Tries:
    """One parcel's tries: the pace, how far it is known to be, cuts without gain.

    `last` is None as long as nobody knows how far an earlier process came.
    """

    pace: Pace
    last: int | None
    broke: bool = False
    idle: int = 0

    @property
    def asking(self) -> Pace:
        """The pace to try with; it learns of the last cut from what is found."""
        return replace(self.pace, broke_at=self.last if self.broke else None)

    @property
    def hopeless(self) -> bool:
        """Say whether the line should be left alone for now."""
        return self.idle >= MOST_IDLE

    def after(
        self, told: tuple[int, ...], found: int | None, *, broke: bool
    ) -> "Tries":
        """Return the state after one try: what was found, then told, and its end."""
        pace, last = self.pace, self.last
        if found is not None:
            if self.broke and last is not None:
                pace = pace.cut(found - last)
            last = found
        gained = found is not None and found > (self.last or 0)
        for offset in told:
            if last is not None and offset > last:
                pace = pace.carried_on(offset - last)
                gained = True
            last = offset
        idle = 0 if gained or not broke else self.idle + 1
        return Tries(pace, last, broke, idle)
