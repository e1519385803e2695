"""Rung 12: drafts may be packed, and the entries of the journal.

A case of 2 KB spilled over into pages of its own, one for its draft and one for its
entry, and each page that a transaction touches is enciphered and signed. Packed, four
and more lie in one page (desk_app.store.packing). Entries are bytes already; the text
of a draft becomes bytes. What is there is read as it stands. This rung is a rung, too,
for programs of before: they would take a packed entry for a damaged one.
"""

from typing import Final

STATEMENTS: Final = """
CREATE TABLE drafts_packed (
    draft_id TEXT PRIMARY KEY,
    item_code TEXT NOT NULL,
    body BLOB NOT NULL,
    updated_at TEXT NOT NULL,
    operator TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO drafts_packed
    SELECT draft_id, item_code, CAST(body AS BLOB), updated_at, operator FROM drafts;
DROP TABLE drafts;
ALTER TABLE drafts_packed RENAME TO drafts;
"""
