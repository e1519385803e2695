"""The record's part on days: which entries belong to them, what was said and agreed.

Closings, questions and agreements are append-only. Which entries belong to a day only
repeats what the entries say; it is caught up with when a day is looked at.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Table,
    and_,
    func,
    insert,
    select,
    tuple_,
    update,
)

from schemas.base import utc_text
from sync.district.ledger.tables import (
    agreements,
    closings,
    days_indexed,
    entries,
    entry_days,
    questions,
)
from sync.protocol.statement import DayRecord, days_of

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class ClosingKey:
    """A closing by its place in its desk's journal."""

    device: str
    day: str
    epoch: int
    sequence: int


@dataclass(frozen=True, slots=True)
class ClosingFiled:
    """A closing as the desk said it (`body`), and the district's own statement."""

    key: ClosingKey
    version: int
    operator: str
    body: str
    own: str


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """One round of the search for a difference; no ranges: the search has ended."""

    key: ClosingKey
    round: int
    ranges: int


@dataclass(frozen=True, slots=True)
class Search:
    """How many rounds were asked, and whether the last one waits for its answer."""

    rounds: int
    asking: bool


@dataclass(frozen=True, slots=True)
class AgreementSigned:
    """A countersigned statement, as JSON."""

    key: ClosingKey
    document: str


