"""The sealed part of the ledger: what intake keeps and serves, unread.

One transaction per verb; a batch and its receipt appear together or not at all.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)

from schemas.base import utc_text
from schemas.batch import BatchHeader
from schemas.problems import Code, Problem
from schemas.receipt import Receipt
from sync.district.ledger.chunks import ChunkLedger
from sync.district.ledger.contacts import Contacts
from sync.district.ledger.database import damage, open_database
from sync.district.ledger.device_keys import DeviceKeys
from sync.district.ledger.devices import Device
from sync.district.ledger.enrolments import Enrolments
from sync.district.ledger.feeds import Feeds
from sync.district.ledger.keys_requests import KeysRequests
from sync.district.ledger.objects import Objects
from sync.district.ledger.tables import batches, heard, resealed
from sync.district.ledger.uploads import UploadLedger
from sync.seal.batches import ReadBatch, read_batch

__all__ = ["Device", "KeptBatch", "SealedLedger"]

# What is asked at every request is built once: building costs more than asking.
_HEARD_AGAIN: Final = update(heard).where(heard.c.device == bindparam("of"))
_HEARD_FIRST: Final = insert(heard)
_RECEIPTS: Final = tuple(
    select(table.c.receipt).where(table.c.digest == bindparam("digest"))
    for table in (batches, resealed)
)
_OVERLAP: Final[Select[Any]] = (
    select(
        batches.c.log_position,
        batches.c.first,
        batches.c.last,
        batches.c.receipt,
        batches.c.raw,
    )
    .where(
        batches.c.device == bindparam("device"),
        batches.c.epoch == bindparam("epoch"),
        batches.c.first <= bindparam("until"),
        batches.c.last >= bindparam("since"),
    )
    .order_by(batches.c.first)
)
_NEWEST: Final = select(func.max(batches.c.log_position))
_UNOPENED: Final = (
    select(batches)
    .where(batches.c.opened == 0)
    .order_by(batches.c.device, batches.c.epoch, batches.c.first)
)
_OPENED: Final = (
    update(batches)
    .where(batches.c.log_position == bindparam("position"))
    .values(opened=1)
)


@dataclass(frozen=True, slots=True)
class KeptBatch:
    """A batch as intake kept it."""

    log_position: int
    device: str
    epoch: int
    first: int
    last: int
    raw: bytes
    received_at: str


class SealedLedger(Enrolments, Feeds):
    """The sealed database."""

    def __init__(self, path: Path) -> None:
        self._engine = open_database(path, "sealed")
        self.contacts = Contacts(self._engine)
        self.keys = DeviceKeys(self._engine)
        self.keys_requests = KeysRequests(self._engine)
        self.uploads = UploadLedger(self._engine)
        self.chunks = ChunkLedger(self._engine, Objects(path.parent / "scans"))

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def damage(self) -> tuple[str, ...]:
        """Return what the database's own check finds wrong."""
        return damage(self._engine)

    def keep_batch(
        self,
        batch: ReadBatch,
        raw: bytes,
        *,
        now: datetime,
        receipt_for: Callable[[int], str],
    ) -> str:
        """Keep a verified batch once and return its receipt's text.

        The same batch again gets the same receipt; other bytes for a range that is
        kept already are `Problem(BATCH_OVERLAPS)`. Any order of arrival is accepted.
        """
        header = batch.header
        with self._engine.connect() as connection:
            # The write lock first: two requests must not both find nothing.
            connection.execute(text("BEGIN IMMEDIATE"))
            known = _receipt_of(connection, batch.digest)
            if known is not None:
                return known
            overlaps = connection.execute(
                _OVERLAP,
                {
                    "device": header.device, "epoch": header.epoch,
                    "until": header.last, "since": header.first,
                },
            ).all()  # fmt: skip
            if overlaps:
                if not _same_entries(overlaps, header):
                    raise Problem(Code.BATCH_OVERLAPS)
                # The chain says that these are the very entries that are kept, sealed
                # once more after a rollback: one effect, and a receipt for these bytes.
                last = overlaps[-1].log_position
                receipt = receipt_for(last)
                connection.execute(
                    insert(resealed).values(
                        digest=batch.digest,
                        log_position=last,
                        receipt=receipt,
                    )
                )
                connection.commit()
                return receipt
            position = (connection.execute(_NEWEST).scalar() or 0) + 1
            receipt = receipt_for(position)
            connection.execute(
                insert(batches).values(
                    log_position=position,
                    digest=batch.digest,
                    device=header.device,
                    epoch=header.epoch,
                    first=header.first,
                    last=header.last,
                    raw=raw,
                    receipt=receipt,
                    received_at=utc_text(now),
                )
            )
            connection.commit()
            return receipt

    def receipt_of(self, digest: str) -> str | None:
        """Return the text of the receipt of a kept batch or piece."""
        with self._engine.connect() as connection:
            receipt = _receipt_of(connection, digest)
        return receipt if receipt is not None else self.chunks.receipt_of(digest)

    def unopened(self) -> tuple[KeptBatch, ...]:
        """Return the batches not yet opened, each device's in order."""
        with self._engine.connect() as connection:
            return tuple(
                KeptBatch(
                    row.log_position,
                    row.device,
                    row.epoch,
                    row.first,
                    row.last,
                    row.raw,
                    row.received_at,
                )
                for row in connection.execute(_UNOPENED)
            )

    def batch_over(self, device: str, epoch: int, sequence: int) -> bytes | None:
        """Return the kept batch that a place of a journal is in."""
        query = select(batches.c.raw).where(
            batches.c.device == device,
            batches.c.epoch == epoch,
            batches.c.first <= sequence,
            batches.c.last >= sequence,
        )
        with self._engine.connect() as connection:
            raw: bytes | None = connection.execute(query).scalar()
        return raw

    def receipts_of(self, device: str) -> tuple[Receipt, ...]:
        """Return every receipt that a device was given, in order of arrival."""
        query = (
            select(batches.c.receipt)
            .where(batches.c.device == device)
            .order_by(batches.c.log_position)
        )
        with self._engine.connect() as connection:
            return tuple(
                Receipt.model_validate_json(text)
                for text in connection.execute(query).scalars()
            )

    def opened_ends(self) -> dict[tuple[str, int], int]:
        """Return, per device and epoch, the last entry that was opened."""
        query = (
            select(batches.c.device, batches.c.epoch, func.max(batches.c.last))
            .where(batches.c.opened == 1)
            .group_by(batches.c.device, batches.c.epoch)
        )
        with self._engine.connect() as connection:
            return {(d, e): last for d, e, last in connection.execute(query)}

    def open_again(self, device: str, epoch: int, *, after: int) -> None:
        """Let what the record lost be opened once more."""
        with self._engine.begin() as connection:
            connection.execute(
                update(batches)
                .where(
                    batches.c.device == device,
                    batches.c.epoch == epoch,
                    batches.c.last > after,
                )
                .values(opened=0)
            )

    def mark_opened(self, log_position: int) -> None:
        """Note that the record holds this batch; it is kept all the same."""
        with self._engine.begin() as connection:
            connection.execute(_OPENED, {"position": log_position})

    def device_of_key(self, key_id: str) -> Device | None:
        """Return the device that signs with this key, now or from now on."""
        return self.keys.signer(key_id)

    def contacted(self, device: str, *, now: datetime) -> None:
        """Note that a device was heard of."""
        with self._engine.begin() as connection:
            at = utc_text(now)
            again = connection.execute(_HEARD_AGAIN, {"of": device, "at": at})
            if not again.rowcount:
                connection.execute(_HEARD_FIRST, {"device": device, "at": at})


def _receipt_of(connection: Connection, digest: str) -> str | None:
    for query in _RECEIPTS:
        found: str | None = connection.execute(query, {"digest": digest}).scalar()
        if found is not None:
            return found
    return None


def _same_entries(kept: Sequence[Row[Any]], header: BatchHeader) -> bool:
    """Say whether kept batches hold the very entries that a header names.

    They may lie in several, without a gap: a chain commits to all that was before it.
    What stands for an entry that its desk held back has that entry's chain, not its
    bytes: whoever sends these has no receipt for them yet.
    """
    held_back = {read_batch(each.raw).header.withheld for each in kept}
    if held_back != {header.withheld}:
        return False
    gapless = all(a.last + 1 == b.first for a, b in pairwise(kept))
    chain = json.loads(kept[-1].receipt)["chain_after"]
    return gapless and (kept[0].first, kept[-1].last, chain) == (
        header.first,
        header.last,
        header.chain_after,
    )
