"""Pieces of scans as intake keeps them: one row a name, the bytes in the object store.

Rule: the object is written before its row: a row promises what is there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, insert, select, text

from schemas.base import utc_text
from sync.district.ledger.objects import Objects
from sync.district.ledger.tables import chunks


@dataclass(frozen=True, slots=True)
class ChunkKept:
    """One kept piece: who sent it, the digest of its sealed message, its receipt."""

    chunk: str
    digest: str
    device: str
    size: int
    receipt: str


class ChunkLedger:
    """The pieces of the sealed database; one transaction a verb."""

    def __init__(self, engine: Engine, objects: Objects) -> None:
        self._engine = engine
        self._objects = objects

    def keep(self, kept: ChunkKept, raw: bytes, *, now: datetime) -> str:
        """Keep a verified piece once for the whole district; return its receipt.

        The name decides: the same piece from another desk gets the first one's receipt.
        """
        known = self.receipts((kept.chunk,))
        if known:
            return known[0]
        self._objects.put(kept.digest, raw)
        with self._engine.connect() as connection:
            connection.execute(text("BEGIN IMMEDIATE"))
            receipt = connection.execute(
                select(chunks.c.receipt).where(chunks.c.chunk == kept.chunk)
            ).scalar()
            if receipt is None:
                connection.execute(
                    insert(chunks).values(
                        chunk=kept.chunk,
                        digest=kept.digest,
                        device=kept.device,
                        size=kept.size,
                        receipt=kept.receipt,
                        received_at=utc_text(now),
                    )
                )
                connection.commit()
                return kept.receipt
        # Another request was first: its bytes count, ours are not needed.
        self._objects.drop(kept.digest)
        return str(receipt)

    def receipts(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the receipts of those that are kept."""
        query = select(chunks.c.receipt).where(chunks.c.chunk.in_(list(names)))
        with self._engine.connect() as connection:
            return tuple(connection.execute(query).scalars())

    def receipt_of(self, digest: str) -> str | None:
        """Return the receipt of a piece by the digest of its sealed message."""
        query = select(chunks.c.receipt).where(chunks.c.digest == digest)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar()

    def held(self, names: Iterable[str]) -> frozenset[str]:
        """Return which of these names are kept."""
        query = select(chunks.c.chunk).where(chunks.c.chunk.in_(list(names)))
        with self._engine.connect() as connection:
            return frozenset(connection.execute(query).scalars())

    def raw(self, name: str) -> bytes | None:
        """Return the sealed bytes of a piece, or None where they are not there."""
        query = select(chunks.c.digest).where(chunks.c.chunk == name)
        with self._engine.connect() as connection:
            digest = connection.execute(query).scalar()
        return self._objects.get(digest) if digest is not None else None

    def drop(self, names: Iterable[str]) -> None:
        """Forget pieces that are not what they said; their names are free again."""
        for name in names:
            query = select(chunks.c.digest).where(chunks.c.chunk == name)
            with self._engine.begin() as connection:
                digest = connection.execute(query).scalar()
                connection.execute(delete(chunks).where(chunks.c.chunk == name))
            if digest is not None:
                self._objects.drop(digest)
