"""What happened to this desk that its people must know: until somebody has seen it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from desk_app.store.vault import Transaction
from schemas.base import utc_text


@dataclass(frozen=True, slots=True)
class IncidentRecord:
    """One happening; `what` is a key of the text catalogue, `detail` fills it."""

    id: int
    at: str
    what: str
    detail: dict[str, str]
    seen_at: str | None
    seen_by: str | None


def add(
    tx: Transaction, what: str, detail: Mapping[str, str], *, now: datetime
) -> None:
    """Write down what happened, in the caller's transaction."""
    tx.run(
        "INSERT INTO incidents (at, what, detail) VALUES (?, ?, ?)",
        utc_text(now),
        what,
        json.dumps(dict(detail), ensure_ascii=False, sort_keys=True),
    )


def listed(
    tx: Transaction, *, unseen_only: bool, limit: int
) -> tuple[IncidentRecord, ...]:
    """Return what happened, the newest first."""
    rows = tx.rows(
        "SELECT id, at, what, detail, seen_at, seen_by FROM incidents"
        " WHERE seen_at IS NULL OR NOT ? ORDER BY id DESC LIMIT ?",
        int(unseen_only),
        limit,
    )
    return tuple(
        IncidentRecord(
            int(str(each[0])), str(each[1]), str(each[2]), json.loads(str(each[3])),
            None if each[4] is None else str(each[4]),
            None if each[5] is None else str(each[5]),
        )
        for each in rows
    )  # fmt: skip


def seen(tx: Transaction, incident: int, *, by: str, now: datetime) -> bool:
    """Note who has seen it; False where it was seen before."""
    return bool(
        tx.run(
            "UPDATE incidents SET seen_at = ?, seen_by = ?"
            " WHERE id = ? AND seen_at IS NULL",
            utc_text(now),
            by,
            incident,
        )
    )
