"""What is set aside, by the act that it says, and what healed it.

Rule 1: a line is never removed: what was healed says by which entry.
Rule 2: a place without an act is a gap: what stood there is not known.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    and_,
    bindparam,
    insert,
    or_,
    select,
    update,
)

from sync.district.ledger.rows import EntryFiled
from sync.district.ledger.sending import queue_message
from sync.district.ledger.tables import asides, cases, entries

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


def same_place() -> ColumnElement[bool]:
    """Say that a line stands for an entry, for a join."""
    return and_(
        asides.c.device == entries.c.device,
        asides.c.epoch == entries.c.epoch,
        asides.c.sequence == entries.c.sequence,
    )


# What is asked for every entry and every batch is built once.
_OPEN: Final = (
    select(
        entries.c.device, entries.c.epoch, entries.c.sequence, asides.c.act,
        entries.c.problem, entries.c.reason, entries.c.number, entries.c.entry,
    )
    .select_from(asides.join(entries, same_place()))
    .where(asides.c.device == bindparam("device"), asides.c.healed_at.is_(None))
)  # fmt: skip
_IN_ORDER: Final = _OPEN.order_by(asides.c.epoch, asides.c.sequence)
# Not in order: SQLite would walk all of the device for it, not the index of acts.
_OF_ACT: Final = _OPEN.where(asides.c.act == bindparam("act"))
_NUMBERED: Final = entries.c.number.in_(bindparam("numbers", expanding=True))
_OF_PROBLEM: Final = entries.c.problem.in_(bindparam("problems", expanding=True))
_MAY_GO_ON: Final = _IN_ORDER.where(
    asides.c.act.is_not(None),
    or_(
        _NUMBERED,
        and_(
            _OF_PROBLEM,
            select(cases.c.number).where(cases.c.number == entries.c.number).exists(),
        ),
    ),
)
_CASES_ASKED: Final = (
    _OPEN.where(asides.c.asked_at.is_not(None))
    .with_only_columns(entries.c.number)
    .distinct()
)
_NOT_ASKED: Final = _IN_ORDER.where(asides.c.asked_at.is_(None), _OF_PROBLEM)
_HEALS: Final = update(asides).where(
    asides.c.device == bindparam("of"),
    asides.c.epoch == bindparam("within"),
    asides.c.sequence == bindparam("at"),
    asides.c.healed_at.is_(None),
)


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
    said = {"healed_epoch": by[0], "healed_sequence": by[1], "healed_at": at}
    for epoch, sequence in places:
        here = {"of": device, "within": epoch, "at": sequence}
        connection.execute(_HEALS, here | said)


def ask_anew(connection: Connection, device: str) -> None:
    """Let what is still missing be asked for once more: the desk began an epoch."""
    connection.execute(
        update(asides)
        .where(asides.c.device == device, asides.c.healed_at.is_(None))
        .values(asked_at=None)
    )


class Asides:
    """The record's part on what is set aside."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_act(self, device: str, act: str) -> tuple[Aside, ...]:
        """Return the places not healed that say one act, in order."""
        found = self._read(_OF_ACT, {"device": device, "act": act})
        return tuple(sorted(found, key=lambda each: each.place))

    def may_go_on(
        self, device: str, *, lacking: Collection[int], restored: Collection[str]
    ) -> tuple[Aside, ...]:
        """Return what is not healed and may have what it missed, in order.

        `lacking` are the problems of which its case may be the end, once that is filed;
        `restored` are the cases whose entries may go on whatever was wrong.
        """
        return self._read(
            _MAY_GO_ON, {"device": device, "problems": lacking, "numbers": restored}
        )

    def not_asked(self, device: str, problems: Collection[int]) -> tuple[Aside, ...]:
        """Return what is not healed for these problems and was not asked for."""
        return self._read(_NOT_ASKED, {"device": device, "problems": problems})

    def cases_asked(self, device: str) -> frozenset[str]:
        """Return the cases that were asked for and are not all healed, by number.

        Since the desk began its epoch: a new one asks anew.
        """
        with self._engine.connect() as connection:
            found = connection.execute(_CASES_ASKED, {"device": device}).scalars()
            return frozenset(filter(None, found))

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

    def _read(
        self, query: Select[Any], values: Mapping[str, str | Collection[int | str]]
    ) -> tuple[Aside, ...]:
        with self._engine.connect() as connection:
            return tuple(Aside(*row) for row in connection.execute(query, values))
