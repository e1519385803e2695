"""What intake keeps of each desk's greetings, and what is held of its journal."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    Connection,
    Engine,
    and_,
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
            return str(connection.execute(select(identity.c.incarnation)).scalar_one())

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
            newest = select(func.max(batches.c.log_position))
            return connection.execute(newest).scalar() or 0

    def newest_epoch(self, device: str) -> int:
        """Return the highest epoch of a device's batches; 0 before the first."""
        newest = select(func.max(batches.c.epoch)).where(batches.c.device == device)
        with self._engine.connect() as connection:
            return connection.execute(newest).scalar() or 0

    def held(self, device: str, epoch: int) -> JournalHead | None:
        """Return the end of the gapless part of a journal, from sequence 1 on."""
        following = batches.alias("following")
        # The first batch that none follows ends the gapless part.
        end = (
            select(batches.c.last, batches.c.receipt)
            .outerjoin(
                following,
                and_(
                    following.c.device == batches.c.device,
                    following.c.epoch == batches.c.epoch,
                    following.c.first == batches.c.last + 1,
                ),
            )
            .where(
                batches.c.device == device,
                batches.c.epoch == epoch,
                following.c.first.is_(None),
            )
            .order_by(batches.c.first)
            .limit(1)
        )
        begins = select(batches.c.first).where(
            batches.c.device == device, batches.c.epoch == epoch, batches.c.first == 1
        )
        with self._engine.connect() as connection:
            if connection.execute(begins).first() is None:
                return None
            row = connection.execute(end).one()
        chain = json.loads(row.receipt)["chain_after"]
        return JournalHead(epoch=epoch, sequence=row.last, chain=chain)

    def held_before(self, device: str, epoch: int) -> tuple[tuple[int, int], ...]:
        """Return (epoch, gapless end) of what is held of the epochs before one."""
        earlier = (
            select(batches.c.epoch)
            .distinct()
            .where(batches.c.device == device, batches.c.epoch < epoch)
        )
        with self._engine.connect() as connection:
            found = sorted(connection.execute(earlier).scalars())
        held = [(each, self.held(device, each)) for each in found]
        return tuple((each, head.sequence if head else 0) for each, head in held)

    def known(self, contact: Contact) -> KnownDesk:
        """Return what is remembered of a contact's device."""
        device = contact.device
        mine = greetings.c.device == device
        with self._engine.connect() as connection:
            rows = connection.execute(select(greetings).where(mine)).all()
            # Greetings before this table was there left their newest alone.
            older = connection.execute(
                select(contacts.c.counter, contacts.c.nonce).where(
                    contacts.c.device == device
                )
            ).first()
            second = connection.execute(
                select(alarms.c.id).where(
                    alarms.c.device == device,
                    alarms.c.epoch == contact.head.epoch,
                    alarms.c.machine == contact.machine,
                    alarms.c.machine.is_not(None),
                    alarms.c.verdict == str(Verdict.CLONED),
                )
            ).first()
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
        query = select(contacts.c.body).where(contacts.c.device == device)
        with self._engine.connect() as connection:
            body = connection.execute(query).scalar()
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
        where = contacts.c.device == contact.device
        with self._engine.begin() as connection:
            _greeted(connection, contact, now=now)
            known = connection.execute(select(contacts.c.counter).where(where)).scalar()
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
            connection.execute(update(contacts).where(where).values(**values))


_REMEMBERED: Final = 500


def _greeted(connection: Connection, contact: Contact, *, now: datetime) -> None:
    mine = greetings.c.device == contact.device
    same = (
        mine,
        greetings.c.counter == contact.counter,
        greetings.c.nonce == contact.nonce,
    )
    if connection.execute(select(greetings.c.counter).where(*same)).first():
        return
    connection.execute(
        insert(greetings).values(
            device=contact.device,
            counter=contact.counter,
            nonce=contact.nonce,
            epoch=contact.head.epoch,
            cursor=contact.feed_cursor,
            machine=contact.machine,
            at=utc_text(now),
        )
    )
    connection.execute(
        delete(greetings).where(
            mine, greetings.c.counter < contact.counter - _REMEMBERED
        )
    )
