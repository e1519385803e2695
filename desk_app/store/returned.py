"""Entries that came back from the district, and what became of the own ones."""

from dataclasses import dataclass

from desk_app.store.vault import Transaction


@dataclass(frozen=True, slots=True)
class ReturnedEntry:
    """One entry as the district held it; `own` says whether this device made it."""

    device: str
    epoch: int
    sequence: int
    entry: bytes
    chain: str
    at: str
    kind: str
    number: str | None
    position: int
    own: bool


def add(tx: Transaction, kept: ReturnedEntry) -> None:
    """Keep one; the same again changes nothing."""
    tx.run(
        "INSERT INTO returned (device, epoch, sequence, entry, chain, at, kind, number,"
        " position, own) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        kept.device, kept.epoch, kept.sequence, kept.entry, kept.chain, kept.at,
        kept.kind, kept.number, kept.position, int(kept.own),
    )  # fmt: skip


def last_chain(tx: Transaction, device: str, epoch: int) -> tuple[int, str] | None:
    """Return (sequence, chain) of the last one of an epoch, or None."""
    row = tx.row(
        "SELECT sequence, chain FROM returned WHERE device = ? AND epoch = ?"
        " ORDER BY sequence DESC LIMIT 1",
        device,
        epoch,
    )
    return (int(str(row[0])), str(row[1])) if row else None


def last_before(
    tx: Transaction, device: str, epoch: int, sequence: int
) -> tuple[int, str] | None:
    """Return (sequence, chain) of the last one before a place of an epoch, or None."""
    row = tx.row(
        "SELECT sequence, chain FROM returned WHERE device = ? AND epoch = ?"
        " AND sequence < ? ORDER BY sequence DESC LIMIT 1",
        device,
        epoch,
        sequence,
    )
    return (int(str(row[0])), str(row[1])) if row else None


def entry_at(tx: Transaction, device: str, epoch: int, sequence: int) -> bytes | None:
    """Return the bytes that came back for a place, or None."""
    row = tx.row(
        "SELECT entry FROM returned WHERE device = ? AND epoch = ? AND sequence = ?",
        device,
        epoch,
        sequence,
    )
    return row[0] if row and isinstance(row[0], bytes) else None


def after(
    tx: Transaction, device: str, *, epoch: int, sequence: int, limit: int
) -> tuple[ReturnedEntry, ...]:
    """Return what came back after a place of an epoch, in order."""
    rows = tx.rows(
        "SELECT device, epoch, sequence, entry, chain, at, kind, number, position, own"
        " FROM returned WHERE device = ? AND epoch = ? AND sequence > ?"
        " ORDER BY sequence LIMIT ?",
        device,
        epoch,
        sequence,
        limit,
    )
    return tuple(
        ReturnedEntry(
            str(r[0]), int(str(r[1])), int(str(r[2])),
            r[3] if isinstance(r[3], bytes) else b"", str(r[4]), str(r[5]), str(r[6]),
            None if r[7] is None else str(r[7]), int(str(r[8])), bool(r[9]),
        )
        for r in rows
    )  # fmt: skip


def own_of(tx: Transaction, device: str, *, from_epoch: int) -> tuple[bytes, ...]:
    """Return every own entry that came back of an epoch and those after it."""
    rows = tx.rows(
        "SELECT entry FROM returned WHERE device = ? AND epoch >= ? AND own = 1"
        " ORDER BY epoch, sequence",
        device,
        from_epoch,
    )
    return tuple(row[0] for row in rows if isinstance(row[0], bytes))


def numbers_since(tx: Transaction, position: int) -> frozenset[str]:
    """Return the case numbers of what came back from a feed position on."""
    rows = tx.rows(
        "SELECT DISTINCT number FROM returned WHERE position >= ?"
        " AND number IS NOT NULL AND number != ''",
        position,
    )
    return frozenset(str(row[0]) for row in rows)


def gave(tx: Transaction, number: str) -> bool:
    """Say whether an entry that came back gave this number to somebody."""
    row = tx.row(
        "SELECT 1 FROM returned WHERE number = ?"
        " AND kind IN ('case_received', 'number_voided')",
        number,
    )
    return row is not None


def count_since(tx: Transaction, position: int) -> int:
    """Return how many entries came back from a feed position on."""
    row = tx.row("SELECT count(*) FROM returned WHERE position >= ?", position)
    return int(str(row[0])) if row else 0


def is_displaced(tx: Transaction, epoch: int, sequence: int) -> bool:
    """Say whether an own entry of a left epoch stands at another place now."""
    row = tx.row(
        "SELECT 1 FROM settled WHERE epoch = ? AND sequence = ?"
        " AND how = 'offered_again'",
        epoch,
        sequence,
    )
    return row is not None


def settle(tx: Transaction, epoch: int, sequence: int, how: str) -> None:
    """Note what became of an own entry of a left epoch: held, or offered_again."""
    tx.run(
        "INSERT INTO settled (epoch, sequence, how) VALUES (?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        epoch,
        sequence,
        how,
    )


@dataclass(frozen=True, slots=True)
class Renumbered:
    """A number on two papers: whose paper says `old` is now filed under `new`."""

    old: str
    new: str
    found_at: str
    told_at: str | None


def renumber(tx: Transaction, *, old: str, new: str, at: str) -> bool:
    """Note that a case whose paper bears one number goes by another.

    False where that is known already.
    """
    return bool(
        tx.run(
            "INSERT INTO renumbered (new_number, old_number, found_at)"
            " VALUES (?, ?, ?) ON CONFLICT (new_number) DO NOTHING",
            new,
            old,
            at,
        )
    )


def renumberings(tx: Transaction, *, open_only: bool) -> tuple[Renumbered, ...]:
    """Return the numbers on two papers, the newest first."""
    rows = tx.rows(
        "SELECT old_number, new_number, found_at, told_at FROM renumbered"
        " WHERE told_at IS NULL OR NOT ? ORDER BY found_at DESC, new_number",
        int(open_only),
    )
    return tuple(
        Renumbered(str(o), str(n), str(at), None if told is None else str(told))
        for o, n, at, told in rows
    )


def told(tx: Transaction, new: str, *, by: str, at: str) -> bool:
    """Note that the applicant knows the new number; False where there is none."""
    return bool(
        tx.run(
            "UPDATE renumbered SET told_at = ?, told_by = ?"
            " WHERE new_number = ? AND told_at IS NULL",
            at,
            by,
            new,
        )
    )
