"""Rung 3: the index of words knows what words begin with.

One typed character asks for every word that begins with it: tens of thousands of lists
to merge in a vault of a million cases (half a second), one list now (a millisecond).
The index keeps no text, so the words are read back from its own vocabulary.
"""

from typing import Final

STATEMENTS: Final = """
CREATE VIRTUAL TABLE temp.words_said USING fts5vocab ('main', 'words', 'instance');
CREATE VIRTUAL TABLE words_3 USING fts5 (
    tokens, content='', contentless_delete=1, detail=none, prefix='1 2',
    tokenize='unicode61'
);
INSERT INTO words_3 (rowid, tokens)
    SELECT doc, group_concat(term, ' ') FROM temp.words_said GROUP BY doc;
DROP TABLE temp.words_said;
DROP TABLE words;
ALTER TABLE words_3 RENAME TO words;
"""
