"""Rung 5: scans on their way: which contents the district is to have, and their pieces.

A piece that was sealed is kept as it is until its receipt comes: the same bytes go
again. The content itself stays where it is (`attachments`), receipted or not.
"""

from typing import Final

TABLES: Final = """
CREATE TABLE scans (
    digest TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    listed_at TEXT NOT NULL,
    at_district TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX scans_waiting ON scans (listed_at) WHERE at_district IS NULL;
CREATE TABLE scan_pieces (
    chunk TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    place INTEGER NOT NULL,
    message TEXT,
    raw BLOB,
    receipt TEXT,
    refusals INTEGER NOT NULL DEFAULT 0,
    problem INTEGER
) STRICT;
CREATE INDEX scan_pieces_of ON scan_pieces (digest, place);
CREATE INDEX pages_of_content ON pages (digest);
INSERT INTO scans SELECT digest, length(content), '', NULL FROM attachments
WHERE digest IN (SELECT digest FROM pages JOIN cases ON number = subject);
"""


def statements() -> str:
    """Return the SQL of this rung; scans of cases that are there are to be listed."""
    return TABLES
