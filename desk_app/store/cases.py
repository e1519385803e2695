"""Cases as the window shows them: a projection of the journal, and its revisions."""

from dataclasses import dataclass
from typing import Final

from desk_app.store import search
from desk_app.store.vault import Row, Transaction

_COLUMNS: Final = (
    "number, item_code, applicant_name, identity, phone, received_at, received_day,"
    " state, revision, last_epoch, last_sequence, official_number, answered_at"
)
_DIGITS_FOR_TAIL = 3


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


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases a list shows; empty shows all."""

    text: str = ""
    state: str | None = None
    day: str | None = None
    answered_only: bool = False
    open_only: bool = False


def _record(row: Row) -> CaseRecord:
    (number, item, name, identity, phone, at, day, state) = map(str, row[:8])
    revision, epoch, sequence = (int(str(value)) for value in row[8:11])
    official, answered = (None if v is None else str(v) for v in row[11:])
    return CaseRecord(
        number, item, name, identity, phone, at, day, state,
        revision, epoch, sequence, official, answered,
    )  # fmt: skip


def add(tx: Transaction, record: CaseRecord, *, body: str, words: str) -> None:
    """Add a case with its first revision and its search words."""
    tx.run(
        f"INSERT INTO cases ({_COLUMNS}, identity_reversed, phone_reversed)"  # noqa: S608
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        record.number,
        record.item_code,
        record.applicant_name,
        record.identity,
        record.phone,
        record.received_at,
        record.received_day,
        record.state,
        record.revision,
        record.last_epoch,
        record.last_sequence,
        record.official_number,
        record.answered_at,
        record.identity[::-1],
        record.phone[::-1],
    )
    tx.run(
        "INSERT INTO case_words (rowid, words)"
        " SELECT id, ? FROM cases WHERE number = ?",
        words,
        record.number,
    )
    add_revision(tx, record.number, record.revision, body)


def add_revision(tx: Transaction, number: str, revision: int, body: str) -> None:
    """Keep one revision of the application (JSON), never changed afterwards."""
    tx.run("INSERT INTO revisions VALUES (?, ?, ?)", number, revision, body)


def revision(tx: Transaction, number: str, revision_number: int) -> str | None:
    """Return the JSON of one revision."""
    row = tx.row(
        "SELECT body FROM revisions WHERE number = ? AND revision = ?",
        number,
        revision_number,
    )
    return str(row[0]) if row else None


def stepped(tx: Transaction, record: CaseRecord) -> None:
    """Show the case's newest step."""
    tx.run(
        "UPDATE cases SET state = ?, revision = ?, last_epoch = ?, last_sequence = ?,"
        " official_number = ?, answered_at = ? WHERE number = ?",
        record.state,
        record.revision,
        record.last_epoch,
        record.last_sequence,
        record.official_number,
        record.answered_at,
        record.number,
    )


def get(tx: Transaction, number: str) -> CaseRecord | None:
    """Return one case."""
    sql = f"SELECT {_COLUMNS} FROM cases WHERE number = ?"  # noqa: S608
    row = tx.row(sql, number)
    return _record(row) if row else None


def page(
    tx: Transaction, wanted: CaseFilter, *, limit: int, offset: int
) -> tuple[tuple[CaseRecord, ...], int]:
    """Return a page of cases, newest first, and how many there are in all."""
    clauses, values = _where(wanted)
    where = " AND ".join(clauses) or "1"
    rows = tx.rows(
        f"SELECT {_COLUMNS} FROM cases WHERE {where}"  # noqa: S608 - fixed clauses
        " ORDER BY received_at DESC, number DESC LIMIT ? OFFSET ?",
        *values,
        limit,
        offset,
    )
    total = tx.row(f"SELECT count(*) FROM cases WHERE {where}", *values)  # noqa: S608
    return tuple(map(_record, rows)), int(str(total[0])) if total else 0


def _where(wanted: CaseFilter) -> tuple[list[str], list[str]]:
    clauses: list[str] = []
    values: list[str] = []
    if wanted.state:
        clauses.append("state = ?")
        values.append(wanted.state)
    if wanted.day:
        clauses.append("received_day = ?")
        values.append(wanted.day)
    if wanted.answered_only:
        clauses.append("answered_at IS NOT NULL")
    if wanted.open_only:
        clauses.append("state NOT IN ('granted', 'refused')")
    text = wanted.text.strip()
    digits = text.upper().replace("-", "").replace(" ", "")
    if digits and digits.removesuffix("X").isdigit():
        clause, given = _by_digits(digits)
        clauses.append(clause)
        values += given
    elif text:
        query = search.query_of(text)
        clauses.append(
            "id IN (SELECT rowid FROM case_words WHERE case_words MATCH ?)"
            if query
            else "0"
        )
        values += [query] if query else []
    return clauses, values


def _by_digits(digits: str) -> tuple[str, list[str]]:
    """Ids and phones by start or end, case numbers with or without hyphens."""
    tail = digits[::-1]
    clause = (
        "(identity >= ? AND identity < ? OR phone >= ? AND phone < ?"
        " OR identity_reversed >= ? AND identity_reversed < ?"
        " OR phone_reversed >= ? AND phone_reversed < ?"
        " OR replace(number, '-', '') LIKE ?"
        " OR id IN (SELECT rowid FROM case_words WHERE case_words MATCH ?))"
    )
    head, end = [digits, digits + "~"], [tail, tail + "~"]
    number = f"%{digits}%" if len(digits) >= _DIGITS_FOR_TAIL else digits
    return clause, [*head, *head, *end, *end, number, f'"{digits.lower()}"*']
