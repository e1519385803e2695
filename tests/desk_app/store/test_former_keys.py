"""Former keys: believed until retired, believed again when they come back."""

import pytest
import sqlcipher3

from desk_app.store import former_keys
from desk_app.store.vault import Transaction
from sync.seal import suite1

OLD, OLDER = b"\x01" * 32, b"\x02" * 32


def test_keys_of_a_use_come_in_the_order_they_were_followed(tx: Transaction) -> None:
    former_keys.keep(tx, "answers", OLD, since="2026-02")
    former_keys.keep(tx, "answers", OLDER, since="2026-01")
    former_keys.keep(tx, "receipts", b"\x03" * 32, since="2026-01")
    assert former_keys.of(tx, "answers") == (OLDER, OLD)


def test_a_retired_key_is_on_record_and_believed_no_more(tx: Transaction) -> None:
    former_keys.keep(tx, "receipts", OLD, since="2026-01")
    former_keys.retire(tx, suite1.key_id(OLD), at="2026-03")
    assert former_keys.of(tx, "receipts") == ()
    record = ("receipts", suite1.key_id(OLD), "2026-01", "2026-03")
    assert former_keys.listed(tx) == (record,)


def test_a_key_that_comes_back_is_believed_again_under_one_row(
    tx: Transaction,
) -> None:
    """A district that was put back uses an older key again for a while."""
    former_keys.keep(tx, "receipts", OLD, since="2026-01")
    former_keys.retire(tx, suite1.key_id(OLD), at="2026-03")
    former_keys.keep(tx, "receipts", OLD, since="2026-05")
    assert former_keys.of(tx, "receipts") == (OLD,)
    assert len(former_keys.listed(tx)) == 1


def test_own_secret_halves_are_destroyed_and_the_districts_stay(
    tx: Transaction,
) -> None:
    former_keys.keep(tx, "answers", OLD, since="2026-01")
    former_keys.keep(tx, "own_sealing", OLDER, key_id="mine", since="2026-01")
    assert former_keys.of(tx, "own_sealing") == (OLDER,)
    former_keys.forget_own(tx)
    assert [key_id for _, key_id, _, _ in former_keys.listed(tx)] == [
        suite1.key_id(OLD)
    ]


def test_a_use_that_there_is_not_is_refused(tx: Transaction) -> None:
    with pytest.raises(sqlcipher3.IntegrityError):
        former_keys.keep(tx, "anything", OLD, since="2026")  # type: ignore[arg-type]
