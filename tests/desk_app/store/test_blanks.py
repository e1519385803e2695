"""Numbered blanks: each becomes one case or is spoiled, and never both or twice."""

import pytest
import sqlcipher3

from desk_app.store import blanks
from desk_app.store.vault import Transaction
from tests.support.rows import AT, a_number


def _issue(tx: Transaction, *controls: str) -> None:
    for control in controls:
        blanks.issue(tx, control, at=AT, operator="lin")


def test_a_running_number_goes_on_under_its_own_prefix(tx: Transaction) -> None:
    assert blanks.last(tx, "HY0102-") == 0
    _issue(tx, "HY0102-0001", "HY0102-0012", "HY0403-0500")
    assert blanks.last(tx, "HY0102-") == 12
    with pytest.raises(sqlcipher3.IntegrityError):
        _issue(tx, "HY0102-0012")


def test_a_blank_becomes_one_case(tx: Transaction) -> None:
    _issue(tx, "A-1", "A-2")
    assert blanks.used(tx, "A-1", a_number(1))
    assert not blanks.used(tx, "A-1", a_number(2))
    assert not blanks.used(tx, "A-9", a_number(2))
    assert not blanks.void(tx, "A-1", "写坏")
    assert blanks.open_ones(tx) == ("A-2",)


def test_a_spoiled_blank_has_its_reason_and_becomes_no_case(tx: Transaction) -> None:
    _issue(tx, "A-1")
    assert blanks.void(tx, "A-1", "写坏")
    assert not blanks.void(tx, "A-1", "再来")
    assert not blanks.used(tx, "A-1", a_number(1))
    assert blanks.voided(tx, limit=9) == (("A-1", "写坏"),)
    assert blanks.open_ones(tx) == ()
