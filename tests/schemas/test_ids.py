"""Case numbers: unique by construction, and one wrong digit never passes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.ids import (
    LAST_SERIAL,
    CaseNumber,
    NumberParts,
    case_number,
    read_case_number,
)
from schemas.problems import Code, Problem

PARTS = st.builds(
    NumberParts,
    town=st.from_regex(r"[1-9][0-9]{8}", fullmatch=True),
    terminal=st.from_regex(r"[0-9]{2}", fullmatch=True),
    day=st.dates(date(2020, 1, 1), date(2099, 12, 31)),
    serial=st.integers(1, LAST_SERIAL),
)


@given(PARTS)
def test_a_number_says_what_it_was_made_of(parts: NumberParts) -> None:
    number = case_number(parts)
    assert read_case_number(number) == parts
    assert read_case_number(number.replace("-", "")) == parts


@given(PARTS, st.integers(0, 23), st.integers(1, 9))
def test_one_wrong_digit_never_passes(
    parts: NumberParts, place: int, more: int
) -> None:
    """ISO 7064 MOD 11,10 finds every single wrong digit."""
    digits = case_number(parts).replace("-", "")
    wrong = str((int(digits[place]) + more) % 10)
    with pytest.raises(Problem) as refused:
        read_case_number(digits[:place] + wrong + digits[place + 1 :])
    assert refused.value.code is Code.NUMBER_MALFORMED


@pytest.mark.parametrize("text", ["", "350305107", "x" * 24, "３" * 24])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Problem):
        read_case_number(text)


NUMBER = "350305107-01-20261123-0001-7"


@pytest.mark.parametrize(
    "text",
    [
        NUMBER + "\n",
        f" {NUMBER}",
        NUMBER.replace("-", ""),
        NUMBER.replace("1123", "1131"),
        NUMBER[:-1] + "8",
        "３50305107-01-20261123-0001-7",
    ],
)
def test_in_a_record_a_number_has_one_spelling(text: str) -> None:
    """Two spellings would be two cases; typed and scanned ones are read more freely."""
    kept: TypeAdapter[str] = TypeAdapter(CaseNumber)
    assert kept.validate_python(NUMBER) == NUMBER
    with pytest.raises(ValidationError):
        kept.validate_python(text)
