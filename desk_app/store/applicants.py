"""Applicants known from earlier cases, recalled by name, pinyin, number or phone."""

from dataclasses import dataclass

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
        "INSERT INTO applicants"
        " (identity, body, name, initials, pinyin, phone, used_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (identity) DO UPDATE SET"
        " body = excluded.body, name = excluded.name, initials = excluded.initials,"
        " pinyin = excluded.pinyin, phone = excluded.phone,"
        " used_at = excluded.used_at",
        record.identity,
        record.body,
        record.name,
        record.initials,
        record.pinyin,
        record.phone,
        record.used_at,
    )


def recall(tx: Transaction, text: str, *, limit: int) -> tuple[str, ...]:
    """Return the bodies of applicants that match what was typed, latest first."""
    like = text.replace("%", "").replace("_", "")
    rows = tx.rows(
        "SELECT body FROM applicants WHERE name LIKE ? OR initials LIKE ?"
        " OR pinyin LIKE ? OR identity LIKE ? OR phone LIKE ?"
        " ORDER BY used_at DESC LIMIT ?",
        f"%{like}%",
        f"{like.lower()}%",
        f"{like.lower()}%",
        f"%{like.upper()}",
        f"%{like}",
        limit,
    )
    return tuple(str(row[0]) for row in rows)
