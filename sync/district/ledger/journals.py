"""The desks' journals as they were filed: read by place, by case, as runs; verified.

Rule 1: what stands for an entry that never came (a gap) is in sight, and is nobody's
        bytes.
Rule 2: nothing is written here: an entry is filed with all that follows from it
        (`record`).
"""

from typing import Any, Final

from sqlalchemy import Engine, Select, bindparam, select

from schemas.encoding import base64_bytes
from schemas.journal import JournalEntry
from schemas.quarantine import EntryOffered
from sync.district.ledger.asides import same_place
from sync.district.ledger.rows import GAPS, EntryFiled
from sync.district.ledger.tables import asides, chains, entries
from sync.protocol.chain import chain_over, chain_start
from sync.seal import suite1
from sync.seal.compressing import EntryRange

# What is asked for every batch is built once: building costs more than asking.
_RUN: Final = (
    select(entries.c.entry)
    .where(
        entries.c.device == bindparam("device"),
        entries.c.epoch == bindparam("epoch"),
        entries.c.sequence >= bindparam("first"),
        entries.c.sequence < bindparam("end"),
        # What stands for an entry that never came is not the entry.
        entries.c.problem.is_(None) | entries.c.problem.not_in(GAPS),
    )
    .order_by(entries.c.sequence)
)


class Journals:
    """What is filed and what was set aside, entry by entry."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def entry_at(self, device: str, epoch: int, sequence: int) -> EntryFiled | None:
        """Return the entry at a place of a journal, filed or set aside."""
        found = self._entries(
            _with_asides().where(
                entries.c.device == device,
                entries.c.epoch == epoch,
                entries.c.sequence == sequence,
            )
        )
        return found[0] if found else None

    def entries_of(self, number: str) -> tuple[EntryFiled, ...]:
        """Return every entry of a case, in order."""
        return self._entries(_with_asides().where(entries.c.number == number))

    def run_of(self, device: str, some: EntryRange) -> tuple[bytes, ...]:
        """Return the bytes of a device's entries; fewer where some are not filed."""
        run = {
            "device": device, "epoch": some.epoch, "first": some.first,
            "end": some.first + some.count,
        }  # fmt: skip
        with self._engine.connect() as connection:
            return tuple(connection.execute(_RUN, run).scalars())

    def quarantined(self) -> tuple[EntryFiled, ...]:
        """Return what could not be filed, each with its reason; not what was healed."""
        return self._entries(
            _with_asides().where(
                entries.c.problem.is_not(None), asides.c.healed_at.is_(None)
            )
        )

    def healed(self) -> tuple[EntryFiled, ...]:
        """Return what had been set aside and is there now, and by which entry."""
        return self._entries(_with_asides().where(asides.c.healed_at.is_not(None)))

    def broken(self) -> list[tuple[str, int]]:
        """Return (device, epoch) of journals whose filed chain does not follow.

        A gap that was healed counts by the bytes that were offered for it. One that was
        not is in sight by itself (`quarantined`), and no chain leads over it.
        """
        broken = []
        with self._engine.connect() as connection:
            heads = connection.execute(select(chains)).all()
        for head in heads:
            filed = self._entries(
                _with_asides().where(
                    entries.c.device == head.device, entries.c.epoch == head.epoch
                )
            )
            lines = [self._stood_there(line) for line in filed]
            if None in lines:
                continue
            start = chain_start(suite1.digest, head.device, head.epoch)
            if chain_over(suite1.digest, start, filter(None, lines)) != head.chain:
                broken.append((str(head.device), int(head.epoch)))
        return broken

    def _stood_there(self, line: EntryFiled) -> bytes | None:
        """Return the bytes that stood at a place; None where they never came."""
        if line.problem not in GAPS:
            return line.entry
        by = self.entry_at(line.device, *line.healed_by) if line.healed_by else None
        raw = by.entry if by else b""
        while raw:
            body = JournalEntry.model_validate_json(raw).body
            if not isinstance(body, EntryOffered):
                break
            raw = base64_bytes(body.entry)
            if (body.epoch, body.sequence) == (line.epoch, line.sequence):
                return raw
        return None

    def _entries(self, query: Select[Any]) -> tuple[EntryFiled, ...]:
        with self._engine.connect() as connection:
            return tuple(
                EntryFiled(
                    row.device,
                    row.epoch,
                    row.sequence,
                    row.entry,
                    row.number,
                    row.problem,
                    row.reason,
                    (row.healed_epoch, row.healed_sequence) if row.healed_at else None,
                )
                for row in connection.execute(query)
            )


def _with_asides() -> Select[Any]:
    """Select entries in order, each with what healed it."""
    return (
        select(
            entries, asides.c.healed_epoch, asides.c.healed_sequence,
            asides.c.healed_at,
        )
        .select_from(entries.outerjoin(asides, same_place()))
        .order_by(entries.c.device, entries.c.epoch, entries.c.sequence)
    )  # fmt: skip