class Days:
    """The days' part of the record's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def catch_up(self, device: str) -> None:
        """Note the days of a device's entries that are not noted yet."""
        while self._note_some(device):
            pass

    def _note_some(self, device: str) -> bool:
        with self._engine.begin() as connection:
            new = _new_entries(connection, device)
            for epoch, sequence, raw in new:
                rows = [
                    {"device": device, "day": day, "epoch": epoch, "sequence": sequence}
                    for day in days_of(raw)
                ]
                if rows:
                    connection.execute(insert(entry_days), rows)
            if new:
                _noted_through(connection, device, *new[-1][:2])
        return bool(new)

    def records(self, device: str, day: str) -> tuple[DayRecord, ...]:
        """Return the entries of a day as they are held now, in order."""
        joined = entry_days.join(
            entries,
            (entries.c.device == entry_days.c.device)
            & (entries.c.epoch == entry_days.c.epoch)
            & (entries.c.sequence == entry_days.c.sequence),
        )
        query = (
            select(entry_days.c.epoch, entry_days.c.sequence, entries.c.entry)
            .select_from(joined)
            .where(entry_days.c.device == device, entry_days.c.day == day)
            .order_by(entry_days.c.epoch, entry_days.c.sequence)
        )
        with self._engine.connect() as connection:
            return tuple(
                DayRecord(row.epoch, row.sequence, row.entry)
                for row in connection.execute(query)
            )

    def receipts(self, device: str, numbers: Iterable[str]) -> tuple[bytes, ...]:
        """Return the entries of cases from one device, to look their items up."""
        query = (
            select(entries.c.entry)
            .where(entries.c.device == device, entries.c.number.in_(list(numbers)))
            .order_by(entries.c.epoch, entries.c.sequence)
        )
        with self._engine.connect() as connection:
            return tuple(row.entry for row in connection.execute(query))

    def counts(self, *, limit: int) -> tuple[tuple[str, str, int], ...]:
        """Return (device, day, entries), the latest days first."""
        query = (
            select(entry_days.c.device, entry_days.c.day, func.count().label("n"))
            .group_by(entry_days.c.device, entry_days.c.day)
            .order_by(entry_days.c.day.desc(), entry_days.c.device)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return tuple(
                (str(row.device), str(row.day), int(row.n))
                for row in connection.execute(query)
            )

    def after(self, key: ClosingKey) -> int:
        """Return how many entries of the day came after a closing."""
        later = tuple_(entry_days.c.epoch, entry_days.c.sequence) > tuple_(
            key.epoch, key.sequence
        )
        query = (
            select(func.count())
            .select_from(entry_days)
            .where(entry_days.c.device == key.device, entry_days.c.day == key.day)
            .where(later)
        )
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def devices(self) -> tuple[str, ...]:
        """Return every device that has filed an entry."""
        with self._engine.connect() as connection:
            query = select(entries.c.device).distinct()
            return tuple(str(row.device) for row in connection.execute(query))

    def closings(self, device: str, day: str) -> tuple[ClosingFiled, ...]:
        """Return every closing of a day, in order."""
        query = (
            select(closings)
            .where(closings.c.device == device, closings.c.day == day)
            .order_by(closings.c.epoch, closings.c.sequence)
        )
        with self._engine.connect() as connection:
            return tuple(_filed(row) for row in connection.execute(query))

    def differing(self, device: str) -> tuple[ClosingFiled, ...]:
        """Return a device's last closings of days that differ: searched, not agreed."""
        later = closings.alias()
        query = (
            select(closings)
            .join(questions, _same_closing(questions))
            .where(closings.c.device == device, questions.c.ranges == 0)
            .where(~select(agreements.c.day).where(_same_closing(agreements)).exists())
            .where(
                ~select(later.c.day)
                .where(
                    later.c.device == closings.c.device,
                    later.c.day == closings.c.day,
                    tuple_(later.c.epoch, later.c.sequence)
                    > tuple_(closings.c.epoch, closings.c.sequence),
                )
                .exists()
            )
            .order_by(closings.c.day)
        )
        with self._engine.connect() as connection:
            return tuple(_filed(row) for row in connection.execute(query))

    def closed_days(self, *, limit: int) -> tuple[tuple[str, str], ...]:
        """Return (device, day) of the latest days that were closed."""
        query = (
            select(closings.c.device, closings.c.day)
            .distinct()
            .order_by(closings.c.day.desc(), closings.c.device)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query)
            return tuple((str(row.device), str(row.day)) for row in rows)

    def search(self, key: ClosingKey) -> Search:
        """Return how far the search for a closing's differences has come."""
        query = (
            select(questions.c.round, questions.c.ranges)
            .where(*_is(questions, key))
            .order_by(questions.c.round.desc())
            .limit(1)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return Search(0, asking=False)
        ended = row.ranges == 0
        return Search(row.round - ended, asking=not ended)

    def agreement(self, key: ClosingKey) -> str | None:
        """Return the countersigned statement of a closing, if there is one."""
        query = select(agreements.c.document).where(*_is(agreements, key))
        with self._engine.connect() as connection:
            found = connection.execute(query).scalar()
        return str(found) if found is not None else None


def keep_closing(
    connection: Connection, closing: ClosingFiled, *, now: datetime
) -> None:
    """Keep a closing, in the transaction that files its entry."""
    connection.execute(
        insert(closings).values(
            **_key(closing.key),
            version=closing.version,
            operator=closing.operator,
            body=closing.body,
            own=closing.own,
            filed_at=utc_text(now),
        )
    )


def keep_question(
    connection: Connection, asked: QuestionAsked, *, now: datetime
) -> None:
    """Keep that the desk was asked."""
    connection.execute(
        insert(questions).values(
            **_key(asked.key),
            round=asked.round,
            ranges=asked.ranges,
            asked_at=utc_text(now),
        )
    )


def keep_agreement(
    connection: Connection, signed: AgreementSigned, *, now: datetime
) -> None:
    """Keep a countersigned statement."""
    connection.execute(
        insert(agreements).values(
            **_key(signed.key), document=signed.document, agreed_at=utc_text(now)
        )
    )


def _filed(row: Row[tuple[object, ...]]) -> ClosingFiled:
    key = ClosingKey(row.device, row.day, row.epoch, row.sequence)
    return ClosingFiled(key, row.version, row.operator, row.body, row.own)


def _same_closing(table: Table) -> ColumnElement[bool]:
    names = ("device", "day", "epoch", "sequence")
    return and_(*(table.c[name] == closings.c[name] for name in names))


def _key(key: ClosingKey) -> dict[str, str | int]:
    return {
        "device": key.device,
        "day": key.day,
        "epoch": key.epoch,
        "sequence": key.sequence,
    }


def _is(table: Table, key: ClosingKey) -> tuple[ColumnElement[bool], ...]:
    return tuple(table.c[name] == value for name, value in _key(key).items())


def _new_entries(connection: Connection, device: str) -> list[tuple[int, int, bytes]]:
    epochs = select(entries.c.epoch).where(entries.c.device == device).distinct()
    indexed = select(days_indexed).where(days_indexed.c.device == device)
    seen = {row.epoch: row.sequence for row in connection.execute(indexed)}
    for epoch in sorted(row.epoch for row in connection.execute(epochs)):
        query = (
            select(entries.c.epoch, entries.c.sequence, entries.c.entry)
            .where(
                entries.c.device == device,
                entries.c.epoch == epoch,
                entries.c.sequence > seen.get(epoch, 0),
            )
            .order_by(entries.c.sequence)
            .limit(_AT_ONCE)
        )
        rows = connection.execute(query).all()
        if rows:
            return [(row.epoch, row.sequence, row.entry) for row in rows]
    return []


def _noted_through(
    connection: Connection, device: str, epoch: int, sequence: int
) -> None:
    where = (days_indexed.c.device == device, days_indexed.c.epoch == epoch)
    changed = connection.execute(
        update(days_indexed).where(*where).values(sequence=sequence)
    )
    if not changed.rowcount:
        connection.execute(
            insert(days_indexed).values(device=device, epoch=epoch, sequence=sequence)
        )
