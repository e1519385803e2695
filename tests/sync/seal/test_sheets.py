"""A sheet's line and the desk's own batch make the very receipt that a line brings."""

import base64
import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from schemas.encoding import canonical
from schemas.receipt import Receipt
from schemas.receipt_sheet import SheetLine
from sync.protocol.sheets import read_sheet, sheet_bytes
from sync.seal.batches import read_batch
from sync.seal.keys import SigningKey
from sync.seal.receipts import receipt_is_genuine
from sync.seal.sheets import names, sheet_of, whole_receipt

VECTORS = json.loads(
    (Path(__file__).parents[3] / "docs" / "vectors" / "wire-1.json").read_text("utf-8")
)
KEY = SigningKey(bytes.fromhex(VECTORS["receipt_secret"]))
BATCH = read_batch(base64.b64decode(VECTORS["batch"]))
OTHER = read_batch(base64.b64decode(VECTORS["leaning_batch"]))
RECEIPT = Receipt.model_validate(VECTORS["receipt"])
SHEET = sheet_of(RECEIPT.device, KEY.key_id, (RECEIPT,), total=3)
LINE = SHEET.lines[0]


def test_p06_paper_brings_back_the_receipt_byte_for_byte() -> None:
    (line,) = read_sheet(sheet_bytes(SHEET)).lines
    whole = whole_receipt(line, BATCH.header, BATCH.digest, key_id=KEY.key_id)
    assert canonical(whole) == canonical(RECEIPT)
    assert receipt_is_genuine(whole, KEY.public)


def test_a_sheet_says_how_many_more_there_are() -> None:
    assert (SHEET.total, len(SHEET.lines)) == (3, 1)
    assert SHEET.receipt_key.hex() == KEY.key_id[:16]


def test_p06_a_line_held_against_another_batch_releases_nothing() -> None:
    """Paper needs no trust of its own: the signature decides."""
    assert names(LINE, BATCH.digest)
    assert not names(LINE, OTHER.digest)
    for header, digest in ((OTHER.header, BATCH.digest), (BATCH.header, OTHER.digest)):
        whole = whole_receipt(LINE, header, digest, key_id=KEY.key_id)
        assert not receipt_is_genuine(whole, KEY.public)


@pytest.mark.parametrize(
    "change",
    [
        {"log_position": 2},
        {"received_at": RECEIPT.received_at.replace(hour=5)},
        {"signature": bytes(64)},
    ],
)
def test_p06_no_figure_on_paper_can_be_bent(change: dict[str, object]) -> None:
    bent = LINE.model_copy(update=change)
    whole = whole_receipt(bent, BATCH.header, BATCH.digest, key_id=KEY.key_id)
    assert not receipt_is_genuine(whole, KEY.public)


@pytest.mark.parametrize(
    "change", [{"batch": b"short"}, {"signature": bytes(63)}, {"log_position": 0}]
)
def test_a_line_of_another_shape_is_no_line(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SheetLine.model_validate({**LINE.model_dump(), **change})
