"""Who may work here: found by the slot that was opened; former ones stay on record."""

import dataclasses

import pytest
import sqlcipher3

from desk_app.store import operators
from desk_app.store.operators import OperatorRecord
from desk_app.store.vault import Transaction

LIN = OperatorRecord("a" * 16, "lin", "林窗口", "supervisor", "slot 1", active=True)
CHEN = OperatorRecord("b" * 16, "chen", "陈窗口", "clerk", "slot 2", active=True)


def test_an_operator_is_found_by_the_own_slot_alone(tx: Transaction) -> None:
    operators.add(tx, LIN)
    operators.add(tx, CHEN)
    assert operators.by_slot(tx, "slot 2") == CHEN
    assert operators.by_slot(tx, "slot 3") is None
    assert operators.all_of(tx) == (CHEN, LIN)


def test_who_left_comes_in_no_more_and_stays_on_record(tx: Transaction) -> None:
    operators.add(tx, CHEN)
    operators.retire(tx, CHEN.operator_id, freed_login="chen (left)")
    assert operators.by_slot(tx, CHEN.slot_id) is None
    (left,) = operators.all_of(tx)
    assert left == dataclasses.replace(CHEN, login="chen (left)", active=False)


def test_a_login_is_one_persons_until_it_is_freed(tx: Transaction) -> None:
    operators.add(tx, CHEN)
    other = dataclasses.replace(CHEN, operator_id="c" * 16, slot_id="slot 3")
    with pytest.raises(sqlcipher3.IntegrityError):
        operators.add(tx, other)
    operators.retire(tx, CHEN.operator_id, freed_login="chen (left)")
    operators.add(tx, other)
    assert operators.by_slot(tx, "slot 3") == other


def test_there_are_two_roles_and_no_third(tx: Transaction) -> None:
    with pytest.raises(sqlcipher3.IntegrityError):
        operators.add(tx, dataclasses.replace(LIN, role="guest"))
