"""Words of a case for search: bigrams of Han text, initials and pinyin of names.

Two characters are one token, so a two-character name is found by one look-up; a single
character falls back to a prefix. Digits go by indexed columns, not by this index.
"""

import re
from collections.abc import Iterable

_HAN = re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]+")
_WORD = re.compile(r"[a-z0-9]+")


def words_of(texts: Iterable[str]) -> str:
    """Return the tokens of all texts, for the index."""
    tokens: list[str] = []
    for text in texts:
        for run in _HAN.findall(text):
            tokens += [run[i : i + 2] for i in range(len(run))]
        tokens += _WORD.findall(text.lower())
    return " ".join(dict.fromkeys(tokens))


def query_of(text: str) -> str | None:
    """Return the FTS5 query for what was typed, or None where nothing can match."""
    wanted: list[str] = []
    for run in _HAN.findall(text):
        pairs = [run[i : i + 2] for i in range(len(run) - 1)]
        wanted += [f'"{pair}"' for pair in pairs] or [f'"{run}"*']
    wanted += [f'"{word}"*' for word in _WORD.findall(text.lower())]
    return " AND ".join(wanted) or None
