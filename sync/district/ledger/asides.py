"""What is set aside, by the act that it says, and what healed it.

Rule 1: a line is never removed: what was healed says by which entry.
Rule 2: a place without an act is a gap: what stood there is not known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    insert,
    select,
    update,
)

from sync.district.ledger.rows import EntryFiled
from sync.district.ledger.sending import queue_message
from sync.district.ledger.tables import asides, entries

Place: TypeAlias = tuple[int, int]
"""(epoch, sequence) in a device's journal."""


@dataclass(frozen=True, slots=True)
class Aside:
    """One place that is set aside and not healed."""

    device: str
    epoch: int
    sequence: int
    act: str | None
    problem: int
    reason: str
    number: str | None
    entry: bytes

    @property
    def place(self) -> Place:
        """Where it stands in its journal."""
        return self.epoch, self.sequence


def set_aside(connection: Connection, line: EntryFiled, act: str | None) -> None:
    """Note what a place that is set aside says was done, if that is known."""
    connection.execute(
        insert(asides).values(
            device=line.device, epoch=line.epoch, sequence=line.sequence, act=act
        )
    )


def heal(
    connection: Connection, device: str, places: Iterable[Place], *, by: Place, at: str
) -> None:
    """Note which entry healed some places; what is healed stays as it is."""
    for epoch, sequence in places:
        connection.execute(
            update(asides)
            .where(
                asides.c.device == device,
                asides.c.epoch == epoch,
                asides.c.sequence == sequence,
                asides.c.healed_at.is_(None),
            )
            .values(healed_epoch=by[0], healed_sequence=by[1], healed_at=at)
        )


def ask_anew(connection: Connection, device: str) -> None:
    """Let what is still missing be asked for once more: the desk began an epoch."""
    connection.execute(
        update(asides)
        .where(asides.c.device == device, asides.c.healed_at.is_(None))
        .values(asked_at=None)
    )


def same_place() -> ColumnElement[bool]:
    """Say that a line stands for an entry, for a join."""
    return and_(
        asides.c.device == entries.c.device,
        asides.c.epoch == entries.c.epoch,
        asides.c.sequence == entries.c.sequence,
    )


class Asides:
    """The record's part on what is set aside."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open_of(self, device: str) -> tuple[Aside, ...]:
        """Return what of a device is set aside and not healed, in order."""
        return self._read(device, asides.c.healed_at.is_(None))

    def of_act(self, device: str, act: str) -> tuple[Aside, ...]:
        """Return the places not healed that say one act."""
        return self._read(
            device, and_(asides.c.healed_at.is_(None), asides.c.act == act)
        )

    def not_asked(self, device: str) -> tuple[Aside, ...]:
        """Return what is not healed and was not asked for, in order."""
        return self._read(
            device, and_(asides.c.healed_at.is_(None), asides.c.asked_at.is_(None))
        )

    def ask(self, device: str, places: Mapping[Place, str | None], *, at: str) -> None:
        """Note that places were asked for, together with the messages that ask."""
        with self._engine.begin() as connection:
            for (epoch, sequence), message in places.items():
                connection.execute(
                    update(asides)
                    .where(
                        asides.c.device == device,
                        asides.c.epoch == epoch,
                        asides.c.sequence == sequence,
                    )
                    .values(asked_at=at)
                )
                if message is not None:
                    queue_message(connection, device, message)

    def _read(self, device: str, which: ColumnElement[bool]) -> tuple[Aside, ...]:
        query = (
            select(
                entries.c.device, entries.c.epoch, entries.c.sequence, asides.c.act,
                entries.c.problem, entries.c.reason, entries.c.number, entries.c.entry,
            )
            .select_from(asides.join(entries, same_place()))
            .where(asides.c.device == device, which)
            .order_by(asides.c.epoch, asides.c.sequence)
        )  # fmt: skip
        with self._engine.connect() as connection:
            return tuple(Aside(*row) for row in connection.execute(query))
