"""The text catalogue: every word that a clerk reads, by key.

`Words("desk")("board.title")` reads assets/text/desk.zh-CN.toml; a key without words
is a bug that a test finds, and shows the key rather than nothing.
"""

import tomllib
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from schemas.problems import Code, Problem

CHINA = ZoneInfo("Asia/Shanghai")


@cache
def _table(name: str) -> dict[str, str]:
    text = files("assets").joinpath("text", f"{name}.zh-CN.toml").read_text("utf-8")
    flat: dict[str, str] = {}
    for section, entries in tomllib.loads(text).items():
        for key, words in entries.items():
            flat[f"{section}.{key}"] = words
    return flat


class _Kept(dict[str, str | int]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class Words:
    """One table of the text catalogue."""

    def __init__(self, table: str) -> None:
        self._table = _table(table)

    def __call__(self, key: str, /, **params: str | int) -> str:
        """Return the words of `key`, with its placeholders filled."""
        return self._table.get(key, key).format_map(_Kept(params))

    def has(self, key: str) -> bool:
        """Say whether the table has words for `key`."""
        return key in self._table


def local_time(moment: datetime) -> str:
    """Return a moment as people at the window read it: China's time, minutes."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def problem_words(problem: Problem) -> tuple[str, str, str]:
    """Return title, cause and what to do, for a numbered problem."""
    words = Words("problems")
    key = f"p{int(problem.code)}"
    return (
        words(f"{key}.title", **problem.params),
        words(f"{key}.cause", **problem.params),
        words(f"{key}.do", **problem.params),
    )


def number_words(number: int) -> tuple[str, str, str]:
    """Return the words of a number that was recorded; a later version's says so."""
    if number in set(Code):
        return problem_words(Problem(Code(number)))
    words = Words("desk")
    return (
        words("newer.title", number=number),
        words("newer.cause"),
        words("newer.do"),
    )
