"""Rung 2: casework. What a case's standing and clock are shown from, vessels, pages.

Columns that the board and the lists sort and search by stand on `cases`; all of it is a
projection of the journal. Cases of before have no due day until they are next touched
or the desk is unlocked, which projects them again.
"""

from typing import Final

TABLES: Final = """
ALTER TABLE cases ADD COLUMN vessel TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN due_day TEXT;
ALTER TABLE cases ADD COLUMN due_what TEXT;
ALTER TABLE cases ADD COLUMN received_by TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN standing TEXT NOT NULL DEFAULT '{}';
ALTER TABLE cases ADD COLUMN papers TEXT NOT NULL DEFAULT 'town';
ALTER TABLE cases ADD COLUMN bag TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN batch TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN number_reversed TEXT NOT NULL DEFAULT '';
CREATE INDEX cases_by_number_tail ON cases (number_reversed);
CREATE INDEX cases_by_due ON cases (due_day) WHERE due_day IS NOT NULL;
CREATE INDEX cases_by_day ON cases (received_day);
CREATE INDEX cases_by_vessel ON cases (vessel) WHERE vessel != '';
CREATE INDEX cases_by_bag ON cases (bag) WHERE bag != '';
CREATE INDEX cases_answered ON cases (answered_at DESC) WHERE answered_at IS NOT NULL;
CREATE TABLE vessels (
    name TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    body TEXT NOT NULL,
    used_at TEXT NOT NULL
) STRICT;
CREATE INDEX vessels_by_owner ON vessels (owner);
CREATE TABLE certificates (
    vessel TEXT NOT NULL,
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    certificate TEXT NOT NULL,
    valid_until TEXT,
    number TEXT NOT NULL,
    PRIMARY KEY (vessel, owner, kind)
) STRICT;
CREATE INDEX certificates_by_end ON certificates (valid_until);
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
ALTER TABLE applicants ADD COLUMN name_reversed TEXT NOT NULL DEFAULT '';
ALTER TABLE applicants ADD COLUMN identity_reversed TEXT NOT NULL DEFAULT '';
ALTER TABLE applicants ADD COLUMN phone_reversed TEXT NOT NULL DEFAULT '';
CREATE INDEX applicants_by_name ON applicants (name);
CREATE INDEX applicants_by_name_tail ON applicants (name_reversed);
CREATE INDEX applicants_by_pinyin ON applicants (pinyin);
CREATE INDEX applicants_by_identity_tail ON applicants (identity_reversed);
CREATE INDEX applicants_by_phone_tail ON applicants (phone_reversed);
DROP TRIGGER attachments_never_delete;
"""
"""Pages that a draft's owner takes out may take their scan with them: the guard against
deleting attachments goes, the one against changing them stays."""


def statements() -> str:
    """Return the SQL of this rung."""
    return TABLES
