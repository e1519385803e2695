"""Catalogue editions and calendars as loaded; the newest of a kind is in use."""

from desk_app.store.vault import Transaction


def stamp(tx: Transaction) -> tuple[str, ...]:
    """Return which documents are in use: what is read from them holds as long."""
    rows = tx.rows(
        "SELECT kind, max(edition), loaded_at FROM texts"
        " WHERE kind IN ('edition', 'holidays') GROUP BY kind ORDER BY kind"
    )
    return (str(tx.vault), *(str(part) for row in rows for part in row))


def newest(tx: Transaction, kind: str) -> tuple[int, str] | None:
    """Return (edition, text) of the newest document of a kind."""
    row = tx.row(
        "SELECT edition, body FROM texts WHERE kind = ? ORDER BY edition DESC LIMIT 1",
        kind,
    )
    return (int(str(row[0])), str(row[1])) if row else None


def edition(tx: Transaction, kind: str, number: int) -> str | None:
    """Return the text of one edition: old cases are read by their own."""
    row = tx.row("SELECT body FROM texts WHERE kind = ? AND edition = ?", kind, number)
    return str(row[0]) if row else None


def all_of(tx: Transaction, kind: str) -> tuple[str, ...]:
    """Return the text of every edition of a kind, the newest first."""
    rows = tx.rows("SELECT body FROM texts WHERE kind = ? ORDER BY edition DESC", kind)
    return tuple(str(row[0]) for row in rows)


def keep(tx: Transaction, kind: str, number: int, text: str, *, at: str) -> None:
    """Keep one more edition; the same one again changes nothing."""
    tx.run(
        "INSERT INTO texts (kind, edition, body, loaded_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        kind,
        number,
        text,
        at,
    )
