"""A sheet of receipts: raw bytes of exact length, bounded, closed."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.receipt_sheet import ReceiptSheet, SheetLine

LINE: dict[str, Any] = {
    "batch": bytes(8), "log_position": 1, "signature": bytes(64),
    "received_at": datetime(2026, 11, 23, 4, tzinfo=UTC),
}  # fmt: skip
SHEET: dict[str, Any] = {
    "device": "d" * 32, "receipt_key": bytes(8), "lines": (), "total": 0,
}  # fmt: skip


def test_an_empty_sheet_says_that_nothing_was_receipted() -> None:
    assert ReceiptSheet.model_validate(SHEET).total == 0


@pytest.mark.parametrize(
    "change",
    [
        {"batch": bytes(7)}, {"batch": bytes(9)}, {"signature": bytes(63)},
        {"signature": bytes(65)}, {"log_position": 0}, {"received_at": "today"},
        {"later": 1},
    ],
)  # fmt: skip
def test_a_line_has_the_bytes_that_a_receipt_is_made_of(
    change: dict[str, Any],
) -> None:
    """Our own edge: what the codes say is read by us, so unknown fields are faults."""
    with pytest.raises(ValidationError) as refused:
        SheetLine.model_validate({**LINE, **change})
    assert {each["loc"][0] for each in refused.value.errors()} == set(change)


def test_a_sheet_holds_two_hundred_lines_and_says_how_many_more() -> None:
    line = SheetLine.model_validate(LINE)
    full = ReceiptSheet.model_validate({**SHEET, "lines": (line,) * 200, "total": 345})
    assert len(full.lines) == 200
    with pytest.raises(ValidationError):
        ReceiptSheet.model_validate({**SHEET, "lines": (line,) * 201})
