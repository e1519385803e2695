"""Trusted times: when the district's signed time met this PC's clocks (P9).

An anchor that follows another without an entry in between replaces it: it bounds
nothing that the newer one does not. So there are never more of them than entries.
"""

from datetime import datetime, timedelta

from desk_app.store.vault import Row, Transaction
from schemas.base import utc_text
from sync.protocol.anchors import Anchor, Reading

_COLUMNS = "at, within_ms, wall, boot, monotonic_ms"


def keep(tx: Transaction, anchor: Anchor, *, epoch: int, sequence: int) -> None:
    """Keep an anchor; `sequence` is the journal's head when it was heard."""
    reading = anchor.reading
    tx.run(
        "DELETE FROM anchors WHERE epoch = ? AND sequence = ? AND boot = ?"
        " AND (within_ms IS NULL OR ?)",
        epoch,
        sequence,
        reading.boot,
        int(anchor.within is not None),
    )
    tx.run(
        f"INSERT INTO anchors ({_COLUMNS}, epoch, sequence)"  # noqa: S608 - a constant
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        utc_text(anchor.at),
        None
        if anchor.within is None
        else round(anchor.within / timedelta(milliseconds=1)),
        utc_text(reading.wall),
        reading.boot,
        reading.monotonic_ms,
        epoch,
        sequence,
    )


def latest(tx: Transaction) -> Anchor | None:
    """Return the last anchor whose truth is bounded on both sides."""
    row = tx.row(
        f"SELECT {_COLUMNS} FROM anchors WHERE within_ms IS NOT NULL"  # noqa: S608
        " ORDER BY id DESC LIMIT 1"
    )
    return _anchor(row) if row else None


def latest_head(tx: Transaction) -> tuple[int, int]:
    """Return the journal's head at the last such anchor; (1, 0) before the first."""
    row = tx.row(
        "SELECT epoch, sequence FROM anchors WHERE within_ms IS NOT NULL"
        " ORDER BY id DESC LIMIT 1"
    )
    return (int(str(row[0])), int(str(row[1]))) if row else (1, 0)


def around(
    tx: Transaction, *, epoch: int, sequence: int
) -> tuple[tuple[Anchor, ...], tuple[Anchor, ...]]:
    """Return the two anchors before an entry and the two after it."""
    before = tx.rows(
        f"SELECT {_COLUMNS} FROM anchors"  # noqa: S608 - a constant
        " WHERE (epoch, sequence) < (?, ?) ORDER BY id DESC LIMIT 2",
        epoch,
        sequence,
    )
    after = tx.rows(
        f"SELECT {_COLUMNS} FROM anchors"  # noqa: S608 - a constant
        " WHERE (epoch, sequence) >= (?, ?) ORDER BY id LIMIT 2",
        epoch,
        sequence,
    )
    return tuple(map(_anchor, reversed(before))), tuple(map(_anchor, after))


def count(tx: Transaction) -> int:
    """Return how many anchors are kept."""
    row = tx.row("SELECT count(*) FROM anchors")
    return int(str(row[0])) if row else 0


def _anchor(row: Row) -> Anchor:
    at, within, wall, boot, monotonic = row
    reading = Reading(datetime.fromisoformat(str(wall)), str(boot), int(str(monotonic)))
    bounded = None if within is None else timedelta(milliseconds=int(str(within)))
    return Anchor(reading, datetime.fromisoformat(str(at)), bounded)
