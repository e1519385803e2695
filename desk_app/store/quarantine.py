"""Entries in quarantine: each with its reason, its state and whose task it is (P3).

`suspected`: refused alone, its stub is on the way; `open`: a supervisor must look;
`offered`: on its way again inside a new entry; `settled`: a supervisor closed it.
"""

from dataclasses import dataclass
from typing import Final

from desk_app.store.vault import Row, Transaction

_COLUMNS: Final = (
    "epoch, sequence, problem, reason, found_by, state, found_at,"
    " offered_epoch, offered_sequence, note"
)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One entry that would not go through."""

    epoch: int
    sequence: int
    problem: int
    reason: str
    found_by: str
    state: str
    found_at: str
    offered_epoch: int | None = None
    offered_sequence: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """How a run that was refused is to be sent next; `withheld`: by a stub."""

    epoch: int
    first: int
    last: int
    withheld: bool


def put(tx: Transaction, entry: Quarantined) -> None:
    """Write an entry down, or what is new about it."""
    tx.run(
        f"INSERT INTO quarantine ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
        " ON CONFLICT (epoch, sequence) DO UPDATE SET problem = excluded.problem,"
        " reason = excluded.reason, found_by = excluded.found_by,"
        " state = excluded.state, offered_epoch = excluded.offered_epoch,"
        " offered_sequence = excluded.offered_sequence, note = excluded.note",
        entry.epoch,
        entry.sequence,
        entry.problem,
        entry.reason,
        entry.found_by,
        entry.state,
        entry.found_at,
        entry.offered_epoch,
        entry.offered_sequence,
        entry.note,
    )


def get(tx: Transaction, epoch: int, sequence: int) -> Quarantined | None:
    """Return one entry's quarantine, or None where it is in none."""
    row = tx.row(
        f"SELECT {_COLUMNS} FROM quarantine WHERE epoch = ? AND sequence = ?",  # noqa: S608
        epoch,
        sequence,
    )
    return _read(row) if row else None


def offered_as(tx: Transaction, epoch: int, sequence: int) -> Quarantined | None:
    """Return what an entry of the journal offers again, if it does."""
    row = tx.row(
        f"SELECT {_COLUMNS} FROM quarantine WHERE offered_epoch = ?"  # noqa: S608
        " AND offered_sequence = ?",
        epoch,
        sequence,
    )
    return _read(row) if row else None


def noted(tx: Transaction, note: str) -> Quarantined | None:
    """Return the open entry whose second try is the place in its note."""
    row = tx.row(
        f"SELECT {_COLUMNS} FROM quarantine WHERE note = ? AND state = 'open'",  # noqa: S608
        note,
    )
    return _read(row) if row else None


def last_before(tx: Transaction, epoch: int, sequence: int) -> int:
    """Return the last sequence before one that was ever in quarantine, or 0."""
    row = tx.row(
        "SELECT coalesce(max(sequence), 0) FROM quarantine WHERE epoch = ?"
        " AND sequence < ?",
        epoch,
        sequence,
    )
    return int(str(row[0])) if row else 0


def all_of(tx: Transaction) -> tuple[Quarantined, ...]:
    """Return every entry that is or was in quarantine, in order of the journal."""
    rows = tx.rows(f"SELECT {_COLUMNS} FROM quarantine ORDER BY epoch, sequence")  # noqa: S608
    return tuple(map(_read, rows))


def no_longer_suspected(tx: Transaction, epoch: int, sequence: int) -> None:
    """Take a suspicion back: the fault was not the entry's."""
    tx.run(
        "DELETE FROM quarantine WHERE epoch = ? AND sequence = ?"
        " AND state = 'suspected'",
        epoch,
        sequence,
    )


def _read(row: Row) -> Quarantined:
    epoch, sequence, problem, reason, found_by, state, found_at, *more = row
    in_epoch, in_sequence, note = more
    return Quarantined(
        int(str(epoch)),
        int(str(sequence)),
        int(str(problem)),
        str(reason),
        str(found_by),
        str(state),
        str(found_at),
        int(str(in_epoch)) if in_epoch is not None else None,
        int(str(in_sequence)) if in_sequence is not None else None,
        str(note),
    )


def cut(tx: Transaction, how: Cut) -> None:
    """Say how a run is to be sent next."""
    tx.run(
        "INSERT INTO cuts (epoch, first, last, withheld) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (epoch, first) DO UPDATE SET last = excluded.last,"
        " withheld = excluded.withheld",
        how.epoch,
        how.first,
        how.last,
        int(how.withheld),
    )


def cut_at(tx: Transaction, epoch: int, sequence: int) -> Cut | None:
    """Return the cut that a sequence lies in, if there is one."""
    row = tx.row(
        "SELECT epoch, first, last, withheld FROM cuts WHERE epoch = ?"
        " AND first <= ? AND last >= ? ORDER BY first DESC LIMIT 1",
        epoch,
        sequence,
        sequence,
    )
    if row is None:
        return None
    return Cut(int(str(row[0])), int(str(row[1])), int(str(row[2])), bool(row[3]))


def next_cut(tx: Transaction, epoch: int, sequence: int) -> int | None:
    """Return where the next cut after a sequence begins, or None."""
    row = tx.row(
        "SELECT min(first) FROM cuts WHERE epoch = ? AND first > ?", epoch, sequence
    )
    return int(str(row[0])) if row and row[0] is not None else None


def uncut(tx: Transaction, epoch: int, first: int) -> None:
    """Forget a cut."""
    tx.run("DELETE FROM cuts WHERE epoch = ? AND first = ?", epoch, first)
