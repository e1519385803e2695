"""Applicants known from earlier cases, recalled by name, pinyin, number or phone."""

from dataclasses import dataclass
from typing import Final

from desk_app.store.vault import Transaction


@dataclass(frozen=True, slots=True)
class ApplicantRecord:
    """An applicant as last seen: `body` is the JSON of schemas.applicant."""

    identity: str
    body: str
    name: str
    initials: str
    pinyin: str
    phone: str
    used_at: str


def remember(tx: Transaction, record: ApplicantRecord) -> None:
    """Keep an applicant's latest particulars."""
    tx.run(
        "INSERT OR IGNORE INTO applicants"
        " (identity, body, name, initials, pinyin, phone, used_at)"
        " VALUES (?, '', '', '', '', '', '')",
        record.identity,
    )
    tx.run(
        "UPDATE applicants SET body = ?, name = ?, initials = ?, pinyin = ?,"
        " phone = ?, used_at = ?, name_reversed = ?, identity_reversed = ?,"
        " phone_reversed = ? WHERE identity = ?",
        record.body,
        record.name,
        record.initials,
        record.pinyin,
        record.phone,
        record.used_at,
        record.name[::-1],
        record.identity[::-1],
        record.phone[::-1],
        record.identity,
    )


# Each is one range of an index, so that recall is as fast among a million as among ten.
_STARTS: Final = ("name", "initials", "pinyin", "identity", "phone")
_ENDS: Final = ("name_reversed", "identity_reversed", "phone_reversed")
_LAST: Final = "\U0010ffff"


def recall(tx: Transaction, text: str, *, limit: int) -> tuple[str, ...]:
    """Return the bodies of applicants that begin or end with the text, latest first."""
    found: dict[str, tuple[str, str]] = {}
    for column in (*_STARTS, *_ENDS):
        wanted = text.lower() if column in {"initials", "pinyin"} else text.upper()
        wanted = text if column.startswith("name") else wanted
        wanted = wanted[::-1] if column in _ENDS else wanted
        rows = tx.rows(
            f"SELECT identity, used_at, body FROM applicants"  # noqa: S608 - our names
            f" WHERE {column} >= ? AND {column} < ? LIMIT ?",
            wanted,
            wanted + _LAST,
            limit,
        )
        found |= {str(i): (str(at), str(body)) for i, at, body in rows}
    latest = sorted(found.values(), reverse=True)
    return tuple(body for _, body in latest[:limit])
