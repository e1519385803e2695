"""Rung 4: entries in quarantine, and how a refused run is cut for its next tries."""

from typing import Final

STATEMENTS: Final = """
CREATE TABLE quarantine (
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    problem INTEGER NOT NULL,
    reason TEXT NOT NULL,
    found_by TEXT NOT NULL CHECK (found_by IN ('intake', 'reconcile', 'rules')),
    state TEXT NOT NULL CHECK (state IN ('suspected', 'open', 'offered', 'settled')),
    found_at TEXT NOT NULL,
    offered_epoch INTEGER,
    offered_sequence INTEGER,
    note TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (epoch, sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE cuts (
    epoch INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    withheld INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (epoch, first)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER quarantine_never_delete BEFORE DELETE ON quarantine
WHEN old.state != 'suspected'
BEGIN SELECT raise(ABORT, 'quarantine: nothing vanishes'); END;
"""
