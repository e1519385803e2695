"""Serials: gapless per terminal and day, never given twice, voided by a reason."""

from datetime import date

import pytest
import sqlcipher3

from desk_app.store import numbers
from desk_app.store.vault import Transaction
from schemas.ids import LAST_SERIAL, NumberParts, read_case_number
from schemas.problems import Code, Problem

TOWN = "350305107"
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def _take(tx: Transaction, day: date, terminal: str = "01", **named: str) -> str:
    return numbers.take(tx, town=TOWN, terminal=terminal, day=day, **named)


def test_each_terminal_and_each_day_counts_from_one_without_a_gap(
    tx: Transaction,
) -> None:
    given = [
        _take(tx, MONDAY), _take(tx, MONDAY), _take(tx, TUESDAY),
        _take(tx, MONDAY, "02"), _take(tx, MONDAY),
    ]  # fmt: skip
    parts = list(map(read_case_number, given))
    assert [each.serial for each in parts] == [1, 2, 1, 1, 3]
    assert parts[3] == NumberParts(TOWN, "02", MONDAY, 1)
    assert len(set(given)) == 5


def test_a_voided_number_keeps_its_place_and_its_reason(tx: Transaction) -> None:
    first = _take(tx, MONDAY, voided="测试打印")
    assert read_case_number(_take(tx, MONDAY)).serial == 2
    later = _take(tx, TUESDAY, voided="写错")
    last = _take(tx, MONDAY, voided="卡纸")
    assert numbers.voided(tx, limit=9) == (
        (later, "写错"), (last, "卡纸"), (first, "测试打印"),
    )  # fmt: skip
    assert numbers.voided(tx, limit=1) == ((later, "写错"),)


def test_a_number_kept_from_an_earlier_vault_is_never_given_again(
    tx: Transaction,
) -> None:
    """What came back from the district counts as given, in any order."""
    for serial in (7, 3, 7):
        numbers.keep(tx, NumberParts(TOWN, "01", MONDAY, serial))
    assert read_case_number(_take(tx, MONDAY)).serial == 8


def test_keeping_a_number_does_not_take_its_voidance_back(tx: Transaction) -> None:
    number = _take(tx, MONDAY, voided="测试打印")
    numbers.keep(tx, read_case_number(number))
    assert numbers.voided(tx, limit=9) == ((number, "测试打印"),)


def test_the_last_number_of_a_day_is_given_and_then_it_is_said(tx: Transaction) -> None:
    numbers.keep(tx, NumberParts(TOWN, "01", MONDAY, LAST_SERIAL - 1))
    assert read_case_number(_take(tx, MONDAY)).serial == LAST_SERIAL
    with pytest.raises(Problem) as refused:
        _take(tx, MONDAY)
    assert refused.value.code is Code.NUMBERS_EXHAUSTED
    assert read_case_number(_take(tx, TUESDAY)).serial == 1


def test_no_program_takes_a_given_number_back(tx: Transaction) -> None:
    _take(tx, MONDAY)
    for sql in ("DELETE FROM serials", "UPDATE serials SET voided = 'x'"):
        with pytest.raises(sqlcipher3.IntegrityError, match="append-only"):
            tx.run(sql)
