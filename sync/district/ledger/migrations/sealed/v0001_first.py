"""The first version of the ledger's `sealed` database."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0001"
down_revision: Final = None


def upgrade() -> None:
    """Make the tables."""
    # fmt: off
    op.create_table('devices',
    sa.Column('device', sa.Text(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('town', sa.Text(), nullable=False),
    sa.Column('terminal', sa.Text(), nullable=True),
    sa.Column('signing_key', sa.Text(), nullable=False),
    sa.Column('signing_key_id', sa.Text(), nullable=False),
    sa.Column('sealing_key', sa.Text(), nullable=False),
    sa.Column('desk_name', sa.Text(), nullable=False),
    sa.Column('request', sa.Text(), nullable=False),
    sa.Column('package', sa.Text(), nullable=True),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('asked_at', sa.Text(), nullable=False),
    sa.Column('last_contact_at', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('device'),
    sa.UniqueConstraint('number'),
    sa.UniqueConstraint('signing_key_id')
    )
    op.create_table('invitations',
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('town', sa.Text(), nullable=False),
    sa.Column('expires_at', sa.Text(), nullable=False),
    sa.Column('used_by', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('digest')
    )
    op.create_table('batches',
    sa.Column('log_position', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('device', sa.Text(), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('first', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.Column('raw', sa.LargeBinary(), nullable=False),
    sa.Column('receipt', sa.Text(), nullable=False),
    sa.Column('received_at', sa.Text(), nullable=False),
    sa.Column('opened', sa.Integer(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['device'], ['devices.device'] ),
    sa.PrimaryKeyConstraint('log_position'),
    sa.UniqueConstraint('device', 'epoch', 'first'),
    sa.UniqueConstraint('digest')
    )
    op.create_table('feed',
    sa.Column('device', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['device'], ['devices.device'] ),
    sa.PrimaryKeyConstraint('device', 'position')
    )
    # fmt: on
