"""Cases as the window shows them: a projection of the journal, and its revisions.

A case stands in every list from the moment it is saved; by words it is found once they
are written (desk_app.store.search), which needs no sync of its own.
"""

from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any, Final

from desk_app.store import search
from desk_app.store.vault import Row, Transaction

_COLUMNS: Final = (
    "number, item_code, applicant_name, identity, phone, received_at, received_day,"
    " state, revision, last_epoch, last_sequence, official_number, answered_at,"
    " vessel, due_day, due_what, received_by, standing, papers, bag, batch"
)


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """The latest state of one case."""

    number: str
    item_code: str
    applicant_name: str
    identity: str
    phone: str
    received_at: str
    received_day: str
    state: str
    revision: int
    last_epoch: int
    last_sequence: int
    official_number: str | None = None
    answered_at: str | None = None
    vessel: str = ""
    due_day: str | None = None
    due_what: str | None = None
    received_by: str = ""
    standing: str = "{}"
    papers: str = "town"
    bag: str = ""
    batch: str = ""


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases a list shows; empty shows all."""

    text: str = ""
    state: str | None = None
    day: str | None = None
    answered_only: bool = False
    states: tuple[str, ...] = ()
    item: str | None = None
    since: str | None = None
    until: str | None = None
    due_by: str | None = None
    vessel: str | None = None
    identity: str | None = None
    bag: str | None = None
    papers: str | None = None
    """Where the originals are (schemas.steps.PapersAt)."""
    batch: str | None = None

    def with_one(self, name: str, value: str | None) -> "CaseFilter":
        """Return the filter with one of its plain parts changed."""
        plain = {"state", "day", "item", "since", "until", "due_by", "vessel", "bag"}
        plain |= {"papers", "batch"}
        if name not in plain:
            raise KeyError(name)
        changed: dict[str, Any] = {name: value}
        return replace(self, **changed)


_NAMES: Final = tuple(field.name for field in fields(CaseRecord))


def _record(row: Row) -> CaseRecord:
    (number, item, name, identity, phone, at, day, state) = map(str, row[:8])
    revision, epoch, sequence = (int(str(value)) for value in row[8:11])
    official, answered = (None if v is None else str(v) for v in row[11:13])
    due_day, due_what = (None if v is None else str(v) for v in row[14:16])
    return CaseRecord(
        number, item, name, identity, phone, at, day, state,
        revision, epoch, sequence, official, answered,
        str(row[13]), due_day, due_what, *map(str, row[16:21]),
    )  # fmt: skip


def add(tx: Transaction, record: CaseRecord, *, words: str | None = None) -> None:
    """Add a case; its search words may be written afterwards."""
    values = [getattr(record, name) for name in _NAMES]
    marks = ", ".join("?" * len(values))
    row = tx.row(
        f"INSERT INTO cases ({_COLUMNS}) VALUES ({marks}) RETURNING id",  # noqa: S608
        *values,
    )
    if words is not None:
        search.put(tx, int(str(row[0])) if row else 0, f"{words} {_marks(record)}")


def put(tx: Transaction, record: CaseRecord, *, words: str) -> None:
    """Show a case as its history was read again, whatever was shown of it before."""
    row = tx.row("SELECT id FROM cases WHERE number = ?", record.number)
    if row is None:
        add(tx, record, words=words)
        return
    sets = ", ".join(f"{name} = ?" for name in _NAMES)
    values = [getattr(record, name) for name in _NAMES]
    tx.run(
        f"UPDATE cases SET {sets} WHERE id = ?",  # noqa: S608 - constant columns
        *values,
        int(str(row[0])),
    )
    search.change(tx, int(str(row[0])), f"{words} {_marks(record)}")


def words_changed(tx: Transaction, record: CaseRecord, words: str) -> None:
    """Search a case by its words: the first ones, or new ones after a correction."""
    row = tx.row("SELECT id FROM cases WHERE number = ?", record.number)
    if row:
        search.put(tx, int(str(row[0])), f"{words} {_marks(record)}")


def last_id(tx: Transaction) -> int:
    """Return the id of the case that was added last; 0 before the first."""
    row = tx.row("SELECT max(id) FROM cases")
    return int(str(row[0])) if row and row[0] is not None else 0


def after_id(
    tx: Transaction, last: int, *, limit: int
) -> tuple[tuple[int, CaseRecord], ...]:
    """Return (id, case) of those added after another, in their order."""
    rows = tx.rows(
        f"SELECT {_COLUMNS}, id FROM cases WHERE id > ?"  # noqa: S608
        " ORDER BY id LIMIT ?",
        last,
        limit,
    )
    return tuple((int(str(row[-1])), _record(row)) for row in rows)


def _marks(record: CaseRecord) -> str:
    return search.marks_of(
        identity=record.identity,
        phone=record.phone,
        number=record.number,
        official=record.official_number or "",
    )


def stepped(tx: Transaction, record: CaseRecord) -> None:
    """Show the case's newest step; what was said at its receipt stays."""
    tx.run(
        "UPDATE cases SET applicant_name = ?, identity = ?, phone = ?,"
        " state = ?, revision = ?, last_epoch = ?,"
        " last_sequence = ?, official_number = ?, answered_at = ?, vessel = ?,"
        " due_day = ?, due_what = ?, standing = ?, papers = ?, bag = ?"
        " WHERE number = ?",
        record.applicant_name,
        record.identity,
        record.phone,
        record.state,
        record.revision,
        record.last_epoch,
        record.last_sequence,
        record.official_number,
        record.answered_at,
        record.vessel,
        record.due_day,
        record.due_what,
        record.standing,
        record.papers,
        record.bag,
        record.number,
    )


