"""Rung 1: the first vault.

Append-only tables are held by triggers: what was synced, printed or audited is never
updated or deleted, whatever program opens the file.
"""

from typing import Final

TABLES: Final = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE operators (
    operator_id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('clerk', 'supervisor')),
    slot_id TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE audit (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
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
    number TEXT NOT NULL UNIQUE,
    PRIMARY KEY (terminal, day, serial)
) STRICT;
CREATE TABLE drafts (
    draft_id TEXT PRIMARY KEY,
    item_code TEXT NOT NULL,
    body TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    operator TEXT NOT NULL
) STRICT;
CREATE TABLE journal (
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    entry BLOB NOT NULL,
    chain TEXT NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT,
    PRIMARY KEY (epoch, sequence)
) STRICT;
CREATE INDEX journal_of_case ON journal (number, epoch, sequence);
CREATE TABLE cases (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    item_code TEXT NOT NULL,
    applicant_name TEXT NOT NULL,
    identity TEXT NOT NULL,
    identity_reversed TEXT NOT NULL,
    phone TEXT NOT NULL,
    phone_reversed TEXT NOT NULL,
    received_at TEXT NOT NULL,
    received_day TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    last_epoch INTEGER NOT NULL,
    last_sequence INTEGER NOT NULL,
    official_number TEXT,
    answered_at TEXT
) STRICT;
CREATE INDEX cases_by_time ON cases (received_at DESC);
CREATE INDEX cases_by_state ON cases (state, received_at DESC);
CREATE INDEX cases_by_identity ON cases (identity);
CREATE INDEX cases_by_identity_tail ON cases (identity_reversed);
CREATE INDEX cases_by_phone ON cases (phone);
CREATE INDEX cases_by_phone_tail ON cases (phone_reversed);
CREATE TABLE revisions (
    number TEXT NOT NULL,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (number, revision)
) STRICT;
CREATE TABLE applicants (
    identity TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    name TEXT NOT NULL,
    initials TEXT NOT NULL,
    pinyin TEXT NOT NULL,
    phone TEXT NOT NULL,
    used_at TEXT NOT NULL
) STRICT;
CREATE INDEX applicants_by_initials ON applicants (initials);
CREATE INDEX applicants_by_phone ON applicants (phone);
CREATE VIRTUAL TABLE case_words USING fts5 (
    words, content='', contentless_delete=1, detail=none, tokenize='unicode61'
);
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
CREATE TRIGGER journal_is_gapless BEFORE INSERT ON journal
WHEN new.sequence != 1 + coalesce(
    (SELECT max(sequence) FROM journal WHERE epoch = new.epoch), 0)
BEGIN SELECT raise(ABORT, 'journal: a sequence was skipped'); END;
"""

APPEND_ONLY: Final = (
    "audit",
    "journal",
    "serials",
    "revisions",
    "feed",
    "documents",
    "attachments",
)


def statements() -> str:
    """Return the SQL of this rung."""
    guards = [
        f"CREATE TRIGGER {table}_never_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT raise(ABORT, '{table} is append-only'); END;"
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    ]
    return TABLES + "\n".join(guards)
