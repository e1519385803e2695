"""Where an entry stands: by which clocks, and at which place of a journal."""

from schemas.base import Count, Digest, Kept, Ordinal, UtcTime


class Clocks(Kept):
    """The three clocks of an entry: wall, boot, and time since that boot (P9).

    `anchored_at` is the latest district time that the desk had verified by then: the
    entry cannot be older, whatever the wall clock says.
    """

    wall: UtcTime
    boot: str
    monotonic_ms: Count
    anchored_at: UtcTime | None = None


class JournalHead(Kept):
    """A place in a journal: the chain head after `sequence`, 0 before the first."""

    epoch: Ordinal
    sequence: Count
    chain: Digest
