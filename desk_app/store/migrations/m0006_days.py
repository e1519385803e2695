"""Rung 6: days, their closings, what the district says of them, and trusted times.

`journal_days` only repeats what the journal says, so that a day's records are found
without reading it all; it is caught up with when days are looked at, not when a case
is saved: a save keeps its pages. Closings and verdicts are append-only.
"""

from typing import Final

TABLES: Final = """
CREATE TABLE journal_days (
    day TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (day, epoch, sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE days_indexed (
    epoch INTEGER PRIMARY KEY, sequence INTEGER NOT NULL
) STRICT;
CREATE TABLE closings (
    day TEXT NOT NULL,
    version INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    operator TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (day, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE day_verdicts (
    position INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    genuine INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX day_verdicts_of_day ON day_verdicts (day, version, position);
CREATE TABLE anchors (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    within_ms INTEGER,
    wall TEXT NOT NULL,
    boot TEXT NOT NULL,
    monotonic_ms INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL
) STRICT;
"""

APPEND_ONLY: Final = ("closings", "day_verdicts")


def statements() -> str:
    """Return the SQL of this rung."""
    guards = [
        f"CREATE TRIGGER {table}_never_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT raise(ABORT, '{table} is append-only'); END;"
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    ]
    return TABLES + "\n".join(guards)
