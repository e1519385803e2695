"""Drafts: one row each, replaced at every field; gone once accepted."""

from dataclasses import dataclass

from desk_app.store import packing
from desk_app.store.vault import Row, Transaction


@dataclass(frozen=True, slots=True)
class DraftRecord:
    """A draft as kept: `body` is its JSON."""

    draft_id: str
    item_code: str
    body: str
    updated_at: str
    operator: str


def save(tx: Transaction, draft: DraftRecord) -> None:
    """Write the draft down."""
    tx.run(
        "INSERT INTO drafts (draft_id, item_code, body, updated_at, operator)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (draft_id) DO UPDATE SET"
        " body = excluded.body, updated_at = excluded.updated_at,"
        " operator = excluded.operator",
        draft.draft_id,
        draft.item_code,
        packing.pack(draft.body.encode()),
        draft.updated_at,
        draft.operator,
    )


def get(tx: Transaction, draft_id: str) -> DraftRecord | None:
    """Return one draft."""
    row = tx.row(
        "SELECT draft_id, item_code, body, updated_at, operator FROM drafts"
        " WHERE draft_id = ?",
        draft_id,
    )
    return _read(row) if row else None


def all_of(tx: Transaction) -> tuple[DraftRecord, ...]:
    """Return every draft, the one last touched first."""
    rows = tx.rows(
        "SELECT draft_id, item_code, body, updated_at, operator FROM drafts"
        " ORDER BY updated_at DESC"
    )
    return tuple(map(_read, rows))


def _read(row: Row) -> DraftRecord:
    draft_id, item_code, body, updated_at, operator = row
    return DraftRecord(
        str(draft_id), str(item_code), packing.unpack(body).decode(),
        str(updated_at), str(operator),
    )  # fmt: skip


def remove(tx: Transaction, draft_id: str) -> bool:
    """Take a draft away, in the transaction that accepts or discards it.

    False where there was none (any more): two windows may accept the same one.
    """
    return tx.run("DELETE FROM drafts WHERE draft_id = ?", draft_id) == 1


def count(tx: Transaction) -> int:
    """Return how many drafts there are."""
    row = tx.row("SELECT count(*) FROM drafts")
    return int(str(row[0])) if row else 0
