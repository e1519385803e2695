"""Applicants known from earlier cases, by name, pinyin, id, phone or vessel."""

from dataclasses import dataclass
from typing import Final

from desk_app.store import search
from desk_app.store.vault import Transaction


@dataclass(frozen=True, slots=True)
class ApplicantRecord:
    """An applicant as last seen: `body` is the JSON of schemas.applicant."""

    identity: str
    body: str
    words: str
    used_at: str


def remember(tx: Transaction, record: ApplicantRecord) -> None:
    """Keep an applicant's latest particulars; words that stayed are not written."""
    known = tx.row(
        "SELECT id, words FROM applicants WHERE identity = ?", record.identity
    )
    if known is None:
        row = tx.row(
            "INSERT INTO applicants (identity, body, words, used_at)"
            " VALUES (?, ?, ?, ?) RETURNING id",
            record.identity,
            record.body,
            record.words,
            record.used_at,
        )
        search.put(tx, -int(str(row[0])) if row else 0, record.words)
        return
    tx.run(
        "UPDATE applicants SET body = ?, words = ?, used_at = ? WHERE identity = ?",
        record.body,
        record.words,
        record.used_at,
        record.identity,
    )
    if record.words != known[1]:
        search.change(tx, -int(str(known[0])), record.words)


# Looked at before the latest are chosen; a common surname has thousands.
_GATHERED: Final = 200
_LAST: Final = "~"
_VESSEL_TELLING: Final = 3


def recall(tx: Transaction, text: str, *, limit: int) -> tuple[str, ...]:
    """Return the bodies of applicants that the text finds, latest first."""
    digits = search.digits_in(text)
    query = search.query_of_digits(digits) if digits else search.query_of(text)
    if query is None:
        return ()
    # Only a vessel's name has digits and more: a surname must not read all vessels.
    telling = len(text) >= _VESSEL_TELLING and any(map(str.isdigit, text))
    vessel = text if telling else ""
    rows = tx.rows(
        "SELECT body FROM applicants WHERE id IN (SELECT -rowid FROM words"
        " WHERE words MATCH ? AND rowid < 0 ORDER BY rowid LIMIT ?)"
        " OR id IN (SELECT id FROM applicants WHERE identity >= ? AND identity < ?"
        " LIMIT ?) OR identity IN (SELECT owner FROM vessels WHERE ? != ''"
        " AND instr(name, ?) LIMIT ?) ORDER BY used_at DESC LIMIT ?",
        query,
        _GATHERED,
        digits or text.upper(),
        (digits or text.upper()) + _LAST,
        _GATHERED,
        vessel,
        vessel,
        _GATHERED,
        limit,
    )
    return tuple(str(row[0]) for row in rows)
