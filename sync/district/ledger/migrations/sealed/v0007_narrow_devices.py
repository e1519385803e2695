"""A desk's row is read at every request: what is large or changes often leaves it.

The package that enrolled a desk holds a whole catalogue; each request read past it, and
each note of a contact wrote the row anew.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0007"
down_revision: Final = "0006"


def upgrade() -> None:
    """Move the packages and the times of the last contact into tables of their own."""
    op.create_table(
        "packages",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("package", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["devices.device"]),
        sa.PrimaryKeyConstraint("device"),
    )
    op.create_table(
        "heard",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["devices.device"]),
        sa.PrimaryKeyConstraint("device"),
    )
    for table, column, to in (
        ("packages", "package", "package"),
        ("heard", "last_contact_at", "at"),
    ):
        op.execute(
            f"INSERT INTO {table} (device, {to}) SELECT device, {column}"  # noqa: S608
            f" FROM devices WHERE {column} IS NOT NULL"
        )
        op.drop_column("devices", column)
