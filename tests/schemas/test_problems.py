"""Numbers: each once, in the block of who must act, and no record in what is shown."""

import pytest

from schemas.problems import Code, Problem

BLOCKS = [
    (range(100, 200), "the clerk"),
    (range(1000, 1200), "the clerk, continued"),
    (range(200, 300), "nobody"),
    (range(300, 400), "the district"),
    (range(400, 500), "us"),
]


def test_no_number_is_used_twice() -> None:
    """An alias would be one number with two meanings."""
    assert len(Code.__members__) == len(list(Code))
    assert len({int(code) for code in Code}) == len(Code.__members__)


@pytest.mark.parametrize("code", list(Code))
def test_a_number_says_who_must_act(code: Code) -> None:
    assert len([who for numbers, who in BLOCKS if int(code) in numbers]) == 1


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (100, "NOT_SET_UP"), (101, "PASSPHRASE_WRONG"), (152, "CASE_UNKNOWN"),
        (200, "LINE_DOWN"), (202, "ANSWER_NOT_OURS"), (203, "DISTRICT_BUSY"),
        (300, "DEVICE_UNKNOWN"), (301, "DEVICE_REVOKED"), (305, "BATCH_OVERLAPS"),
        (306, "SUITE_UNKNOWN"), (401, "SIGNATURE_INVALID"), (402, "SEAL_BROKEN"),
        (403, "MESSAGE_MALFORMED"), (404, "CHAIN_BROKEN"),
    ],
)  # fmt: skip
def test_p10_numbers_that_travelled_keep_their_meaning(number: int, name: str) -> None:
    """Released desks and districts say these to each other, and people noted them."""
    assert Code(number).name == name


def test_a_problem_shows_its_number_and_what_its_words_need() -> None:
    problem = Problem(Code.NUMBERS_EXHAUSTED, day="2026-11-23", last=9999)
    assert problem.code is Code.NUMBERS_EXHAUSTED
    assert problem.params == {"day": "2026-11-23", "last": 9999}
    assert str(problem).startswith("161 NUMBERS_EXHAUSTED")