def get(tx: Transaction, number: str) -> CaseRecord | None:
    """Return one case."""
    sql = f"SELECT {_COLUMNS} FROM cases WHERE number = ?"  # noqa: S608
    row = tx.row(sql, number)
    return _record(row) if row else None


COUNTED_TO: Final = 1000
"""Where a count stops: a list says "1000+" rather than read a million rows."""


def page(
    tx: Transaction, wanted: CaseFilter, *, limit: int, offset: int
) -> tuple[tuple[CaseRecord, ...], int]:
    """Return a page of cases, last taken first, and how many there are.

    The count stops at COUNTED_TO.
    """
    clauses, values = _where(wanted)
    where = " AND ".join(clauses) or "1"
    source, order = "cases", "id DESC"
    if _BY_WORDS in clauses:
        # The index walks from the newest case down and stops at a full page.
        source = "words CROSS JOIN cases ON cases.id = words.rowid"
        order = "words.rowid DESC"
    rows = tx.rows(
        f"SELECT {_COLUMNS} FROM {source} WHERE {where}"  # noqa: S608 - fixed clauses
        f" ORDER BY {order} LIMIT ? OFFSET ?",
        *values,
        limit,
        offset,
    )
    if offset == 0 and len(rows) < limit:
        return tuple(map(_record, rows)), len(rows)
    # With nothing but words or digits to match, the indexes alone can count: a case's
    # row is a page of its own to decipher.
    counted = f"SELECT 1 FROM {source} WHERE {where}"  # noqa: S608 - fixed clauses
    if clauses == [_BY_WORDS]:
        counted = f"SELECT 1 FROM words WHERE {where}"  # noqa: S608
    elif len(clauses) == 1 and where.startswith(_AMONG):
        counted = f"SELECT DISTINCT * FROM {where.removeprefix(_AMONG)}"  # noqa: S608
    total = tx.row(
        f"SELECT count(*) FROM ({counted} LIMIT {COUNTED_TO + 1})",  # noqa: S608
        *values,
    )
    return tuple(map(_record, rows)), int(str(total[0])) if total else 0


def due(tx: Transaction, *, limit: int) -> tuple[CaseRecord, ...]:
    """Return the cases whose legal day comes first."""
    rows = tx.rows(
        f"SELECT {_COLUMNS} FROM cases WHERE due_day IS NOT NULL"  # noqa: S608
        " ORDER BY due_day LIMIT ?",
        limit,
    )
    return tuple(map(_record, rows))


def answered(tx: Transaction, *, limit: int) -> tuple[CaseRecord, ...]:
    """Return the cases that the district answered last."""
    rows = tx.rows(
        f"SELECT {_COLUMNS} FROM cases WHERE answered_at IS NOT NULL"  # noqa: S608
        " ORDER BY answered_at DESC LIMIT ?",
        limit,
    )
    return tuple(map(_record, rows))


