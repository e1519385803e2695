"""Days: which entries belong to them, how they were closed, what the district said."""

from dataclasses import dataclass

from desk_app.store import packing
from desk_app.store.vault import Row, Transaction

# Every day once, leaping over its entries: a vault of a million has some hundred days.
_EVERY_DAY = (
    "WITH RECURSIVE leap(day) AS (SELECT min(day) FROM journal_days UNION ALL"
    " SELECT (SELECT min(day) FROM journal_days WHERE day > leap.day) FROM leap"
    " WHERE leap.day IS NOT NULL), d(day) AS (SELECT day FROM leap"
    " WHERE day IS NOT NULL UNION SELECT day FROM closings)"
)


@dataclass(frozen=True, slots=True)
class ClosingRecord:
    """One closing of a day; `body` is the JSON of its journal entry's body."""

    day: str
    version: int
    epoch: int
    sequence: int
    operator: str
    body: str


@dataclass(frozen=True, slots=True)
class VerdictRecord:
    """What the district said of a closing; `body` is the feed body's JSON."""

    position: int
    day: str
    version: int
    kind: str
    genuine: bool
    body: str


def indexed(tx: Transaction, epoch: int) -> int:
    """Return the last sequence of an epoch whose days are noted; 0 before the first."""
    row = tx.row("SELECT sequence FROM days_indexed WHERE epoch = ?", epoch)
    return int(str(row[0])) if row else 0


def note(tx: Transaction, day: str, epoch: int, sequence: int) -> None:
    """Note that an entry belongs to a day."""
    tx.run(
        "INSERT INTO journal_days (day, epoch, sequence) VALUES (?, ?, ?)",
        day,
        epoch,
        sequence,
    )


def noted_through(tx: Transaction, epoch: int, sequence: int) -> None:
    """Note up to where an epoch's days are noted."""
    tx.run(
        "INSERT INTO days_indexed (epoch, sequence) VALUES (?, ?)"
        " ON CONFLICT (epoch) DO UPDATE SET sequence = excluded.sequence",
        epoch,
        sequence,
    )


def entries_of(tx: Transaction, day: str) -> tuple[tuple[int, int, bytes], ...]:
    """Return (epoch, sequence, entry) of a day, in order.

    Without what was offered again in another epoch: there it has its own place.
    """
    rows = tx.rows(
        "SELECT d.epoch, d.sequence, j.entry FROM journal_days AS d"
        " JOIN journal AS j ON j.epoch = d.epoch AND j.sequence = d.sequence"
        " WHERE d.day = ? AND NOT EXISTS (SELECT 1 FROM settled AS s"
        "  WHERE s.epoch = d.epoch AND s.sequence = d.sequence"
        "  AND s.how = 'offered_again') ORDER BY d.epoch, d.sequence",
        day,
    )
    return _entries(rows)


def came_back(tx: Transaction) -> tuple[tuple[int, int, bytes], ...]:
    """Return (epoch, sequence, entry) of what a restore lost and the district held."""
    rows = tx.rows(
        "SELECT epoch, sequence, entry FROM returned AS r"
        " WHERE own = 1 AND number IS NOT NULL AND NOT EXISTS (SELECT 1 FROM settled"
        "  AS s WHERE s.epoch = r.epoch AND s.sequence = r.sequence"
        "  AND s.how = 'held') ORDER BY epoch, sequence"
    )
    return _entries(rows)


def _entries(rows: list[Row]) -> tuple[tuple[int, int, bytes], ...]:
    return tuple(
        (int(str(epoch)), int(str(sequence)), packing.unpack(entry))
        for epoch, sequence, entry in rows
    )


def receipt_of(tx: Transaction, number: str) -> bytes | None:
    """Return the entry that received a case."""
    row = tx.row(
        "SELECT entry FROM history WHERE number = ? AND kind = 'case_received'"
        " ORDER BY epoch, sequence LIMIT 1",
        number,
    )
    return packing.unpack(row[0]) if row else None


def after(tx: Transaction, day: str, epoch: int, sequence: int) -> int:
    """Return how many entries of a day came after a place."""
    row = tx.row(
        "SELECT count(*) FROM journal_days"
        " WHERE day = ? AND (epoch, sequence) > (?, ?)",
        day,
        epoch,
        sequence,
    )
    return int(str(row[0])) if row else 0


