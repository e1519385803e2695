"""Sealed batches, receipts, feed messages: genuine ones work, altered ones never."""

from datetime import UTC, datetime

import pytest

from schemas.encoding import canonical
from schemas.feed import EntryQuarantined, FeedMessage
from schemas.problems import Code, Problem
from sync.protocol.chain import chain_over, chain_start
from sync.seal import suite1
from sync.seal.batches import Run, batch_is_genuine, close_batch, read_batch
from sync.seal.enrolment import SECRET_SIZE, read_enrol_code
from sync.seal.feed import Addressee, close_feed, open_feed
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.opening import open_batch
from sync.seal.receipts import Filed, receipt_is_genuine, sign_receipt
from sync.seal.requests import Target, request_is_genuine, sign_request
from sync.seal.selftest import self_test

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
DESK = SigningKey.generate()
DEVICE_SEAL = SealingKey.generate()
DEVICE = suite1.device_id(DESK.public, DEVICE_SEAL.public)
DISTRICT = SealingKey.generate()
ENTRIES = (b'{"number":"one"}', '{"name":"林海生"}'.encode())


def _batch() -> bytes:
    before = chain_start(suite1.digest, DEVICE, 1)
    run = Run(DEVICE, 1, 1, ENTRIES, before, chain_over(suite1.digest, before, ENTRIES))
    return close_batch(run, recipient=DISTRICT.public, signing=DESK, now=NOON).raw


def _accepted(raw: bytes) -> bool:
    try:
        return batch_is_genuine(read_batch(raw), DESK.public)
    except Problem:
        return False


def test_a_batch_opens_to_the_same_bytes() -> None:
    read = read_batch(_batch())
    assert batch_is_genuine(read, DESK.public)
    assert open_batch(read, DISTRICT) == ENTRIES


def test_p02_nothing_of_an_entry_is_readable_in_a_batch() -> None:
    assert "林海生".encode() not in _batch()


def test_every_single_byte_of_a_batch_matters() -> None:
    raw = _batch()
    for place in range(len(raw)):
        altered = bytearray(raw)
        altered[place] ^= 1
        assert not _accepted(bytes(altered)), place


def test_a_batch_for_another_key_is_not_opened() -> None:
    with pytest.raises(Problem) as refused:
        open_batch(read_batch(_batch()), SealingKey.generate())
    assert refused.value.code is Code.KEY_MISSING


def test_p06_an_altered_receipt_is_not_genuine() -> None:
    key = SigningKey.generate()
    read = read_batch(_batch())
    receipt = sign_receipt(read.header, Filed(read.digest, 1, NOON), key)
    assert receipt_is_genuine(receipt, key.public)
    for name, value in receipt.items():
        other = value + 1 if isinstance(value, int) else f"{value}0"
        assert not receipt_is_genuine({**receipt, name: other}, key.public), name
    assert not receipt_is_genuine(receipt, SigningKey.generate().public)


def test_a_feed_message_is_for_one_desk_from_one_district() -> None:
    answers = SigningKey.generate()
    body = EntryQuarantined(epoch=1, sequence=2, problem=403, reason="unreadable")
    to = Addressee(DEVICE, DEVICE_SEAL.public, 1)
    message = close_feed(body, to, answers=answers, now=NOON)
    again = FeedMessage.model_validate_json(canonical(message))
    opened = open_feed(again, answers_public=answers.public, key=DEVICE_SEAL)
    assert isinstance(opened, EntryQuarantined)
    assert (opened.sequence, opened.reason) == (body.sequence, body.reason)
    with pytest.raises(Problem) as forged:
        open_feed(message, answers_public=DESK.public, key=DEVICE_SEAL)
    assert forged.value.code is Code.SIGNATURE_INVALID
    moved = message.model_copy(
        update={"header": message.header.model_copy(update={"position": 2})}
    )
    with pytest.raises(Problem):
        open_feed(moved, answers_public=answers.public, key=DEVICE_SEAL)


def test_a_signed_request_cannot_be_bent() -> None:
    target = Target("GET", "/v1/feed", "after=3")
    fields = {
        name.lower(): value
        for name, value in sign_request(
            target, b"", key=DESK, nonce="0123456789abcdef", now=NOON
        ).items()
    }
    assert request_is_genuine(target, b"", fields, DESK.public)
    other = Target("GET", "/v1/feed", "after=0")
    assert not request_is_genuine(other, b"", fields, DESK.public)
    assert not request_is_genuine(target, b"x", fields, DESK.public)
    assert not request_is_genuine(target, b"", fields, SigningKey.generate().public)


def test_a_mistyped_enrolment_code_is_told_so() -> None:
    with pytest.raises(Problem) as refused:
        read_enrol_code("ABCD-EFGH")
    assert refused.value.code is Code.ENROL_CODE_MALFORMED
    read = read_enrol_code("oooo-iiii-llll-0000-1111-2222-3333-4444")
    assert len(read.secret) == SECRET_SIZE


def test_known_answers_hold() -> None:
    self_test()
