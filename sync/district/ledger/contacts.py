"""What intake keeps of each desk's greetings, and what is held of its journal."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    Connection,
    Engine,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from schemas.base import utc_text
from schemas.contact import Contact, JournalHead, Verdict
from sync.district.ledger.tables import (
    alarms,
    batches,
    believed,
    contacts,
    greetings,
    identity,
)
from sync.protocol.greeting import KnownDesk

# What is asked at every greeting is built once: building costs more than asking.
_INCARNATION: Final = select(identity.c.incarnation)
_LOG_POSITION: Final = select(func.max(batches.c.log_position))
_NEWEST_EPOCH: Final = select(func.max(batches.c.epoch)).where(
    batches.c.device == bindparam("device")
)
_following = batches.alias("following")
# The first batch that none follows ends the gapless part.
_HELD_END: Final = (
    select(batches.c.last, batches.c.receipt)
    .outerjoin(
        _following,
        and_(
            _following.c.device == batches.c.device,
            _following.c.epoch == batches.c.epoch,
            _following.c.first == batches.c.last + 1,
        ),
    )
    .where(
        batches.c.device == bindparam("device"),
        batches.c.epoch == bindparam("epoch"),
        _following.c.first.is_(None),
    )
    .order_by(batches.c.first)
    .limit(1)
)
_HELD_BEGINS: Final = select(batches.c.first).where(
    batches.c.device == bindparam("device"),
    batches.c.epoch == bindparam("epoch"),
    batches.c.first == 1,
)
_EARLIER: Final = (
    select(batches.c.epoch)
    .distinct()
    .where(
        batches.c.device == bindparam("device"), batches.c.epoch < bindparam("epoch")
    )
)
_GREETINGS: Final = select(greetings).where(greetings.c.device == bindparam("device"))
_GREETED: Final = select(greetings.c.counter).where(
    greetings.c.device == bindparam("device"),
    greetings.c.counter == bindparam("counter"),
    greetings.c.nonce == bindparam("nonce"),
)
_FORGET_GREETINGS: Final = delete(greetings).where(
    greetings.c.device == bindparam("device"),
    greetings.c.counter < bindparam("counter"),
)
_SPOKEN: Final = select(contacts.c.counter, contacts.c.nonce).where(
    contacts.c.device == bindparam("device")
)
_LAST: Final = select(contacts.c.body).where(contacts.c.device == bindparam("device"))
_SPOKE_AGAIN: Final = update(contacts).where(contacts.c.device == bindparam("of"))
_SECOND_COPY: Final = select(alarms.c.id).where(
    alarms.c.device == bindparam("device"),
    alarms.c.epoch == bindparam("epoch"),
    alarms.c.machine == bindparam("machine"),
    alarms.c.machine.is_not(None),
    alarms.c.verdict == str(Verdict.CLONED),
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A contact as kept: its verdict, and when the district heard it."""

    contact: Contact
    verdict: str
    at: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """A desk or this district was put back, or a desk was copied."""

    device: str
    verdict: str
    epoch: int
    machine: str | None
    at: str


