"""What desks said to what was given out: notices seen, commands done."""

import json
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0007"
down_revision: Final = "0006"

_KINDS: Final = ("notice_seen", "command_done")


def upgrade() -> None:
    """Make the table, and fill it from the entries that are filed already."""
    made = op.create_table(
        "responses",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("problem", sa.Integer(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("device", "position", "operator"),
    )
    entries = sa.table(
        "entries",
        sa.column("device", sa.Text()),
        sa.column("epoch", sa.Integer()),
        sa.column("sequence", sa.Integer()),
        sa.column("entry", sa.LargeBinary()),
        sa.column("problem", sa.Integer()),
    )
    connection = op.get_bind()
    said = connection.execute(
        sa.select(entries.c.device, entries.c.entry)
        .where(entries.c.problem.is_(None))
        .order_by(entries.c.device, entries.c.epoch, entries.c.sequence)
    ).all()
    known: set[tuple[str, int, str]] = set()
    for device, raw in said:
        if not any(kind.encode() in raw for kind in _KINDS):
            continue
        entry = json.loads(raw)
        body = entry["body"]
        key = (device, body.get("position", 0), entry["operator"])
        if body["kind"] not in _KINDS or key in known:
            continue
        known.add(key)
        connection.execute(
            sa.insert(made).values(
                device=key[0],
                position=key[1],
                operator=key[2],
                outcome=body.get("outcome", "seen"),
                problem=body.get("problem"),
                at=entry["clocks"]["wall"],
            )
        )
    # What was said is never changed in place.
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER responses_never_{verb.lower()} BEFORE {verb} ON responses"
            " BEGIN SELECT raise(ABORT, 'responses is append-only'); END"
        )
