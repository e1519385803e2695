"""Blank forms for days without power: each sheet has a control number of its own."""

from desk_app.store.vault import Transaction


def issue(tx: Transaction, control: str, *, at: str, operator: str) -> None:
    """Note that a numbered blank was printed."""
    tx.run(
        "INSERT INTO blanks (control, printed_at, operator) VALUES (?, ?, ?)",
        control,
        at,
        operator,
    )


def last(tx: Transaction, prefix: str) -> int:
    """Return the highest running number under a prefix, or 0."""
    row = tx.row(
        "SELECT max(substr(control, ?)) FROM blanks WHERE control LIKE ? || '%'",
        len(prefix) + 1,
        prefix,
    )
    return int(str(row[0])) if row and row[0] is not None else 0


def used(tx: Transaction, control: str, number: str) -> bool:
    """Tie a blank to the case it became; False where it is unknown or used."""
    changed = tx.run(
        "UPDATE blanks SET number = ? WHERE control = ? AND number IS NULL"
        " AND voided IS NULL",
        number,
        control,
    )
    return changed == 1


def void(tx: Transaction, control: str, reason: str) -> bool:
    """Note that a blank was spoiled; False where it is unknown or used."""
    changed = tx.run(
        "UPDATE blanks SET voided = ? WHERE control = ? AND number IS NULL"
        " AND voided IS NULL",
        reason,
        control,
    )
    return changed == 1


def voided(tx: Transaction, *, limit: int) -> tuple[tuple[str, str], ...]:
    """Return (control number, reason) of spoiled blanks."""
    rows = tx.rows(
        "SELECT control, voided FROM blanks WHERE voided IS NOT NULL"
        " ORDER BY printed_at DESC LIMIT ?",
        limit,
    )
    return tuple((str(control), str(reason)) for control, reason in rows)


def open_ones(tx: Transaction) -> tuple[str, ...]:
    """Return the blanks that are neither used nor voided."""
    rows = tx.rows(
        "SELECT control FROM blanks WHERE number IS NULL AND voided IS NULL"
        " ORDER BY control"
    )
    return tuple(str(row[0]) for row in rows)
