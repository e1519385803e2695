"""Refusals on a stick: the receipt key's no, to one batch of one desk."""

from datetime import UTC, datetime

from schemas.encoding import JsonObject
from schemas.problems import Code
from schemas.stick import Refusal
from sync.seal.documents import RECEIPT, sign_document
from sync.seal.keys import SigningKey
from sync.seal.refusals import refusal_is_genuine, sign_refusal

KEY = SigningKey(bytes(range(64, 96)))
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


def a_refusal() -> JsonObject:
    return sign_refusal(
        "d" * 32, "ab" * 32, Code.CHAIN_FORKED, key=KEY, now=NOON
    )  # fmt: skip


def test_a_refusal_says_which_batch_and_why() -> None:
    read = Refusal.model_validate(a_refusal())
    assert (read.device, read.batch_digest) == ("d" * 32, "ab" * 32)
    assert (Code(read.problem), read.at) == (Code.CHAIN_FORKED, NOON)
    assert read.receipt_key == KEY.key_id
    assert refusal_is_genuine(a_refusal(), KEY.public)


def test_no_field_of_a_refusal_can_be_bent() -> None:
    for name, value in a_refusal().items():
        other = value + 1 if isinstance(value, int) else f"{value}0"
        assert not refusal_is_genuine({**a_refusal(), name: other}, KEY.public), name


def test_nobody_else_refuses_and_a_receipt_is_no_refusal() -> None:
    """What sets a batch aside must not be made from what releases one."""
    assert not refusal_is_genuine(a_refusal(), SigningKey(bytes(32)).public)
    receipt = sign_document(a_refusal(), KEY, RECEIPT)
    assert not refusal_is_genuine(receipt, KEY.public)


def test_p10_what_a_newer_district_adds_is_covered() -> None:
    newer = {**a_refusal(), "later": 1}
    assert not refusal_is_genuine(newer, KEY.public)
    assert Refusal.model_validate(newer).model_dump()["later"] == 1
