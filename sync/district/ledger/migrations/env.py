"""Alembic's doorway: climb on the connection that the ledger hands over.

Rule: no file of settings and no second connection; `ledger.database` starts it.
"""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["tables"],
)
with context.begin_transaction():
    context.run_migrations()
