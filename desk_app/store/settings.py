"""Named settings of the desk: its identity, keys, and how the last tries went."""

from desk_app.store.vault import Transaction


def get(tx: Transaction, name: str) -> str | None:
    """Return a setting, or None where it was never set."""
    row = tx.row("SELECT value FROM settings WHERE name = ?", name)
    return str(row[0]) if row else None


def several(tx: Transaction, *names: str) -> tuple[str | None, ...]:
    """Return some settings by one statement: four would take four times as long."""
    one = "(SELECT value FROM settings WHERE name = ?)"
    row = tx.row(f"SELECT {', '.join([one] * len(names))}", *names) or ()
    return tuple(None if value is None else str(value) for value in row)


def put(tx: Transaction, name: str, value: str) -> None:
    """Set a setting."""
    tx.run(
        "INSERT INTO settings (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name,
        value,
    )