class Contacts:
    """The greetings' part of the sealed database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def incarnation(self) -> str:
        """Return the name of this life of the ledger; a restored one gets another."""
        with self._engine.connect() as connection:
            return str(connection.execute(_INCARNATION).scalar_one())

    def be_born(self, incarnation: str, *, now: datetime) -> None:
        """Give the ledger its name, if it has none yet."""
        with self._engine.begin() as connection:
            if connection.execute(select(identity.c.incarnation)).first() is None:
                connection.execute(
                    insert(identity).values(
                        incarnation=incarnation, since=utc_text(now)
                    )
                )

    def log_position(self) -> int:
        """Return the position of the newest batch; 0 before the first."""
        with self._engine.connect() as connection:
            return connection.execute(_LOG_POSITION).scalar() or 0

    def newest_epoch(self, device: str) -> int:
        """Return the highest epoch of a device's batches; 0 before the first."""
        with self._engine.connect() as connection:
            newest = connection.execute(_NEWEST_EPOCH, {"device": device}).scalar()
        return newest or 0

    def held(self, device: str, epoch: int) -> JournalHead | None:
        """Return the end of the gapless part of a journal, from sequence 1 on."""
        journal = {"device": device, "epoch": epoch}
        with self._engine.connect() as connection:
            if connection.execute(_HELD_BEGINS, journal).first() is None:
                return None
            row = connection.execute(_HELD_END, journal).one()
        chain = json.loads(row.receipt)["chain_after"]
        return JournalHead(epoch=epoch, sequence=row.last, chain=chain)

    def held_before(self, device: str, epoch: int) -> tuple[tuple[int, int], ...]:
        """Return (epoch, gapless end) of what is held of the epochs before one."""
        journal = {"device": device, "epoch": epoch}
        with self._engine.connect() as connection:
            found = sorted(connection.execute(_EARLIER, journal).scalars())
        held = [(each, self.held(device, each)) for each in found]
        return tuple((each, head.sequence if head else 0) for each, head in held)

    def known(self, contact: Contact) -> KnownDesk:
        """Return what is remembered of a contact's device."""
        device = contact.device
        mine = {"device": device}
        here = {"epoch": contact.head.epoch, "machine": contact.machine}
        with self._engine.connect() as connection:
            rows = connection.execute(_GREETINGS, mine).all()
            # Greetings before this table was there left their newest alone.
            older = connection.execute(_SPOKEN, mine).first()
            second = connection.execute(_SECOND_COPY, mine | here).first()
        pairs = {(row.counter, row.nonce) for row in rows}
        epoch = contact.head.epoch
        lineage = [row.counter for row in rows if row.epoch == epoch]
        if older is not None:
            pairs.add((older.counter, older.nonce))
        if older is not None and not rows:
            lineage.append(older.counter)
        newest = max(rows, key=lambda row: (row.epoch, row.counter), default=None)
        return KnownDesk(
            seen=(contact.counter, contact.nonce) in pairs,
            lineage=max(lineage, default=0),
            newest_epoch=max([self.newest_epoch(device), *(row.epoch for row in rows)]),
            machine=newest.machine if newest is not None else None,
            second_copy=second is not None,
        )

    def cursor_within(self, device: str, end: int) -> int:
        """Return the furthest feed cursor of a device that is within a feed; 0: none.

        Of a feed that was put back, the desk has seen that much for certain.
        """
        query = select(func.max(greetings.c.cursor)).where(
            greetings.c.device == device, greetings.c.cursor <= end
        )
        with self._engine.connect() as connection:
            return connection.execute(query).scalar() or 0

    def believe(self, device: str, epoch: int, sequence: int) -> None:
        """Note up to where a desk has our own receipts, though we lost what they say.

        What it sends again up to there was judged once; it is not judged by a record
        that has forgotten the half of it.
        """
        where = (believed.c.device == device, believed.c.epoch == epoch)
        with self._engine.begin() as connection:
            known = connection.execute(
                select(believed.c.sequence).where(*where)
            ).scalar()
            if known is None:
                connection.execute(
                    insert(believed).values(
                        device=device, epoch=epoch, sequence=sequence
                    )
                )
            elif sequence > known:
                connection.execute(
                    update(believed).where(*where).values(sequence=sequence)
                )

    def believed_to(self, device: str, epoch: int) -> int:
        """Return up to where a desk's entries of an epoch were judged before."""
        query = select(believed.c.sequence).where(
            believed.c.device == device, believed.c.epoch == epoch
        )
        with self._engine.connect() as connection:
            return connection.execute(query).scalar() or 0

    def alarm(self, contact: Contact, verdict: Verdict, *, now: datetime) -> None:
        """Keep a verdict that people must know of; the same contact once."""
        same = (
            alarms.c.device == contact.device,
            alarms.c.counter == contact.counter,
            alarms.c.nonce == contact.nonce,
        )
        with self._engine.begin() as connection:
            if connection.execute(select(alarms.c.id).where(*same)).first():
                return
            connection.execute(
                insert(alarms).values(
                    device=contact.device,
                    verdict=str(verdict),
                    epoch=contact.head.epoch,
                    counter=contact.counter,
                    nonce=contact.nonce,
                    machine=contact.machine,
                    at=utc_text(now),
                )
            )

    def alarms(self, *, limit: int) -> tuple[Alarm, ...]:
        """Return what was noticed, the newest first."""
        query = select(alarms).order_by(alarms.c.id.desc()).limit(limit)
        with self._engine.connect() as connection:
            return tuple(
                Alarm(row.device, row.verdict, row.epoch, row.machine, row.at)
                for row in connection.execute(query)
            )

    def be_reborn(self, incarnation: str, *, now: datetime) -> None:
        """Give the ledger another name: it was put back from a backup."""
        with self._engine.begin() as connection:
            connection.execute(
                update(identity).values(incarnation=incarnation, since=utc_text(now))
            )

    def last(self, device: str) -> Contact | None:
        """Return a device's newest contact, whole."""
        with self._engine.connect() as connection:
            body = connection.execute(_LAST, {"device": device}).scalar()
        return Contact.model_validate_json(body) if body else None

    def all(self) -> tuple[Spoken, ...]:
        """Return the newest contact of every device that ever greeted."""
        with self._engine.connect() as connection:
            return tuple(
                Spoken(Contact.model_validate_json(row.body), row.verdict, row.at)
                for row in connection.execute(select(contacts))
            )

    def keep(self, contact: Contact, verdict: Verdict, *, now: datetime) -> None:
        """Write a contact down; the counter of an older history does not count."""
        values: dict[str, str | int] = {
            "body": contact.model_dump_json(),
            "verdict": str(verdict),
            "at": utc_text(now),
        }
        mine = {"device": contact.device}
        with self._engine.begin() as connection:
            _greeted(connection, contact, now=now)
            known = connection.execute(_SPOKEN, mine).scalar()
            if known is None:
                connection.execute(
                    insert(contacts).values(
                        device=contact.device,
                        counter=contact.counter,
                        nonce=contact.nonce,
                        **values,
                    )
                )
                return
            if contact.counter > known:
                values |= {"counter": contact.counter, "nonce": contact.nonce}
            connection.execute(_SPOKE_AGAIN, {"of": contact.device} | values)


_REMEMBERED: Final = 500


def _greeted(connection: Connection, contact: Contact, *, now: datetime) -> None:
    same = {
        "device": contact.device, "counter": contact.counter, "nonce": contact.nonce
    }  # fmt: skip
    if connection.execute(_GREETED, same).first():
        return
    kept = {
        "epoch": contact.head.epoch, "cursor": contact.feed_cursor,
        "machine": contact.machine, "at": utc_text(now),
    }  # fmt: skip
    connection.execute(insert(greetings), same | kept)
    old = {"device": contact.device, "counter": contact.counter - _REMEMBERED}
    connection.execute(_FORGET_GREETINGS, old)
