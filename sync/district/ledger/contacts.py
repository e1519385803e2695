"""What intake keeps of each desk's greetings, and what is held of its journal."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, and_, func, insert, select, update

from schemas.base import utc_text
from schemas.contact import Contact, JournalHead, Verdict
from sync.district.ledger.tables import batches, contacts, identity
from sync.protocol.greeting import KnownContact


@dataclass(frozen=True, slots=True)
class Spoken:
    """A contact as kept: its verdict, and when the district heard it."""

    contact: Contact
    verdict: str
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

    def known(self, device: str) -> KnownContact | None:
        """Return the last contact of a device."""
        query = select(contacts).where(contacts.c.device == device)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return KnownContact(row.counter, row.nonce) if row else None

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
