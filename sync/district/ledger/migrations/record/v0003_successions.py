"""The district's next charters, and by which key a message was to be signed."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0003"
down_revision: Final = "0002"


def upgrade() -> None:
    """Make the table and the column."""
    op.create_table(
        "successions",
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("former", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("edition"),
    )
    op.add_column("outgoing", sa.Column("answers_key", sa.Text(), nullable=True))