def with_due_day(tx: Transaction, *, after: str, limit: int) -> tuple[CaseRecord, ...]:
    """Return cases that wait for a legal day, in the order of their numbers."""
    rows = tx.rows(
        f"SELECT {_COLUMNS} FROM cases WHERE due_day IS NOT NULL"  # noqa: S608
        " AND number > ? ORDER BY number LIMIT ?",
        after,
        limit,
    )
    return tuple(_record(row) for row in rows)


def count_with_due_day(tx: Transaction, *, after: str) -> int:
    """Return how many cases wait for a legal day, of those after a number."""
    row = tx.row(
        "SELECT count(*) FROM cases WHERE due_day IS NOT NULL AND number > ?", after
    )
    return int(str(row[0])) if row else 0


def count_on(tx: Transaction, day: str) -> int:
    """Return how many cases were received on a local day."""
    row = tx.row("SELECT count(*) FROM cases WHERE received_day = ?", day)
    return int(str(row[0])) if row else 0


def bags(tx: Transaction) -> tuple[tuple[str, str, int], ...]:
    """Return (bag, where its papers are, of how many cases)."""
    rows = tx.rows(
        "SELECT bag, papers, count(*) FROM cases WHERE bag != '' GROUP BY bag, papers"
    )
    return tuple((str(bag), str(where), int(str(n))) for bag, where, n in rows)


def counts(
    tx: Transaction, *, since: str, until: str
) -> tuple[tuple[str, str, str, int], ...]:
    """Return (day, item, state, how many) between two local days, both included."""
    rows = tx.rows(
        "SELECT received_day, item_code, state, count(*) FROM cases"
        " WHERE received_day BETWEEN ? AND ? GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        since,
        until,
    )
    return tuple((str(d), str(i), str(s), int(str(n))) for d, i, s, n in rows)


def _where(wanted: CaseFilter) -> tuple[list[str], list[str]]:
    exact = (
        ("state = ?", wanted.state),
        ("received_day = ?", wanted.day),
        ("item_code = ?", wanted.item),
        ("received_day >= ?", wanted.since),
        ("received_day <= ?", wanted.until),
        ("due_day <= ?", wanted.due_by),
        ("vessel = ?", wanted.vessel),
        ("identity = ?", wanted.identity),
        ("bag = ?", wanted.bag),
        ("papers = ?", wanted.papers),
        ("batch = ?", wanted.batch),
    )
    clauses = [clause for clause, value in exact if value]
    values = [value for _, value in exact if value]
    if wanted.states:
        clauses.append(f"state IN ({', '.join('?' * len(wanted.states))})")
        values += wanted.states
    if wanted.answered_only:
        clauses.append("answered_at IS NOT NULL")
    digits = search.digits_in(wanted.text)
    if digits:
        clause, given = _by_digits(digits)
        clauses.append(clause)
        values += given
    elif wanted.text.strip():
        query = search.query_of(wanted.text)
        clauses.insert(0, _BY_WORDS if query else "0")
        values[:0] = [query] if query else []
    return clauses, values


_AMONG: Final = "id IN "
_BY_WORDS: Final = "words MATCH ? AND words.rowid > 0"
# Enough for any list; a few typed digits must not gather half the vault.
_GATHERED: Final = 2000


def _by_digits(digits: str) -> tuple[str, list[str]]:
    """Ids and numbers by their start are ranges of an index; the rest are words."""
    parts: list[str] = []
    values: list[str] = []
    for column, start in (("identity", digits), ("number", _hyphened(digits))):
        parts.append(_some(f"id FROM cases WHERE {column} >= ? AND {column} < ?"))
        values += [start, start + "~"]
    parts.append(_some(f"rowid FROM words WHERE {_BY_WORDS} ORDER BY rowid DESC"))
    values.append(search.query_of_digits(digits))
    return f"{_AMONG}({' UNION ALL '.join(parts)})", values


def _some(query: str) -> str:
    return f"SELECT * FROM (SELECT {query} LIMIT {_GATHERED})"  # noqa: S608


def _hyphened(digits: str) -> str:
    """Return typed digits as the beginning of a case number is written."""
    cuts = (0, 9, 11, 19, 23, 24)
    return "-".join(filter(None, (digits[a:b] for a, b in pairwise(cuts))))
