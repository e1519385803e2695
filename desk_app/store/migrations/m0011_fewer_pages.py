"""Rung 11: the index of words fits the vault's pages, and lies in fewer pieces.

A page of the vault keeps 80 bytes for its cipher. The index cut its leaves for a plain
page, so that each full leaf spilled into a second page, to be read and deciphered for
every word looked up. And it is merged as soon as two pieces are alike (four before):
each piece is one more place to look at. Words are written after a case is saved, where
the merging costs nobody a wait. What is there is written anew, once.
"""

from typing import Final

STATEMENTS: Final = """
INSERT INTO words (words, rank) VALUES ('pgsz', 3970);
INSERT INTO words (words, rank) VALUES ('automerge', 2);
INSERT INTO words (words) VALUES ('optimize');
"""
