"""The record's part on publications: what was given out, and to which desk.

Append-only. A message and the note that it was sent are one transaction, so that a
crash between two desks sends to each once.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    bindparam,
    func,
    insert,
    or_,
    select,
)

from schemas.base import utc_text
from sync.district.ledger.sending import queue_message
from sync.district.ledger.tables import deliveries, publications, responses

# Asked for every desk at every pass: built once.
_UNDELIVERED: Final = (
    select(publications)
    .where(
        publications.c.id.not_in(
            select(deliveries.c.publication).where(
                deliveries.c.device == bindparam("device")
            )
        ),
        or_(
            publications.c.device.is_(None),
            publications.c.device == bindparam("device"),
        ),
    )
    .order_by(publications.c.id)
)


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


@dataclass(frozen=True, slots=True)
class Delivered:
    """How one desk stands to one thing given out.

    `outcome` is "" until it answered: seen (by so many people), done, unknown, failed.
    """

    publication: int
    device: str
    position: int
    outcome: str = ""
    people: int = 0
    problem: int | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What somebody at a desk, or the desk itself, said to a message of its feed."""

    device: str
    position: int
    operator: str
    outcome: str
    problem: int | None
    at: str


def keep_response(connection: Connection, said: Response) -> None:
    """Keep what was said to a message, once."""
    where = (
        responses.c.device == said.device,
        responses.c.position == said.position,
        responses.c.operator == said.operator,
    )
    if connection.execute(select(responses.c.device).where(*where)).first() is None:
        connection.execute(insert(responses).values(**asdict(said)))


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
        return self._read(_UNDELIVERED, {"device": device})

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

    def in_force(self, kind: str, day: date) -> Publication | None:
        """Return the last one of a kind whose day has come."""
        found = self._read(
            select(publications)
            .where(
                publications.c.kind == kind,
                publications.c.effective_from <= day.isoformat(),
            )
            .order_by(publications.c.id.desc())
            .limit(1)
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

    def deliveries_of(self) -> dict[int, tuple[Delivered, ...]]:
        """Return, for each thing given out, the desks that were sent it."""
        joined = deliveries.outerjoin(
            responses,
            (deliveries.c.device == responses.c.device)
            & (deliveries.c.position == responses.c.position),
        )
        query = (
            select(deliveries, responses.c.operator, responses.c.outcome,
                   responses.c.problem, responses.c.at)
            .select_from(joined)
            .order_by(deliveries.c.publication, deliveries.c.device, responses.c.at)
        )  # fmt: skip
        found: dict[tuple[int, str], Delivered] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(query):
                key = (row.publication, row.device)
                before = found.get(key)
                found[key] = Delivered(
                    row.publication, row.device, row.position,
                    outcome=row.outcome or "",
                    people=(before.people if before else 0) + bool(row.operator),
                    problem=row.problem,
                    at=row.at,
                )  # fmt: skip
        by_publication: dict[int, list[Delivered]] = {}
        for each in found.values():
            by_publication.setdefault(each.publication, []).append(each)
        return {which: tuple(each) for which, each in by_publication.items()}

    def _read(
        self, query: Select[Any], values: Mapping[str, str] | None = None
    ) -> tuple[Publication, ...]:
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
                for row in connection.execute(query, dict(values or {}))
            )
