"""Numbers without a case and spoiled blanks: each with its reason, never again used."""

import pytest

from desk_app.services import freezing, numbering, sheets
from schemas.case import NumberVoided
from schemas.ids import read_case_number
from schemas.problems import Code
from tests.support.counter import ITEM, Counter, refused


def _serial(number: str) -> int:
    return read_case_number(number).serial


def test_p03_a_voided_number_is_the_days_next_and_is_explained(
    counter: Counter,
) -> None:
    before = counter.take(seed=1)
    number = numbering.void_next_number(counter.place, " 测试打印 ", "test")
    after = counter.take(seed=2)
    assert [_serial(n) - _serial(before) for n in (number, after)] == [1, 2]
    voided = [e.body for e in counter.entries() if isinstance(e.body, NumberVoided)]
    assert (voided[-1].number, voided[-1].reason, voided[-1].because) == (
        number, "测试打印", "test",
    )  # fmt: skip
    assert (number, "测试打印") in numbering.voids(counter.place).numbers


@pytest.mark.parametrize("reason", ["", " ", "错"])
def test_a_number_is_not_voided_without_a_word(counter: Counter, reason: str) -> None:
    entries = len(counter.entries())
    refused(Code.REASON_MISSING, numbering.void_next_number, counter.place, reason)
    refused(Code.REASON_MISSING, numbering.void_blank, counter.place, "K", reason)
    assert len(counter.entries()) == entries


def test_p08_frozen_numbers_are_not_voided_either(counter: Counter) -> None:
    """The number may be on a paper that the restored desk has forgotten."""
    with counter.place.vault.write() as tx:
        freezing.freeze_in(tx, "restored", until_after="2026-06-01")
    refused(Code.NUMBERING_FROZEN, numbering.void_next_number, counter.place, "打印")
    counter.watch.later(days=1)
    assert numbering.void_next_number(counter.place, "打印")


def test_a_blank_is_spoiled_once_however_it_is_typed(counter: Counter) -> None:
    sheets.blank_forms(counter.place, ITEM, 2)
    first, second = numbering.voids(counter.place).blanks_out[:2]
    numbering.void_blank(counter.place, f" {first.lower()} ", "写坏")
    found = numbering.voids(counter.place)
    assert (first, "写坏") in found.blanks
    assert first not in found.blanks_out
    assert second in found.blanks_out
    refused(Code.BLANK_UNKNOWN, numbering.void_blank, counter.place, first, "再来")
    refused(Code.BLANK_UNKNOWN, numbering.void_blank, counter.place, "0000", "写坏")
    assert counter.trail()[0] == "blank_voided"


def test_a_desk_without_a_terminal_has_no_numbers(counter: Counter) -> None:
    terminal = "terminal"
    with counter.place.vault.write() as tx:
        tx.run("UPDATE settings SET name = 'kept' WHERE name = ?", terminal)
    try:
        refused(Code.NOT_ENROLLED, numbering.void_next_number, counter.place, "打印")
    finally:
        with counter.place.vault.write() as tx:
            tx.run("UPDATE settings SET name = ? WHERE name = 'kept'", terminal)
