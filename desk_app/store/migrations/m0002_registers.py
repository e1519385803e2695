"""Rung 2: registers: powers of attorney, licence numbers, two more ways to find.

A power of attorney outlives the case that it came with, so that an agent is recalled
with the applicant. A certificate keeps the number that was granted. A case is found by
the district's number and by its visit (batch); both indexes hold the few rows that have
one, so that saving a plain case writes no page more.
"""

from typing import Final

STATEMENTS: Final = """
CREATE TABLE powers (
    owner TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    agent_name TEXT NOT NULL,
    relation TEXT NOT NULL,
    valid_until TEXT,
    number TEXT NOT NULL,
    used_at TEXT NOT NULL,
    PRIMARY KEY (owner, agent_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX powers_by_agent ON powers (agent_id);
ALTER TABLE certificates ADD COLUMN licence TEXT NOT NULL DEFAULT '';
CREATE INDEX cases_by_official ON cases (official_number)
    WHERE official_number IS NOT NULL;
CREATE INDEX cases_by_batch ON cases (batch) WHERE batch != '';
"""
