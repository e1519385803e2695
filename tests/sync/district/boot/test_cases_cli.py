"""`open`, `cases` and `answer`: what is filed, and one answer for one case."""

import json

import pytest

from schemas.problems import Code
from sync.district.boot.district import District
from tests.support.commands import Run
from tests.support.ledgers import a_case, a_number, file_line, granted

NUMBER = a_number(1)


@pytest.fixture
def case(district: District) -> str:
    """A filed case of a desk that was let in."""
    desk = granted(district.sealed)
    file_line(district.record, desk, 1, case=a_case(1, desk.device))
    return NUMBER


def test_an_answer_is_on_the_record(run: Run, case: str) -> None:
    done = run("answer", case, "--by", "审核", "--licence", "（示）证第0001号")
    assert done.exit_code == 0, done.output
    (listed,) = json.loads(run("cases", case, "--json").output)
    assert (listed["number"], listed["state"]) == (case, "granted")
    assert json.loads(run("cases", "--state", "received", "--json").output) == []


def test_an_answer_to_an_unknown_case_is_a_numbered_problem(run: Run) -> None:
    done = run("answer", NUMBER, "--by", "审核", "--received")
    assert done.exit_code == 1
    assert f"[{int(Code.CASE_UNKNOWN)}]" in done.output


@pytest.mark.parametrize("words", [(), ("--refuse",), ("--missing", "船检证书")])
def test_an_answer_without_its_words_is_not_given(
    run: Run, district: District, case: str, words: tuple[str, ...]
) -> None:
    before = district.record.case(case)
    done = run("answer", case, "--by", "审核", *words)
    assert done.exit_code == 1
    assert f"[{int(Code.ANSWER_INCOMPLETE)}]" in done.output
    assert district.record.case(case) == before


@pytest.mark.parametrize(
    "words",
    [
        ("cases", "--state", "nowhere"),
        ("answer", NUMBER, "--by", "审核", "--received", "--refuse"),
    ],
)
def test_wrong_usage_is_exit_2(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_nothing_that_came_is_nothing_filed(run: Run) -> None:
    said = json.loads(run("open", "--json").output)
    assert said == {"filed": 0, "set_aside": 0, "sent": 0, "waiting": []}
