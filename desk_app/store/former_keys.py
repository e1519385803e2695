"""Keys that were followed by others and are still believed, or still open something."""

from typing import Literal

from desk_app.store.vault import Transaction
from schemas.encoding import base64_bytes, base64_text
from sync.seal import suite1

Use = Literal["answers", "receipts", "own_sealing"]


def keep(
    tx: Transaction, use: Use, key: bytes, *, key_id: str | None = None, since: str
) -> None:
    """Keep a former key: public halves of the district's, a secret half of one's own.

    `key_id` is derived from a public half; a secret half must bring it.
    """
    tx.run(
        "INSERT INTO former_keys (key_id, use, key, since) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (key_id) DO UPDATE SET retired_at = NULL",
        key_id or suite1.key_id(key),
        use,
        base64_text(key),
        since,
    )


def of(tx: Transaction, use: Use) -> tuple[bytes, ...]:
    """Return the keys of a use that are not retired."""
    rows = tx.rows(
        "SELECT key FROM former_keys WHERE use = ? AND retired_at IS NULL"
        " ORDER BY since",
        use,
    )
    return tuple(base64_bytes(str(row[0])) for row in rows)


def retire(tx: Transaction, key_id: str, *, at: str) -> None:
    """Believe a key no more."""
    tx.run("UPDATE former_keys SET retired_at = ? WHERE key_id = ?", at, key_id)


def forget_own(tx: Transaction) -> None:
    """Destroy the own former sealing keys: nothing is sealed to them any more."""
    tx.run("DELETE FROM former_keys WHERE use = 'own_sealing'")


def listed(tx: Transaction) -> tuple[tuple[str, str, str, str | None], ...]:
    """Return (use, key id, since, retired at) of every former key."""
    rows = tx.rows("SELECT use, key_id, since, retired_at FROM former_keys")
    return tuple(
        (str(use), str(key_id), str(since), None if gone is None else str(gone))
        for use, key_id, since, gone in rows
    )
