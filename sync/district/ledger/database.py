"""Open one of the ledger's databases: SQLite here, any SQLAlchemy URL later."""

from pathlib import Path

from sqlalchemy import Engine, MetaData, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from sync.district.ledger.tables import APPEND_ONLY


def open_database(path: Path, tables: MetaData) -> Engine:
    """Return an engine on the file, tables and guards made where missing."""
    engine = create_engine(f"sqlite:///{path}")

    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA busy_timeout = 10000")
        cursor.close()

    event.listen(engine, "connect", prepare)
    with engine.begin() as connection:
        tables.create_all(connection)
        for table in APPEND_ONLY:
            if table not in tables.tables:
                continue
            for verb in ("UPDATE", "DELETE"):
                connection.execute(
                    text(
                        f"CREATE TRIGGER IF NOT EXISTS {table}_never_{verb.lower()} "
                        f"BEFORE {verb} ON {table} BEGIN SELECT "
                        f"raise(ABORT, '{table} is append-only'); END"
                    )
                )
    return engine
