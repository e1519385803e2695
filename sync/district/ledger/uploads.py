"""Uploads under way at intake: who announced them, how long they wait, what came of it.

Rule 1: the bytes that have arrived lie in a part file; how many they are is the size
        of that file and nothing else, so a crash can never promise more than there is.
Rule 2: one row an upload until it expires, also after its end: whoever lost the last
        answer gets the same one again.
Rule 3: quotas count what is announced, not what has arrived: a disk is not promised
        twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import (
    Connection,
    Engine,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from schemas.base import utc_text
from schemas.problems import Code, Problem
from sync.district.ledger.tables import limits, uploads

State = Literal["open", "kept", "refused"]

# An island may be cut off for weeks; a stranger has an hour.
DESK_KEEPS: Final = timedelta(days=14)
STRANGER_KEEPS: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload; `device` is None where nobody known announced it."""

    upload: str
    device: str | None
    digest: str
    length: int
    expires_at: datetime
    state: State
    answer: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What intake grants: uploads and bytes under way at once, bytes an hour.

    `bytes_per_hour` 0 means that a desk may send as fast as it can.
    """

    desk_uploads: int = 32
    desk_bytes: int = 256 * 2**20
    stranger_uploads: int = 16
    stranger_bytes: int = 32 * 2**20
    bytes_per_hour: int = 0

    @property
    def allowance(self) -> int | None:
        """Return the bytes an hour that a welcome grants, or None for all."""
        return self.bytes_per_hour or None


LIMITS: Final = tuple(Limits.__dataclass_fields__)

# What is asked at every request is built once.
_LIMITS: Final = select(limits.c.name, limits.c.value)
_ONE: Final = select(uploads).where(uploads.c.upload == bindparam("upload"))
_LATE: Final = select(uploads.c.upload).where(uploads.c.expires_at < bindparam("at"))
_UNDER_WAY: Final = select(
    func.count(), func.coalesce(func.sum(uploads.c.length), 0)
).where(uploads.c.state == "open")
_OF_STRANGERS: Final = _UNDER_WAY.where(uploads.c.device.is_(None))
_OF_A_DESK: Final = _UNDER_WAY.where(uploads.c.device == bindparam("device"))
_ENDED: Final = update(uploads).where(uploads.c.upload == bindparam("which"))


class UploadLedger:
    """The uploads of the sealed database; one transaction a verb."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def limits(self) -> Limits:
        """Return what the district set, or what is usual."""
        with self._engine.connect() as connection:
            return _limits(connection)

    def set_limit(self, name: str, value: int) -> None:
        """Set one limit of `Limits`."""
        if name not in LIMITS or value < 0:
            raise Problem(Code.LIMIT_OUT_OF_RANGE, name=name)
        with self._engine.begin() as connection:
            connection.execute(delete(limits).where(limits.c.name == name))
            connection.execute(insert(limits).values(name=name, value=value))

    def announce(self, asked: Upload, *, now: datetime) -> Upload:
        """Keep a new upload, or return the one of this name that is under way.

        One that was refused begins anew: what stood in its way may be gone.
        `Problem(UPLOAD_QUOTA)` where the desk (or all strangers) have too much open.
        """
        with self._engine.connect() as connection:
            connection.execute(text("BEGIN IMMEDIATE"))
            known = _one(connection, asked.upload)
            if known and known.state != "refused" and known.length == asked.length:
                return known
            if known:
                _forget(connection, asked.upload)
            _refuse_too_much(connection, asked)
            connection.execute(
                insert(uploads).values(
                    upload=asked.upload,
                    device=asked.device,
                    digest=asked.digest,
                    length=asked.length,
                    announced_at=utc_text(now),
                    expires_at=utc_text(asked.expires_at),
                    state=asked.state,
                    answer=asked.answer,
                )
            )
            connection.commit()
            return asked

    def get(self, upload: str) -> Upload | None:
        """Return one upload."""
        with self._engine.connect() as connection:
            return _one(connection, upload)

    def ended(self, upload: str, state: State, answer: str) -> None:
        """Keep what came of it: the receipt's text, or a problem's number."""
        with self._engine.begin() as connection:
            ended = {"which": upload, "state": state, "answer": answer}
            connection.execute(_ENDED, ended)

    def forget(self, upload: str) -> None:
        """Drop one that its sender gave up."""
        with self._engine.begin() as connection:
            _forget(connection, upload)

    def sweep(self, *, now: datetime) -> tuple[str, ...]:
        """Drop what has expired; returns the names, whose parts may go."""
        late = uploads.c.expires_at < utc_text(now)
        with self._engine.begin() as connection:
            names = connection.execute(_LATE, {"at": utc_text(now)})
            gone = tuple(names.scalars())
            if gone:
                connection.execute(delete(uploads).where(late))
        return gone

    def names(self) -> frozenset[str]:
        """Return every upload there is, so that parts of none can go."""
        with self._engine.connect() as connection:
            return frozenset(connection.execute(select(uploads.c.upload)).scalars())


def _limits(connection: Connection) -> Limits:
    rows = connection.execute(_LIMITS)
    return Limits(**{row.name: row.value for row in rows if row.name in LIMITS})


def _one(connection: Connection, upload: str) -> Upload | None:
    row = connection.execute(_ONE, {"upload": upload}).first()
    if row is None:
        return None
    return Upload(
        row.upload,
        row.device,
        row.digest,
        row.length,
        datetime.fromisoformat(row.expires_at),
        row.state,
        row.answer,
    )


def _forget(connection: Connection, upload: str) -> None:
    connection.execute(delete(uploads).where(uploads.c.upload == upload))


def _refuse_too_much(connection: Connection, asked: Upload) -> None:
    granted = _limits(connection)
    query = _OF_STRANGERS if asked.device is None else _OF_A_DESK
    row = connection.execute(query, {"device": asked.device}).one()
    most, bytes_ = (
        (granted.stranger_uploads, granted.stranger_bytes)
        if asked.device is None
        else (granted.desk_uploads, granted.desk_bytes)
    )
    if row[0] >= most or row[1] + asked.length > bytes_:
        raise Problem(Code.UPLOAD_QUOTA)
