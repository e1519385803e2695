"""The vault: one SQLCipher file, opened with the raw key, durable at every commit.

Rule 1: this is the only module that knows SQLCipher; its errors become `Problem`s.
Rule 2: one write transaction at a time (`BEGIN IMMEDIATE`), never nested.
Rule 3: a file from a newer program is not touched.
Rule 4: only what can be read again from what is durable is written without a sync.
"""

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlcipher3

# sqlite-utils prefers a module of this name to the standard library's, which cannot
# read SQLCipher files and has other exception classes. Before it is first imported.
sys.modules.setdefault("pysqlite3", sqlcipher3)

from sqlite_utils import Database, Migrations  # noqa: E402 - see above

from desk_app.store.migrations.ladder import RUNGS  # noqa: E402
from schemas.problems import Code, Problem  # noqa: E402
from schemas.progress import Progress, nobody_watches, tell  # noqa: E402

Row = tuple[str | int | bytes | None, ...]
_BUSY_MS: Final = 5000
# In WAL mode: the log is not synced at commit, and never written out of order.
_NORMAL: Final = 1
# Steps of the database's machine between two questions: some milliseconds.
_TOLD_EVERY: Final = 100_000
migrations = Migrations("island-desk")


def _split(script: str) -> Iterator[str]:
    buffer = ""
    for line in script.splitlines():
        buffer += line + "\n"
        if sqlcipher3.complete_statement(buffer):
            yield buffer
            buffer = ""


def _climb_by(name: str, script: str) -> None:
    @migrations(name=name)
    def rung(database: Database) -> None:
        # `executescript` would commit the rung's own transaction.
        for statement in _split(script):
            database.execute(statement)


for _name, _script in RUNGS.items():
    _climb_by(_name, _script)


class Transaction:
    """A connection's verbs while a transaction (or a read) is under way."""

    def __init__(self, connection: "sqlcipher3.Connection") -> None:
        self._connection = connection

    @property
    def vault(self) -> int:
        """Which open vault this is, among those of this process."""
        return id(self._connection)

    def run(self, sql: str, *values: str | int | bytes | None) -> int:
        """Execute a writing statement; returns how many rows it changed."""
        return int(self._connection.execute(sql, values).rowcount)

    def rows(self, sql: str, *values: str | int | bytes | None) -> list[Row]:
        """Return all rows of a query."""
        return list(self._connection.execute(sql, values).fetchall())

    def row(self, sql: str, *values: str | int | bytes | None) -> Row | None:
        """Return the first row of a query, or None."""
        found: Row | None = self._connection.execute(sql, values).fetchone()
        return found


