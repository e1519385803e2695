"""What cases and applicants are found by: one index of words, and what is asked of it.

Two Han characters are one token, so a two-character name is found by one look-up; a
single character falls back to a prefix. Ids, phones and case numbers are kept from
their end too (`z` and the digits reversed), since people say the last four; a phone's
beginning is `p` and its digits. Cases stand under their id, applicants under minus
theirs.

A case is saved without its words: they can be read again from what it says, so they
are written afterwards. A mark says up to which case they are there (`found_to`).
"""

import re
from collections.abc import Iterable
from typing import Final

from desk_app.store import settings
from desk_app.store.vault import Transaction

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


def marks_of(*, identity: str, phone: str, number: str = "", official: str = "") -> str:
    """Return the tokens of what is found by its last digits."""
    ends = [_tail(text) for text in (identity, phone, number, official) if text]
    return " ".join([*ends, f"p{phone}", words_of([official])]).strip()


def put(tx: Transaction, row: int, words: str) -> None:
    """Index a case (its id) or an applicant (minus the id), there already or not."""
    tx.run("INSERT OR REPLACE INTO words (rowid, tokens) VALUES (?, ?)", row, words)


def change(tx: Transaction, row: int, words: str) -> None:
    """Index what is there already by other words."""
    tx.run("UPDATE words SET tokens = ? WHERE rowid = ?", words, row)


_FOUND_TO: Final = "found_to"


def found_to(tx: Transaction) -> int:
    """Return the last case that is found by its words and remembered in registers."""
    return int(settings.get(tx, _FOUND_TO) or 0)


def set_found_to(tx: Transaction, row: int) -> None:
    """Note, in the transaction that wrote them, that words are there up to a case."""
    settings.put(tx, _FOUND_TO, str(row))


def digits_in(text: str) -> str | None:
    """Return what was typed as digits (ids end in X), or None where it is not."""
    digits = text.strip().upper().replace("-", "").replace(" ", "")
    return digits if digits.removesuffix("X").isdigit() else None


# Two digits would gather half the vault; three are a few thousand.
_TELLING: Final = 3
_PHONE_TELLING: Final = 7


def query_of_digits(digits: str) -> str:
    """Return the FTS5 query for typed digits: the end of something, a vessel's name."""
    if len(digits) < _TELLING:
        return f'"{digits.lower()}"'
    wanted = [f'"{_tail(digits)}"*', f'"{digits.lower()}"*']
    if len(digits) >= _PHONE_TELLING:
        wanted.append(f'"p{digits}"*')
    return " OR ".join(wanted)


def _tail(text: str) -> str:
    return "z" + "".join(filter(str.isalnum, text)).lower()[::-1]


def _of_word(word: str) -> str:
    """Letters and digits may be the end of a credit code, which ends in either."""
    mixed = len(word) >= _TELLING and any(map(str.isdigit, word))
    return f'("{word}"* OR "{_tail(word)}"*)' if mixed else f'"{word}"*'


def query_of(text: str) -> str | None:
    """Return the FTS5 query for what was typed, or None where nothing can match."""
    wanted: list[str] = []
    for run in _HAN.findall(text):
        pairs = [run[i : i + 2] for i in range(len(run) - 1)]
        wanted += [f'"{pair}"' for pair in pairs] or [f'"{run}"*']
    wanted += map(_of_word, _WORD.findall(text.lower()))
    return " AND ".join(wanted) or None
