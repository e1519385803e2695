"""Printed documents: every copy has its number, and none is ever changed."""

import pytest
import sqlcipher3

from desk_app.store import documents
from desk_app.store.vault import Transaction
from tests.support.rows import AT, a_number


def _keep(tx: Transaction, kind: str, pdf: bytes, serial: int = 1) -> int:
    number = a_number(serial)
    return documents.keep(tx, number, kind, pdf=pdf, at=AT, operator="lin")


def test_copies_are_counted_per_case_and_kind(tx: Transaction) -> None:
    assert documents.next_copy(tx, a_number(1), "receipt") == 1
    assert [_keep(tx, "receipt", b"%PDF 1"), _keep(tx, "receipt", b"%PDF 2")] == [1, 2]
    assert _keep(tx, "told", b"%PDF 3") == 1
    assert _keep(tx, "receipt", b"%PDF 4", serial=2) == 1
    assert documents.next_copy(tx, a_number(1), "receipt") == 3


def test_what_was_printed_is_kept_byte_for_byte_and_never_changed(
    tx: Transaction,
) -> None:
    _keep(tx, "receipt", b"%PDF \x00\xff")
    assert tx.rows("SELECT copy, pdf, made_at, operator FROM documents") == [
        (1, b"%PDF \x00\xff", AT, "lin")
    ]
    for sql in ("DELETE FROM documents", "UPDATE documents SET pdf = x''"):
        with pytest.raises(sqlcipher3.IntegrityError, match="append-only"):
            tx.run(sql)
