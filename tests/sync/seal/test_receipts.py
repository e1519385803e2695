"""Receipts: the receipt key's word on one batch, and nothing that looks like it."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

from schemas.receipt import Receipt
from sync.seal.batches import read_batch
from sync.seal.documents import WELCOME, sign_document
from sync.seal.keys import SigningKey
from sync.seal.receipts import (
    Filed,
    receipt_fields,
    receipt_is_genuine,
    sign_receipt,
)

VECTORS = json.loads(
    (Path(__file__).parents[3] / "docs" / "vectors" / "wire-1.json").read_text("utf-8")
)
KEY = SigningKey(bytes.fromhex(VECTORS["receipt_secret"]))
BATCH = read_batch(base64.b64decode(VECTORS["batch"]))
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
RECEIPT = sign_receipt(BATCH.header, Filed(BATCH.digest, 1, NOON), KEY)


def test_p06_the_frozen_receipt_is_signed_so_again() -> None:
    assert VECTORS["receipt"] == RECEIPT
    assert receipt_is_genuine(VECTORS["receipt"], KEY.public)


def test_a_receipt_names_its_batch_and_where_it_was_filed() -> None:
    read = Receipt.model_validate(RECEIPT)
    assert read.batch_digest == BATCH.digest
    assert read.chain_after == BATCH.header.chain_after
    assert (read.first, read.last) == (BATCH.header.first, BATCH.header.last)
    assert (read.log_position, read.received_at) == (1, NOON)
    bare = receipt_fields(BATCH.header, BATCH.digest, 1, NOON, key_id=KEY.key_id)
    assert {**bare, "signature": read.signature} == RECEIPT


def test_p06_no_field_of_a_receipt_can_be_bent() -> None:
    for name, value in RECEIPT.items():
        other = value + 1 if isinstance(value, int) else f"{value}0"
        assert not receipt_is_genuine({**RECEIPT, name: other}, KEY.public), name
        less = {key: kept for key, kept in RECEIPT.items() if key != name}
        assert not receipt_is_genuine(less, KEY.public), name


def test_p06_another_keys_receipt_is_none() -> None:
    assert not receipt_is_genuine(RECEIPT, SigningKey(bytes(32)).public)


def test_p06_the_same_words_under_another_label_are_no_receipt() -> None:
    """A welcome that bears a receipt's fields must release nothing."""
    assert not receipt_is_genuine(sign_document(RECEIPT, KEY, WELCOME), KEY.public)
