"""What is set aside, by which act, and what healed it (P8).

What was set aside before this rung gets its line, so that it, too, can be healed.
"""

import json
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0008"
down_revision: Final = "0007"


def upgrade() -> None:
    """Make the table and a line for each entry that has a problem."""
    asides = op.create_table(
        "asides",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text()),
        sa.Column("asked_at", sa.Text()),
        sa.Column("healed_epoch", sa.Integer()),
        sa.Column("healed_sequence", sa.Integer()),
        sa.Column("healed_at", sa.Text()),
        sa.PrimaryKeyConstraint("device", "epoch", "sequence"),
    )
    op.create_index("asides_by_act", "asides", ["act"])
    entries = sa.table(
        "entries",
        sa.column("device", sa.Text),
        sa.column("epoch", sa.Integer),
        sa.column("sequence", sa.Integer),
        sa.column("entry", sa.LargeBinary),
        sa.column("problem", sa.Integer),
    )
    found = (
        op.get_bind()
        .execute(sa.select(entries).where(entries.c.problem.is_not(None)))
        .all()
    )
    lines = [
        {
            "device": row.device,
            "epoch": row.epoch,
            "sequence": row.sequence,
            "act": _act(row.entry),
        }
        for row in found
    ]
    if lines:
        op.bulk_insert(asides, lines)


def _act(raw: bytes) -> str | None:
    """Return the id of what an entry says was done, if it can be read."""
    try:
        entry = json.loads(raw)
    except ValueError:
        return None
    if not isinstance(entry, dict) or "body" not in entry:
        return None
    again = entry.get("again")
    act = again.get("entry_id") if isinstance(again, dict) else entry.get("entry_id")
    return act if isinstance(act, str) else None
