"""Rung 7: what outlives a machine: backups, drills, healing after a rollback, old keys.

`returned` holds entries that the district sent back after a restore, byte for byte, and
`settled` says what became of the desk's own entries of the epoch that was left: both
are proofs, never changed. An entry is let go by a receipt, or by being settled.
"""

from typing import Final

TABLES: Final = """
CREATE TABLE backups (
    digest TEXT PRIMARY KEY,
    made_at TEXT NOT NULL,
    file TEXT NOT NULL,
    size INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    removed_at TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE drills (
    at TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    took_ms INTEGER NOT NULL,
    good INTEGER NOT NULL,
    by_recovery_key INTEGER NOT NULL,
    entries_lost INTEGER NOT NULL,
    drafts_lost INTEGER NOT NULL,
    problem INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE incidents (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL,
    seen_at TEXT,
    seen_by TEXT
) STRICT;
CREATE TABLE returned (
    device TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    entry BLOB NOT NULL,
    chain TEXT NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT,
    position INTEGER NOT NULL,
    own INTEGER NOT NULL,
    PRIMARY KEY (device, epoch, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX returned_of_case ON returned (number, device, epoch, sequence);
CREATE TABLE settled (
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    how TEXT NOT NULL CHECK (how IN ('held', 'offered_again')),
    PRIMARY KEY (epoch, sequence)
) STRICT, WITHOUT ROWID;
CREATE VIEW history AS
    SELECT 1 AS own, epoch, sequence, entry, chain, at, kind, number FROM journal AS j
    WHERE NOT EXISTS (SELECT 1 FROM settled AS s WHERE s.epoch = j.epoch
        AND s.sequence = j.sequence AND s.how = 'offered_again')
    UNION ALL
    SELECT own, epoch, sequence, entry, chain, at, kind, number FROM returned AS r
    WHERE own = 0 OR NOT EXISTS (SELECT 1 FROM settled AS s WHERE s.epoch = r.epoch
        AND s.sequence = r.sequence AND s.how = 'held');
CREATE TABLE lost_receipts (
    batch_digest TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    receipt TEXT NOT NULL,
    lost_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE renumbered (
    new_number TEXT PRIMARY KEY,
    old_number TEXT NOT NULL,
    found_at TEXT NOT NULL,
    told_at TEXT,
    told_by TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX renumbered_from ON renumbered (old_number);
CREATE TABLE former_keys (
    key_id TEXT PRIMARY KEY,
    use TEXT NOT NULL CHECK (use IN ('answers', 'receipts', 'own_sealing')),
    key TEXT NOT NULL,
    since TEXT NOT NULL,
    retired_at TEXT
) STRICT, WITHOUT ROWID;
"""

APPEND_ONLY: Final = ("returned", "settled", "lost_receipts")


def statements() -> str:
    """Return the SQL of this rung."""
    guards = [
        f"CREATE TRIGGER {table}_never_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT raise(ABORT, '{table} is append-only'); END;"
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    ]
    return TABLES + "\n".join(guards)
