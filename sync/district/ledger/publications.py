"""The record's part on publications: what was given out, and to which desk.

Append-only. A message and the note that it was sent are one transaction, so that a
crash between two desks sends to each once.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, Select, func, insert, or_, select

from schemas.base import utc_text
from sync.district.ledger.sending import queue_message
from sync.district.ledger.tables import deliveries, publications


@dataclass(frozen=True, slots=True)
class Publication:
    """One thing given out; `body` is the text, or the whole message of a notice."""

    id: int
    kind: str
    number: int
    device: str | None
    effective_from: date
    body: str
    published_at: str
    published_by: str


class Publications:
    """The publications' part of the record."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def newest_number(self, kind: str) -> int:
        """Return the highest number of a kind; 0 before the first."""
        query = select(func.max(publications.c.number)).where(
            publications.c.kind == kind
        )
        with self._engine.connect() as connection:
            return connection.execute(query).scalar() or 0

    def publish(
        self,
        kind: str,
        body: str,
        *,
        number: int | None = None,
        device: str | None = None,
        effective_from: date,
        by: str,
        now: datetime,
    ) -> int:
        """Give something out, under the next number where none is given."""
        with self._engine.begin() as connection:
            newest = connection.execute(
                select(func.max(publications.c.number)).where(
                    publications.c.kind == kind
                )
            ).scalar()
            given = number if number is not None else (newest or 0) + 1
            connection.execute(
                insert(publications).values(
                    kind=kind,
                    number=given,
                    device=device,
                    effective_from=effective_from.isoformat(),
                    body=body,
                    published_at=utc_text(now),
                    published_by=by,
                )
            )
        return given

    def listed(self) -> tuple[Publication, ...]:
        """Return all of them, the newest first."""
        return self._read(select(publications).order_by(publications.c.id.desc()))

    def undelivered(self, device: str) -> tuple[Publication, ...]:
        """Return what a desk was not sent yet, in the order it was given out."""
        sent = select(deliveries.c.publication).where(deliveries.c.device == device)
        return self._read(
            select(publications)
            .where(
                publications.c.id.not_in(sent),
                or_(
                    publications.c.device.is_(None),
                    publications.c.device == device,
                ),
            )
            .order_by(publications.c.id)
        )

    def last_delivered(self, device: str, kind: str) -> Publication | None:
        """Return the last one of a kind that a desk was sent."""
        found = self._read(
            select(publications)
            .join(deliveries, deliveries.c.publication == publications.c.id)
            .where(deliveries.c.device == device, publications.c.kind == kind)
            .order_by(publications.c.id.desc())
            .limit(1)
        )
        return found[0] if found else None

    def numbered(self, kind: str, number: int) -> Publication | None:
        """Return one of them by its number."""
        found = self._read(
            select(publications).where(
                publications.c.kind == kind, publications.c.number == number
            )
        )
        return found[0] if found else None

    def deliver(self, publication: int, device: str, message: str) -> None:
        """Put a message into a desk's feed, once."""
        with self._engine.begin() as connection:
            where = (
                deliveries.c.publication == publication,
                deliveries.c.device == device,
            )
            if connection.execute(select(deliveries.c.device).where(*where)).first():
                return
            position = queue_message(connection, device, message)
            connection.execute(
                insert(deliveries).values(
                    publication=publication, device=device, position=position
                )
            )

    def delivered_to(self) -> dict[int, int]:
        """Return how many desks each was sent to."""
        query = select(deliveries.c.publication, func.count()).group_by(
            deliveries.c.publication
        )
        with self._engine.connect() as connection:
            return {int(which): int(n) for which, n in connection.execute(query)}

    def _read(self, query: Select[Any]) -> tuple[Publication, ...]:
        with self._engine.connect() as connection:
            return tuple(
                Publication(
                    row.id,
                    row.kind,
                    row.number,
                    row.device,
                    date.fromisoformat(row.effective_from),
                    row.body,
                    row.published_at,
                    row.published_by,
                )
                for row in connection.execute(query)
            )
