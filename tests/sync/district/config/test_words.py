"""The district's words: filled from the problem, and readable without a table entry."""

import re

import pytest

from schemas.problems import Code, Problem
from sync.district.config.words import problem_words, words


def test_a_problem_is_told_with_its_own_particulars() -> None:
    said = problem_words(Problem(Code.LEDGER_MISSING, file="record.db"))
    assert "record.db" in " ".join(said)
    assert all(each.strip() for each in said)


@pytest.mark.parametrize("code", [Code.TERMINAL_TAKEN, Code.KEY_MISSING])
def test_no_bracket_of_a_template_reaches_a_reader(code: Code) -> None:
    table = words("problems")
    template = " ".join(table[f"p{int(code)}.{part}"] for part in ("title", "cause"))
    names = re.findall(r"\{(\w+)\}", template)
    said = problem_words(Problem(code, **dict.fromkeys(names, "所填")))
    assert not re.search(r"[{}]", " ".join(said))
    assert not names or "所填" in " ".join(said)


def test_a_table_is_flat_by_section_and_key() -> None:
    table = words("problems")
    assert {key.count(".") for key in table} == {1}
