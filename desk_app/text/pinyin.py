"""How Chinese names are typed on a keyboard: whole pinyin, and its initials."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """Return the first letters of a name's syllables."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore"))


@lru_cache(maxsize=4096)
def pinyin(name: str) -> str:
    """Return a name's syllables without tones."""
    return "".join(lazy_pinyin(name, errors="ignore"))
