"""What the district said: applied once, in order, kept with its own bytes."""

from dataclasses import dataclass

from desk_app.store.vault import Transaction


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """One applied message: its body as JSON and the message as it came."""

    position: int
    kind: str
    number: str | None
    body: str
    message: str
    applied_at: str


def cursor(tx: Transaction) -> int:
    """Return the last applied position; 0 before the first."""
    row = tx.row("SELECT coalesce(max(position), 0) FROM feed")
    return int(str(row[0])) if row else 0


def newest(tx: Transaction) -> str | None:
    """Return the message at the cursor, as it came; None before the first."""
    row = tx.row("SELECT message FROM feed ORDER BY position DESC LIMIT 1")
    return str(row[0]) if row else None


def add(tx: Transaction, record: FeedRecord) -> None:
    """Keep one message; its position is the cursor."""
    tx.run(
        "INSERT INTO feed (position, kind, number, body, message, applied_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        record.position,
        record.kind,
        record.number,
        record.body,
        record.message,
        record.applied_at,
    )


def between(
    tx: Transaction, *, after: int, through: int
) -> tuple[tuple[str, str], ...]:
    """Return (body, message) of what came after one position, up to another."""
    rows = tx.rows(
        "SELECT body, message FROM feed WHERE position > ? AND position <= ?"
        " ORDER BY position",
        after,
        through,
    )
    return tuple((str(body), str(message)) for body, message in rows)


def of_case(tx: Transaction, number: str) -> tuple[tuple[int, str], ...]:
    """Return (position, body) of every message on one case."""
    rows = tx.rows(
        "SELECT position, body FROM feed WHERE number = ? ORDER BY position", number
    )
    return tuple((int(str(row[0])), str(row[1])) for row in rows)
