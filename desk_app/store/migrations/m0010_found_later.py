"""Rung 10: what a case is found by is written after it is saved.

A mark (a setting) says up to which case words and registers are there: in a vault of
before, up to its last. And an index says which catalogue is in use: without it each
save walked half a megabyte of text to the time that stands behind it.
"""

from typing import Final

STATEMENTS: Final = """
INSERT INTO settings (name, value)
    SELECT 'found_to', max(id) FROM cases HAVING max(id) IS NOT NULL;
CREATE INDEX texts_in_use ON texts (kind, edition, loaded_at);
"""
