"""Rung 8: what the district gives out: editions, calendars, notices, commands.

Each row has the place of its message in the feed, where its bytes are kept. A text
waits here until the day it holds from; then it is in `texts` and in use.
"""

from typing import Final

TABLES: Final = """
CREATE TABLE publications (
    position INTEGER PRIMARY KEY REFERENCES feed (position),
    kind TEXT NOT NULL,
    number INTEGER NOT NULL,
    effective_from TEXT NOT NULL,
    digest TEXT NOT NULL,
    text TEXT,
    state TEXT NOT NULL CHECK (
        state IN ('waiting', 'in_use', 'passed', 'lacking', 'refused')),
    problem INTEGER,
    settled_at TEXT
) STRICT;
CREATE INDEX publications_waiting ON publications (effective_from)
WHERE state = 'waiting';
CREATE TABLE notices (
    position INTEGER PRIMARY KEY REFERENCES feed (position),
    text TEXT NOT NULL,
    published_at TEXT NOT NULL,
    published_by TEXT NOT NULL,
    until TEXT
) STRICT;
CREATE TABLE notices_seen (
    position INTEGER NOT NULL REFERENCES notices (position),
    operator TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (position, operator)
) STRICT, WITHOUT ROWID;
CREATE TABLE commands (
    position INTEGER PRIMARY KEY REFERENCES feed (position),
    command TEXT NOT NULL,
    arguments TEXT NOT NULL,
    outcome TEXT CHECK (outcome IN ('done', 'unknown', 'failed')),
    done_at TEXT
) STRICT;
"""


def statements() -> str:
    """Return the SQL of this rung."""
    return TABLES
