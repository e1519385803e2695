"""Vaults as an older program left them: what every rung of the ladder is climbed from.

The key is every test's own; rows are put in by whoever asked for the vault.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlcipher3

from desk_app.store.migrations.ladder import RUNGS

KEY = bytes(range(32))


@contextmanager
def a_vault_file(path: Path) -> Iterator[sqlcipher3.Connection]:
    """The bare file, opened by its key and nothing of the program."""
    connection = sqlcipher3.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def left_on_rung(path: Path, height: int) -> Iterator[sqlcipher3.Connection]:
    """A new vault that has climbed so many rungs; closed when its rows are in."""
    with a_vault_file(path) as old:
        old.execute(
            "CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY,"
            " migration_set TEXT, name TEXT, applied_at TEXT)"
        )
        for name in list(RUNGS)[:height]:
            old.executescript(RUNGS[name])
            old.execute(
                "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
                " VALUES ('island-desk', ?, '2026')",
                (name,),
            )
        yield old