def counts(tx: Transaction, *, limit: int) -> tuple[tuple[str, int], ...]:
    """Return (day, entries) of the latest days that have entries or closings."""
    rows = tx.rows(
        f"{_EVERY_DAY} SELECT day,"  # noqa: S608 - a constant
        " (SELECT count(*) FROM journal_days AS n WHERE n.day = d.day)"
        " FROM d ORDER BY day DESC LIMIT ?",
        limit,
    )
    return tuple((str(day), int(str(count))) for day, count in rows)


def not_agreed(tx: Transaction, *, before: str, limit: int) -> tuple[str, ...]:
    """Return earlier days whose last word is not an agreement, the oldest first.

    A day is done when its last closing was agreed and no entry came after it.
    """
    rows = tx.rows(
        f"{_EVERY_DAY} SELECT d.day FROM d"  # noqa: S608 - a constant
        " LEFT JOIN closings AS c ON c.day = d.day AND c.version ="
        " (SELECT max(version) FROM closings WHERE day = d.day)"
        " WHERE (d.day < ? OR c.day IS NOT NULL) AND (c.day IS NULL"
        " OR NOT EXISTS (SELECT 1 FROM day_verdicts AS v WHERE v.day = c.day"
        "  AND v.version = c.version AND v.kind = 'statement_agreed' AND v.genuine = 1)"
        " OR EXISTS (SELECT 1 FROM journal_days AS n WHERE n.day = c.day"
        "  AND (n.epoch, n.sequence) > (c.epoch, c.sequence)))"
        " ORDER BY d.day LIMIT ?",
        before,
        limit,
    )
    return tuple(str(row[0]) for row in rows)


def add_closing(tx: Transaction, closing: ClosingRecord) -> None:
    """Keep one more closing of a day."""
    tx.run(
        "INSERT INTO closings (day, version, epoch, sequence, operator, body)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        closing.day,
        closing.version,
        closing.epoch,
        closing.sequence,
        closing.operator,
        closing.body,
    )


def closings_of(tx: Transaction, day: str) -> tuple[ClosingRecord, ...]:
    """Return every closing of a day, the first one first."""
    rows = tx.rows(
        "SELECT day, version, epoch, sequence, operator, body FROM closings"
        " WHERE day = ? ORDER BY version",
        day,
    )
    return tuple(_closing(row) for row in rows)


def _closing(row: Row) -> ClosingRecord:
    day, version, epoch, sequence, operator, body = row
    return ClosingRecord(
        str(day),
        int(str(version)),
        int(str(epoch)),
        int(str(sequence)),
        str(operator),
        str(body),
    )


def add_verdict(tx: Transaction, verdict: VerdictRecord) -> None:
    """Keep what the district said of a closing."""
    tx.run(
        "INSERT INTO day_verdicts (position, day, version, kind, genuine, body)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        verdict.position,
        verdict.day,
        verdict.version,
        verdict.kind,
        int(verdict.genuine),
        verdict.body,
    )


def verdicts_of(tx: Transaction, day: str) -> tuple[VerdictRecord, ...]:
    """Return all that the district said of a day, in order."""
    rows = tx.rows(
        "SELECT position, day, version, kind, genuine, body FROM day_verdicts"
        " WHERE day = ? ORDER BY position",
        day,
    )
    return tuple(
        VerdictRecord(
            int(str(position)),
            str(of),
            int(str(version)),
            str(kind),
            genuine == 1,
            str(body),
        )
        for position, of, version, kind, genuine, body in rows
    )


def due_by(tx: Transaction, day: str) -> int:
    """Return how many cases have a legal day that ends by a day."""
    row = tx.row("SELECT count(*) FROM cases WHERE due_day <= ?", day)
    return int(str(row[0])) if row else 0


def oldest_due(tx: Transaction) -> str | None:
    """Return the earliest legal day of any open case."""
    row = tx.row("SELECT min(due_day) FROM cases WHERE due_day IS NOT NULL")
    return str(row[0]) if row and row[0] is not None else None
