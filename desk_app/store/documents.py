"""Printed documents, kept as bytes in the vault: every copy is numbered."""

from desk_app.store.vault import Transaction


def next_copy(tx: Transaction, number: str, kind: str) -> int:
    """Return the number of the next copy; 1 is the original."""
    row = tx.row(
        "SELECT count(*) FROM documents WHERE number = ? AND kind = ?", number, kind
    )
    return int(str(row[0])) + 1 if row else 1


def keep(
    tx: Transaction, number: str, kind: str, *, pdf: bytes, at: str, operator: str
) -> int:
    """Keep one more copy; returns its number."""
    copy = next_copy(tx, number, kind)
    tx.run(
        "INSERT INTO documents (number, kind, copy, pdf, made_at, operator)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        number,
        kind,
        copy,
        pdf,
        at,
        operator,
    )
    return copy
