"""The record's part on scans: what each case names, and what of it is there, proved.

A list replaces the earlier one of its case (both stay in the entries). A content is
`held` once all its pieces were opened and make up its digest; nothing else proves it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, select, update

from schemas.base import utc_text
from schemas.encoding import base64_bytes, base64_text
from schemas.problems import Code, Problem
from schemas.scans import ScansListed
from sync.district.ledger.tables import cases, contents, naming, scans


@dataclass(frozen=True, slots=True)
class Content:
    """One content, whatever cases name it; `held_at` once it was proved to be there."""

    digest: str
    size: int
    piece: int
    media_type: str
    held_at: str | None


@dataclass(frozen=True, slots=True)
class ScanFiled:
    """One page of a case, and its content."""

    number: str
    material: str
    position: int
    turned: int
    content: Content


class ScanRecord:
    """The scans of the record; one transaction a verb."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def naming_key(self) -> bytes | None:
        """Return the key that names pieces, once there is one."""
        with self._engine.connect() as connection:
            row = connection.execute(
                select(naming.c.key).where(naming.c.device == "")
            ).first()
        return base64_bytes(row.key) if row else None

    def was_told(self, device: str) -> bool:
        """Say whether a desk was sent the naming key."""
        query = select(naming.c.device).where(naming.c.device == device)
        with self._engine.connect() as connection:
            return connection.execute(query).first() is not None

    def of_case(self, number: str) -> tuple[ScanFiled, ...]:
        """Return a case's scans, by material, in order."""
        query = (
            select(scans, contents)
            .join(
                contents,
                (contents.c.digest == scans.c.digest)
                & (contents.c.size == scans.c.size)
                & (contents.c.piece == scans.c.piece),
            )
            .where(scans.c.number == number)
            .order_by(scans.c.material, scans.c.position)
        )
        with self._engine.connect() as connection:
            return tuple(
                ScanFiled(
                    row.number,
                    row.material,
                    row.position,
                    row.turned,
                    Content(
                        row.digest, row.size, row.piece, row.media_type, row.held_at
                    ),
                )
                for row in connection.execute(query)
            )

    def awaited(self, *, limit: int = 500) -> tuple[Content, ...]:
        """Return contents that cases name and that are not proved to be there."""
        query = (
            select(contents)
            .where(contents.c.held_at.is_(None))
            .where(
                select(scans.c.number)
                .where(
                    scans.c.digest == contents.c.digest,
                    scans.c.size == contents.c.size,
                    scans.c.piece == contents.c.piece,
                )
                .exists()
            )
            .order_by(contents.c.checked, contents.c.digest)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return tuple(
                Content(row.digest, row.size, row.piece, row.media_type, None)
                for row in connection.execute(query)
            )

    def owners(self, content: Content) -> tuple[str, ...]:
        """Return the desks whose cases name a content."""
        query = (
            select(cases.c.device)
            .distinct()
            .join(scans, scans.c.number == cases.c.number)
            .where(
                scans.c.digest == content.digest,
                scans.c.size == content.size,
                scans.c.piece == content.piece,
            )
            .order_by(cases.c.device)
        )
        with self._engine.connect() as connection:
            return tuple(connection.execute(query).scalars())

    def hold(self, content: Content, *, now: datetime) -> None:
        """Note that a content is there, proved."""
        with self._engine.begin() as connection:
            connection.execute(
                update(contents).where(*_is(content)).values(held_at=utc_text(now))
            )

    def looked_at(self, content: Content) -> None:
        """Let one that was looked at wait behind those that were not."""
        with self._engine.begin() as connection:
            connection.execute(
                update(contents)
                .where(*_is(content))
                .values(checked=contents.c.checked + 1)
            )


def _is(content: Content) -> tuple[ColumnElement[bool], ...]:
    # The digest names it; size and piece are what a list said of it. One list that
    # says them wrong must not stand in the way of another that says them right.
    return (
        contents.c.digest == content.digest,
        contents.c.size == content.size,
        contents.c.piece == content.piece,
    )


def keep_list(connection: Connection, said: ScansListed) -> None:
    """Let a case name these scans from now on."""
    connection.execute(delete(scans).where(scans.c.number == said.number))
    for page in said.scans:
        known = select(contents.c.digest).where(
            *_is(Content(page.digest, page.size, said.piece, page.media_type, None))
        )
        if connection.execute(known).first() is None:
            connection.execute(
                insert(contents).values(
                    digest=page.digest,
                    size=page.size,
                    piece=said.piece,
                    media_type=page.media_type,
                )
            )
        connection.execute(
            insert(scans).values(
                number=said.number,
                material=page.material,
                position=page.position,
                digest=page.digest,
                size=page.size,
                piece=said.piece,
                turned=page.turned,
            )
        )


def keep_naming(connection: Connection, key: bytes, device: str) -> None:
    """Keep the naming key (the first time), and that a desk is told of it."""
    for name, value in (("", base64_text(key)), (device, "")):
        known = select(naming.c.device).where(naming.c.device == name)
        if connection.execute(known).first() is None:
            connection.execute(insert(naming).values(device=name, key=value))
    kept = connection.execute(select(naming.c.key).where(naming.c.device == ""))
    if kept.scalar() != base64_text(key):
        # Another process made one meanwhile: all of this is undone and comes again.
        raise Problem(Code.DISTRICT_BUSY)
