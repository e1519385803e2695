"""What is found by what is typed: names, pinyin, the last digits, a vessel's number."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_app.store import search
from desk_app.store.vault import Transaction, Vault
from tests.support.rows import undone

MARKS = search.marks_of(
    identity="11010519491231002X", phone="13905941234",
    number="350305107-01-20261123-0001-7", official="FJ-2026-88",
)  # fmt: skip
WORDS = search.words_of(["林海生", "lhs", "linhaisheng", "闽秀渔99001"])


def _found(tx: Transaction, typed: str) -> list[int]:
    digits = search.digits_in(typed)
    query = search.query_of_digits(digits) if digits else search.query_of(typed)
    if query is None:
        return []
    rows = tx.rows("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid", query)
    return [int(str(row)) for (row,) in rows]


@pytest.fixture
def indexed(tx: Transaction) -> Transaction:
    search.put(tx, 1, f"{WORDS} {MARKS}")
    search.put(tx, 2, search.words_of(["陈阿妹", "cam"]))
    return tx


@pytest.mark.parametrize(
    "typed",
    ["林海生", "林海", "海生", "林", "生", "LHS", "linhai", "002X", "12 31002x",
     "1234", "1390594", "88", "FJ-2026-88", "0001-7", "00017", "99001", "渔99001",
     "林海 lhs"],
)  # fmt: skip
def test_a_case_is_found_by_any_of_its_ways(indexed: Transaction, typed: str) -> None:
    assert _found(indexed, typed) == [1]


@pytest.mark.parametrize("typed", ["林生", "海林", "002", "林 cam", "9905", "!?", "。"])
def test_what_is_not_so_finds_nothing(indexed: Transaction, typed: str) -> None:
    assert _found(indexed, typed) == []


def test_other_words_replace_the_first_ones(indexed: Transaction) -> None:
    search.change(indexed, 1, search.words_of(["黄志强"]))
    assert (_found(indexed, "林海"), _found(indexed, "志强")) == ([], [1])
    search.put(indexed, 2, search.words_of(["黄金水"]))
    assert (_found(indexed, "陈阿"), _found(indexed, "黄")) == ([], [1, 2])


def test_digits_are_what_ids_phones_and_numbers_are_typed_as() -> None:
    assert search.digits_in(" 1101-05 19x ") == "11010519X"
    for text in ("", "  ", "-", "X", "12a", "林1", "1X2"):
        assert search.digits_in(text) is None, text


def test_the_mark_says_up_to_which_case_words_are_there(tx: Transaction) -> None:
    assert search.found_to(tx) == 0
    search.set_found_to(tx, 7)
    search.set_found_to(tx, 9)
    assert search.found_to(tx) == 9


NAMES = st.text(st.sampled_from("林海生陈阿妹〇𠮷㐀"), min_size=1, max_size=6)


@given(NAMES, st.data())
@settings(derandomize=True, deadline=None, max_examples=60)
def test_a_name_is_found_by_every_part_of_it(
    vault: Vault, name: str, data: st.DataObject
) -> None:
    begin = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(begin + 1, len(name)))
    with undone(vault) as tx:
        search.put(tx, 1, search.words_of([name]))
        assert _found(tx, name[begin:end]) == [1]


@given(st.text(max_size=20))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_whatever_is_typed_is_a_query_or_none(vault: Vault, typed: str) -> None:
    """Quotes, operators and brackets of the index's own language are only text."""
    with vault.read() as tx:
        assert _found(tx, typed) == []