class Vault:
    """An open vault; safe to use from several threads and processes."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._lock = threading.RLock()
        self._path = path
        self._writing = False
        self._key = key
        # Readable by its owner only, the journal beside it too: it takes the same mode.
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with _problems():
            self._connection = sqlcipher3.connect(
                str(path), isolation_level=None, check_same_thread=False
            )
            self._prepare(key)

    def _prepare(self, key: bytes) -> None:
        connection = self._connection
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # What is deleted is overwritten where that costs no further page; the rest
        # stays as unreadable as everything else in the file.
        connection.execute("PRAGMA secure_delete = FAST")
        # Sorting and index building must not spill readable rows to the disk.
        connection.execute("PRAGMA temp_store = MEMORY")
        # Opened pages kept in memory: opening one again costs more than finding it.
        connection.execute("PRAGMA cache_size = -65536")
        database = Database(connection)
        known = {each.name for each in migrations.pending(database)} | {
            each.name for each in migrations.applied(database)
        }
        if any(each.name not in RUNGS for each in migrations.applied(database)):
            raise Problem(Code.VAULT_NEWER)
        if len(known) > len(migrations.applied(database)):
            migrations.apply(database)

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """One durable transaction: all of it or nothing."""
        with self._lock, _problems():
            if self._writing:
                message = "a service is one transaction"
                raise RuntimeError(message)
            self._connection.execute("BEGIN IMMEDIATE")
            self._writing = True
            try:
                yield Transaction(self._connection)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._writing = False

    @contextmanager
    def write_derived(self) -> Iterator[Transaction]:
        """One transaction that a power cut may undo as a whole: it waits for no disk.

        For what is derived from durable rows and carries its own mark of how far it
        got: whoever finds the mark behind derives the rest again.
        """
        with self._lock:
            with _problems():
                (level,) = self._connection.execute("PRAGMA synchronous").fetchone()
                self._connection.execute(f"PRAGMA synchronous = {min(level, _NORMAL)}")
            try:
                with self.write() as tx:
                    yield tx
            finally:
                self._connection.execute(f"PRAGMA synchronous = {level}")

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """One consistent look."""
        with self._lock, _problems():
            if self._connection.in_transaction:
                yield Transaction(self._connection)
                return
            self._connection.execute("BEGIN")
            try:
                yield Transaction(self._connection)
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def damage(self, *, progress: Progress = nobody_watches) -> list[str]:
        """Return what the cipher's and the database's own checks find wrong.

        `progress` is told the file's megabytes; `Problem(STOPPED)` where it returns
        False.
        """
        size = self._path.stat().st_size >> 20
        with self.read() as tx:
            # The cipher's own check asks nobody, and reads some hundred MB a second.
            tell(progress, size)
            pages = [str(row[0]) for row in tx.rows("PRAGMA cipher_integrity_check")]
            with _told(self._connection, lambda: progress(size)):
                quick = [str(row[0]) for row in tx.rows("PRAGMA quick_check")]
        return pages + [line for line in quick if line != "ok"]

    @property
    def key(self) -> bytes:
        """The database key, for a backup that seals it; never shown, never logged."""
        return self._key

    def snapshot(self, path: Path, *, progress: Progress = nobody_watches) -> None:
        """Write a whole copy at one moment, encrypted by the same key, to a new file.

        Whoever works on may do so: another connection copies what was durable when it
        began. `progress` is told how many megabytes are written;
        `Problem(STOPPED)` where it returns False.
        """
        with _problems():
            reading = sqlcipher3.connect(
                str(self._path), isolation_level=None, check_same_thread=False
            )
            try:
                reading.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
                reading.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
                reading.execute("PRAGMA cipher_log_level = NONE")
                reading.execute("PRAGMA temp_store = MEMORY")
                with _told(reading, lambda: progress(path.stat().st_size >> 20)):
                    reading.execute("VACUUM INTO ?", (str(path),))
            finally:
                reading.close()

    def close(self) -> None:
        """Forget the key and let go of the file."""
        with self._lock:
            self._key = b""
            self._connection.close()


@contextmanager
def _told(
    connection: "sqlcipher3.Connection", go_on: Callable[[], bool]
) -> Iterator[None]:
    """Ask within a long statement whether to go on; `Problem(STOPPED)` where not."""
    stopped = False

    def told() -> int:
        nonlocal stopped
        stopped = not go_on()
        return int(stopped)

    connection.set_progress_handler(told, _TOLD_EVERY)
    try:
        yield
    except sqlcipher3.OperationalError as error:
        if stopped:
            raise Problem(Code.STOPPED) from error
        raise
    finally:
        connection.set_progress_handler(None, 0)


@contextmanager
def _problems() -> Iterator[None]:
    try:
        yield
    except sqlcipher3.OperationalError as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            raise Problem(Code.VAULT_BUSY) from error
        if "full" in text:
            raise Problem(Code.DISK_FULL) from error
        if "disk image is malformed" in text or "disk I/O" in text:
            raise Problem(Code.VAULT_DAMAGED) from error
        if "unable to open" in text or "readonly" in text:
            raise Problem(Code.VAULT_NOT_OPENED) from error
        raise
    except sqlcipher3.DatabaseError as error:
        if "not a database" in str(error) or "malformed" in str(error):
            raise Problem(Code.VAULT_DAMAGED) from error
        raise
