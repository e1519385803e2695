"""The journal: gapless, chained, append-only; entries are kept byte for byte."""

from dataclasses import dataclass, replace

from desk_app.store import packing
from desk_app.store.vault import Transaction


@dataclass(frozen=True, slots=True)
class Head:
    """The last step of an epoch: its sequence and the chain after it."""

    sequence: int
    chain: str


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """One entry as kept."""

    epoch: int
    sequence: int
    entry: bytes
    chain: str
    own: bool = True
    """False for an entry that another device made: this one succeeded it."""


@dataclass(frozen=True, slots=True)
class Label:
    """What the desk looks entries up by."""

    at: str
    kind: str
    number: str | None


def head(tx: Transaction, epoch: int) -> Head | None:
    """Return the last step of an epoch, or None before the first."""
    row = tx.row(
        "SELECT sequence, chain FROM journal WHERE epoch = ?"
        " ORDER BY sequence DESC LIMIT 1",
        epoch,
    )
    return Head(int(str(row[0])), str(row[1])) if row else None


def append(tx: Transaction, kept: KeptEntry, label: Label) -> None:
    """Append one entry; a skipped sequence is refused by the file itself."""
    tx.run(
        "INSERT INTO journal (epoch, sequence, entry, chain, at, kind, number)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        kept.epoch,
        kept.sequence,
        packing.pack(kept.entry),
        kept.chain,
        label.at,
        label.kind,
        label.number,
    )


def after(
    tx: Transaction, *, epoch: int, sequence: int, limit: int
) -> tuple[KeptEntry, ...]:
    """Return up to `limit` entries after a sequence, in order."""
    rows = tx.rows(
        "SELECT epoch, sequence, entry, chain FROM journal"
        " WHERE epoch = ? AND sequence > ? ORDER BY sequence LIMIT ?",
        epoch,
        sequence,
        limit,
    )
    return tuple(_kept(row[0], row[1], row[2], row[3]) for row in rows)


def between(
    tx: Transaction, *, epoch: int, sequence: int, before: int
) -> tuple[KeptEntry, ...]:
    """Return the own entries after a place, of all epochs before another."""
    rows = tx.rows(
        "SELECT epoch, sequence, entry, chain FROM journal"
        " WHERE (epoch, sequence) > (?, ?) AND epoch < ? ORDER BY epoch, sequence",
        epoch,
        sequence,
        before,
    )
    return tuple(_kept(row[0], row[1], row[2], row[3]) for row in rows)


def history_after(
    tx: Transaction, *, epoch: int, sequence: int, limit: int
) -> tuple[KeptEntry, ...]:
    """Return up to `limit` entries of a left epoch as both sides had it."""
    rows = tx.rows(
        "SELECT epoch, sequence, entry, chain FROM history"
        " WHERE own = 1 AND epoch = ? AND sequence > ? ORDER BY sequence LIMIT ?",
        epoch,
        sequence,
        limit,
    )
    return tuple(_kept(row[0], row[1], row[2], row[3]) for row in rows)


def unreleased(tx: Transaction, epoch: int, *, after: int) -> tuple[int, str | None]:
    """Return how many entries of a left epoch are not let go, and since when."""
    row = tx.row(
        "SELECT count(*), min(at) FROM history WHERE own = 1 AND epoch = ?"
        " AND sequence > ?",
        epoch,
        after,
    )
    if row is None or not row[0]:
        return 0, None
    return int(str(row[0])), str(row[1])


def earlier_applications(
    tx: Transaction, *, epoch: int, first: int, last: int
) -> tuple[KeptEntry, ...]:
    """Return what the corrected applications among some entries were corrected from."""
    holds = "kind IN ('case_received', 'corrected_on_spot', 'case_resubmitted')"
    rows = tx.rows(
        "SELECT DISTINCT p.epoch, p.sequence, p.entry, p.chain FROM journal AS r"  # noqa: S608
        " JOIN journal AS p ON (p.epoch, p.sequence) = (SELECT epoch, sequence"
        f" FROM journal WHERE number = r.number AND {holds}"
        " AND (epoch, sequence) < (?, ?) ORDER BY epoch DESC, sequence DESC LIMIT 1)"
        f" WHERE r.epoch = ? AND r.sequence BETWEEN ? AND ? AND r.{holds}"
        " ORDER BY p.epoch, p.sequence",
        epoch,
        first,
        epoch,
        first,
        last,
    )
    return tuple(_kept(row[0], row[1], row[2], row[3]) for row in rows)


def of_case(tx: Transaction, number: str) -> tuple[KeptEntry, ...]:
    """Return every entry of one case, in order; what came back from the district, too.

    An entry that was offered again counts only where it was offered.
    """
    rows = tx.rows(
        "SELECT epoch, sequence, entry, chain, own FROM history WHERE number = ?"
        " ORDER BY own, epoch, sequence",
        number,
    )
    return tuple(
        replace(_kept(row[0], row[1], row[2], row[3]), own=bool(row[4])) for row in rows
    )


def entry_of(
    tx: Transaction, number: str, kinds: tuple[str, ...], nth: int
) -> bytes | None:
    """Return a case's n-th entry (from 0) of some kinds, or None."""
    marks = ", ".join("?" * len(kinds))
    row = tx.row(
        f"SELECT entry FROM history WHERE number = ? AND kind IN ({marks})"  # noqa: S608
        " ORDER BY own, epoch, sequence LIMIT 1 OFFSET ?",
        number,
        *kinds,
        nth,
    )
    return packing.unpack(row[0]) if row else None


def _kept(epoch: object, sequence: object, entry: object, chain: object) -> KeptEntry:
    raw = packing.unpack(entry)
    return KeptEntry(int(str(epoch)), int(str(sequence)), raw, str(chain))


def number_of(tx: Transaction, *, epoch: int, sequence: int) -> str | None:
    """Return the case number that an entry is about, if any."""
    row = tx.row(
        "SELECT number FROM journal WHERE epoch = ? AND sequence = ?", epoch, sequence
    )
    return str(row[0]) if row and row[0] else None


def chain_at(tx: Transaction, *, epoch: int, sequence: int) -> str | None:
    """Return the own chain after one entry."""
    row = tx.row(
        "SELECT chain FROM journal WHERE epoch = ? AND sequence = ?", epoch, sequence
    )
    return str(row[0]) if row else None


def history_chain_at(tx: Transaction, *, epoch: int, sequence: int) -> str | None:
    """Return the chain after one entry of a left epoch as both sides had it."""
    row = tx.row(
        "SELECT chain FROM history WHERE own = 1 AND epoch = ? AND sequence = ?",
        epoch,
        sequence,
    )
    return str(row[0]) if row else None


def label_of(tx: Transaction, *, epoch: int, sequence: int) -> Label | None:
    """Return what an entry is looked up by, or None where there is none."""
    row = tx.row(
        "SELECT at, kind, number FROM journal WHERE epoch = ? AND sequence = ?",
        epoch,
        sequence,
    )
    if row is None:
        return None
    return Label(str(row[0]), str(row[1]), None if row[2] is None else str(row[2]))
