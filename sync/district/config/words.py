"""The words of the district's programs: problems, command line, console."""

import tomllib
from functools import cache
from importlib.resources import files

from schemas.problems import Problem


@cache
def words(table: str) -> dict[str, str]:
    """Return a text table, flattened to `section.key`."""
    text = files("assets").joinpath("text", f"{table}.zh-CN.toml").read_text("utf-8")
    return {
        f"{section}.{key}": value
        for section, entries in tomllib.loads(text).items()
        for key, value in entries.items()
    }


def problem_words(problem: Problem) -> tuple[str, str, str]:
    """Return title, cause and what to do of a numbered problem."""
    table = words("problems")

    def filled(part: str) -> str:
        text = table.get(f"p{int(problem.code)}.{part}", part)
        for name, value in problem.params.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    return filled("title"), filled("cause"), filled("do")
