"""Welcomes: the receipt key's word on what is held, the future included."""

from typing import Any

import pytest

from schemas.contact import Verdict, Welcome
from schemas.encoding import JsonObject
from sync.seal.documents import RECEIPT, WELCOME, sign_document
from sync.seal.keys import SigningKey
from sync.seal.welcomes import sign_welcome, welcome_is_genuine

KEY = SigningKey(bytes(range(64, 96)))
FIELDS: JsonObject = {
    "suite": 1, "device": "d" * 32, "counter": 4, "nonce": "1" * 32,
    "incarnation": "2" * 32, "log_position": 9, "feed_head": 3,
    "held": {"epoch": 1, "sequence": 7, "chain": "ab" * 32}, "newest_epoch": 1,
    "at": "2026-11-23T04:00:00.000Z", "verdict": "agreed",
}  # fmt: skip


def over_the_wire(welcome: Welcome) -> Welcome:
    return Welcome.model_validate_json(welcome.model_dump_json())


def test_a_welcome_is_the_receipt_keys_word() -> None:
    welcome = over_the_wire(sign_welcome(FIELDS, KEY))
    assert welcome_is_genuine(welcome, KEY.public)
    assert not welcome_is_genuine(welcome, SigningKey(bytes(32)).public)
    assert (welcome.verdict, welcome.receipt_key) == (Verdict.AGREED, KEY.key_id)


@pytest.mark.parametrize(
    "change",
    [
        {"counter": 5}, {"nonce": "3" * 32}, {"incarnation": "3" * 32},
        {"log_position": 10}, {"held": None}, {"newest_epoch": 2}, {"feed_head": 4},
        {"held_before": ((1, 2),)}, {"verdict": Verdict.CLONED},
        {"allowance": {"wait_s": 9}}, {"dictionaries": ("cases-9",)},
        {"device": "e" * 32}, {"signature": "AAAA"},
    ],
)  # fmt: skip
def test_p08_no_word_of_a_welcome_can_be_bent(change: dict[str, Any]) -> None:
    """A desk that believed a bent one would leave its own history."""
    plain = sign_welcome(FIELDS, KEY).model_dump(mode="json")
    bent = Welcome.model_validate({**plain, **change})
    assert not welcome_is_genuine(bent, KEY.public)


def test_p10_a_welcome_of_a_newer_district_still_verifies() -> None:
    plain = sign_welcome(FIELDS, KEY).model_dump(mode="json")
    newer = sign_document({**plain, "later": {"x": 1}}, KEY, WELCOME)
    assert welcome_is_genuine(Welcome.model_validate(newer), KEY.public)
    bent = {**newer, "later": {"x": 2}}
    assert not welcome_is_genuine(Welcome.model_validate(bent), KEY.public)


def test_p10_a_welcome_of_an_older_district_says_less_and_still_verifies() -> None:
    """Defaults that only this version knows are not in what was signed."""
    older = {**FIELDS, "receipt_key": KEY.key_id}
    signed = Welcome.model_validate(sign_document(older, KEY, WELCOME))
    assert welcome_is_genuine(signed, KEY.public)
    assert signed.dictionaries == ()


def test_a_receipts_signature_welcomes_nobody() -> None:
    plain = sign_welcome(FIELDS, KEY).model_dump(mode="json")
    other = Welcome.model_validate(sign_document(plain, KEY, RECEIPT))
    assert not welcome_is_genuine(other, KEY.public)
