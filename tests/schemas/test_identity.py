"""Check digits: one wrong character never passes, a real card is never refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from schemas.identity import is_credit_code, is_resident_id, masked
from tools.sample_cases import credit_code, person_id

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@st.composite
def resident_ids(draw: st.DrawFn) -> str:
    region = draw(st.integers(100000, 999999))
    birth = draw(st.dates()).strftime("%Y%m%d").zfill(8)
    body = f"{region}{birth}{draw(st.integers(0, 999)):03d}"
    return body + str(ric.calc_check_digit(body + "0"))


@given(resident_ids(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_of_an_id_never_passes(given: str, at: int, by: int) -> None:
    """GB 11643; people move, so no region is looked up."""
    assert is_resident_id(given)
    wrong = str((int(given[at]) + by) % 10)
    assert not is_resident_id(given[:at] + wrong + given[at + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "", "11010519491231002", "11010519491231002x", "11010519491231002X ",
        "１１０１０５１９４９１２３１００２X", "11010519490231002X",
        "1101051949123100-X", "X10105194912310021",
    ],
)  # fmt: skip
def test_what_is_no_id_is_none(text: str) -> None:
    assert not is_resident_id(text)


@given(st.integers(0, 16), st.integers(1, 30))
def test_one_wrong_character_of_a_code_never_passes(at: int, by: int) -> None:
    code = "91350100M000100Y43"
    assert is_credit_code(code)
    wrong = ALPHABET[(ALPHABET.index(code[at]) + by) % len(ALPHABET)]
    assert not is_credit_code(code[:at] + wrong + code[at + 1 :])


@pytest.mark.parametrize(
    "text",
    ["", "91350100M000100Y4", "91350100m000100y43", "91350100M000100Y43\n",
     "I1350100M000100Y43", "91350100Ｍ000100Y43", "913501O0M000100Y43"],
)  # fmt: skip
def test_what_is_no_code_is_none(text: str) -> None:
    assert not is_credit_code(text)


@pytest.mark.parametrize("number", [person_id(1), credit_code(1)])
def test_the_middle_of_a_number_is_not_shown(number: str) -> None:
    assert masked(number) == f"{number[:6]}********{number[-4:]}"


@pytest.mark.parametrize("number", ["1234567890", "12345", ""])
def test_a_number_without_a_middle_is_shown_once(number: str) -> None:
    assert masked(number) == number
