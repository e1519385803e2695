"""The audit trail: append-only, hash-chained; it names what was done, not contents."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from desk_app.store.vault import Transaction
from schemas.base import utc_text


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who did what to which case, draft or operator, and when."""

    position: int
    at: datetime
    operator: str | None
    what: str
    subject: str


def note(
    tx: Transaction, what: str, subject: str, *, operator: str | None, now: datetime
) -> None:
    """Append a line in the caller's transaction."""
    last = tx.row("SELECT chain FROM audit ORDER BY position DESC LIMIT 1")
    at = utc_text(now)
    chain = _link(str(last[0]) if last else "", at, operator, what, subject)
    tx.run(
        "INSERT INTO audit (at, operator, what, subject, chain) VALUES (?, ?, ?, ?, ?)",
        at,
        operator,
        what,
        subject,
        chain,
    )


def _link(before: str, at: str, operator: str | None, what: str, subject: str) -> str:
    line = "\n".join((before, at, operator or "", what, subject))
    return hashlib.sha256(line.encode()).hexdigest()


def lines(
    tx: Transaction, *, limit: int, before: int | None = None
) -> tuple[AuditLine, ...]:
    """Return the newest lines first, or those before a position."""
    rows = tx.rows(
        "SELECT position, at, operator, what, subject FROM audit"
        " WHERE ? IS NULL OR position < ? ORDER BY position DESC LIMIT ?",
        before,
        before,
        limit,
    )
    return tuple(
        AuditLine(
            int(str(position)),
            datetime.fromisoformat(str(at)),
            None if operator is None else str(operator),
            str(what),
            str(subject),
        )
        for position, at, operator, what, subject in rows
    )


def broken_at(tx: Transaction) -> int | None:
    """Return the first position whose link does not follow, or None."""
    before = ""
    for position, at, operator, what, subject, chain in tx.rows(
        "SELECT position, at, operator, what, subject, chain FROM audit"
        " ORDER BY position"
    ):
        who = None if operator is None else str(operator)
        before = _link(before, str(at), who, str(what), str(subject))
        if before != chain:
            return int(str(position))
    return None
