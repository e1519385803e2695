"""Open one of the ledger's databases: SQLite here, any SQLAlchemy URL later."""

from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry

from schemas.problems import Code, Problem
from sync.district.ledger.tables import record, sealed

Half = Literal["sealed", "record"]
TABLES: Final[dict[Half, MetaData]] = {"sealed": sealed, "record": record}


def open_database(path: Path, half: Half) -> Engine:
    """Return an engine on the file, climbed to the newest version.

    A file of a newer program is `Problem(LEDGER_NEWER)`, what is no database
    `DISTRICT_FILE_DAMAGED`: both are left as they are.
    """
    engine = create_engine(f"sqlite:///{path}")

    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA busy_timeout = 10000")
        cursor.close()

    event.listen(engine, "connect", prepare)
    try:
        with engine.begin() as connection:
            climb(connection, half)
    except DatabaseError as error:
        engine.dispose()
        if "not a database" in str(error) or "malformed" in str(error):
            raise Problem(Code.DISTRICT_FILE_DAMAGED, file=path.name) from error
        raise
    return engine


def damage(engine: Engine) -> tuple[str, ...]:
    """Return what SQLite's own check of the file finds wrong."""
    with engine.connect() as connection:
        lines = connection.execute(text("PRAGMA quick_check")).scalars()
        return tuple(line for line in lines if line != "ok")


def climb(connection: Connection, half: Half, *, to: str = "head") -> None:
    """Bring a database up to a rung; `to` is one by name, for tests of the ladder."""
    config = Config()
    folder = files("sync.district.ledger") / "migrations"
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(folder / half))
    config.attributes.update(connection=connection, tables=TABLES[half])
    ladder = ScriptDirectory.from_config(config)
    at = MigrationContext.configure(connection).get_current_revision()
    if at == ladder.get_current_head():
        return
    if at is not None and at not in {rung.revision for rung in ladder.walk_revisions()}:
        raise Problem(Code.LEDGER_NEWER, version=at)
    command.upgrade(config, to)
