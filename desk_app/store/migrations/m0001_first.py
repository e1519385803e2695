"""Rung 1: the first vault.

Append-only tables are held by triggers: what was synced, printed or audited is never
updated or deleted, whatever program opens the file. A case is saved with as few pages
as can be (each is encrypted, hashed and synced), so no table keeps what the journal
has, and what is searched by words or by the end of a number is one index, `words`:
cases under their id, applicants under minus theirs.
"""

from typing import Final

TABLES: Final = """
CREATE TABLE settings (
    name TEXT PRIMARY KEY, value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE operators (
    operator_id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('clerk', 'supervisor')),
    slot_id TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE audit (
    position INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    operator TEXT,
    what TEXT NOT NULL,
    subject TEXT NOT NULL,
    chain TEXT NOT NULL
) STRICT;
CREATE TABLE texts (
    kind TEXT NOT NULL,
    edition INTEGER NOT NULL,
    body TEXT NOT NULL,
    loaded_at TEXT NOT NULL,
    PRIMARY KEY (kind, edition)
) STRICT;
CREATE TABLE serials (
    terminal TEXT NOT NULL,
    day TEXT NOT NULL,
    serial INTEGER NOT NULL,
    number TEXT NOT NULL,
    voided TEXT,
    PRIMARY KEY (terminal, day, serial)
) STRICT, WITHOUT ROWID;
CREATE TABLE drafts (
    draft_id TEXT PRIMARY KEY,
    item_code TEXT NOT NULL,
    body TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    operator TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE journal (
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    entry BLOB NOT NULL,
    chain TEXT NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT,
    PRIMARY KEY (epoch, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_of_case ON journal (number, epoch, sequence, kind);
CREATE TABLE cases (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    item_code TEXT NOT NULL,
    applicant_name TEXT NOT NULL,
    identity TEXT NOT NULL,
    phone TEXT NOT NULL,
    received_at TEXT NOT NULL,
    received_day TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    last_epoch INTEGER NOT NULL,
    last_sequence INTEGER NOT NULL,
    official_number TEXT,
    answered_at TEXT,
    vessel TEXT NOT NULL,
    due_day TEXT,
    due_what TEXT,
    received_by TEXT NOT NULL,
    standing TEXT NOT NULL,
    papers TEXT NOT NULL,
    bag TEXT NOT NULL,
    batch TEXT NOT NULL
) STRICT;
CREATE INDEX cases_by_state ON cases (state);
CREATE INDEX cases_by_identity ON cases (identity);
CREATE INDEX cases_by_due ON cases (due_day) WHERE due_day IS NOT NULL;
CREATE INDEX cases_by_day ON cases (received_day);
CREATE INDEX cases_by_vessel ON cases (vessel) WHERE vessel != '';
CREATE INDEX cases_by_bag ON cases (bag) WHERE bag != '';
CREATE INDEX cases_answered ON cases (answered_at DESC) WHERE answered_at IS NOT NULL;
CREATE TABLE applicants (
    id INTEGER PRIMARY KEY,
    identity TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    words TEXT NOT NULL,
    used_at TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE words USING fts5 (
    tokens, content='', contentless_delete=1, detail=none, tokenize='unicode61'
);
CREATE TABLE vessels (
    name TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    number TEXT NOT NULL,
    used_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX vessels_by_owner ON vessels (owner);
CREATE TABLE certificates (
    vessel TEXT NOT NULL,
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    certificate TEXT NOT NULL,
    valid_until TEXT,
    number TEXT NOT NULL,
    PRIMARY KEY (vessel, owner, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX certificates_by_end ON certificates (valid_until);
CREATE TABLE outbox (
    batch_digest TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    header TEXT NOT NULL,
    raw BLOB,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'receipted', 'refused')),
    problem INTEGER,
    receipt TEXT,
    UNIQUE (epoch, first)
) STRICT;
CREATE INDEX outbox_by_state ON outbox (state, epoch, first);
CREATE TABLE feed (
    position INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    number TEXT,
    body TEXT NOT NULL,
    message TEXT NOT NULL,
    applied_at TEXT NOT NULL
) STRICT;
CREATE INDEX feed_of_case ON feed (number, position);
CREATE TABLE documents (
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    copy INTEGER NOT NULL,
    pdf BLOB NOT NULL,
    made_at TEXT NOT NULL,
    operator TEXT NOT NULL,
    PRIMARY KEY (number, kind, copy)
) STRICT;
CREATE TABLE attachments (
    digest TEXT PRIMARY KEY,
    media_type TEXT NOT NULL,
    content BLOB NOT NULL
) STRICT;
CREATE TABLE pages (
    subject TEXT NOT NULL,
    material TEXT NOT NULL,
    position INTEGER NOT NULL,
    digest TEXT NOT NULL REFERENCES attachments (digest),
    name TEXT NOT NULL,
    turned INTEGER NOT NULL DEFAULT 0,
    added_at TEXT NOT NULL,
    operator TEXT NOT NULL,
    PRIMARY KEY (subject, material, position)
) STRICT;
CREATE TABLE blanks (
    control TEXT PRIMARY KEY,
    printed_at TEXT NOT NULL,
    operator TEXT NOT NULL,
    number TEXT,
    voided TEXT
) STRICT;
CREATE TRIGGER journal_is_gapless BEFORE INSERT ON journal
WHEN new.sequence != 1 + coalesce(
    (SELECT max(sequence) FROM journal WHERE epoch = new.epoch), 0)
BEGIN SELECT raise(ABORT, 'journal: a sequence was skipped'); END;
"""

APPEND_ONLY: Final = (
    "audit",
    "journal",
    "serials",
    "feed",
    "documents",
)


def statements() -> str:
    """Return the SQL of this rung."""
    guards = [
        f"CREATE TRIGGER {table}_never_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT raise(ABORT, '{table} is append-only'); END;"
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    ]
    # Pages that a draft's owner takes out may take their scan with them.
    guards.append(
        "CREATE TRIGGER attachments_never_update BEFORE UPDATE ON attachments "
        "BEGIN SELECT raise(ABORT, 'attachments are never changed'); END;"
    )
    return TABLES + "\n".join(guards)
