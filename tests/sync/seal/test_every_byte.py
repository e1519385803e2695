"""Every single byte of what travels, flipped: refused, with a number that fits.

What a flipped byte may lead to is listed per document; that it is never taken for
genuine is asserted for each byte of each.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from schemas.case import Received
from schemas.contact import Verdict, Welcome
from schemas.feed import CaseAnswered, FeedMessage
from schemas.problems import Code, Problem
from sync.protocol.chain import chain_over, chain_start
from sync.seal import suite1
from sync.seal.batches import Run, batch_is_genuine, close_batch, read_batch
from sync.seal.feed import Addressee, close_feed, open_feed
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.receipts import Filed, receipt_is_genuine, sign_receipt
from sync.seal.welcomes import sign_welcome, welcome_is_genuine

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DEVICE = "d" * 32
DESK, DISTRICT = SigningKey.generate(), SigningKey.generate()
SEALING = SealingKey.generate()
NOT_READ, NOT_SIGNED = Code.MESSAGE_MALFORMED, Code.SIGNATURE_INVALID


def _batch() -> bytes:
    entries = (b'{"a":1}', b'{"b":2}')
    start = chain_start(suite1.digest, DEVICE, 1)
    after = chain_over(suite1.digest, start, entries)
    run = Run(DEVICE, 1, 1, entries, start, after)
    return close_batch(run, recipient=SEALING.public, signing=DESK, now=NOW).raw


def _judge_batch(raw: bytes) -> None:
    if not batch_is_genuine(read_batch(raw), DESK.public):
        raise Problem(NOT_SIGNED)


def _receipt() -> bytes:
    header = read_batch(_batch()).header
    signed = sign_receipt(header, Filed("a" * 64, 1, NOW), DISTRICT)
    return json.dumps(signed).encode()


def _judge_receipt(raw: bytes) -> None:
    try:
        document = json.loads(raw)
    except ValueError as error:
        raise Problem(NOT_READ) from error
    if not receipt_is_genuine(document, DISTRICT.public):
        raise Problem(NOT_SIGNED)


def _welcome() -> bytes:
    fields = {
        "suite": 1, "device": DEVICE, "counter": 4, "nonce": "1" * 32,
        "incarnation": "2" * 32, "log_position": 9, "held": None, "newest_epoch": 1,
        "feed_head": 3, "at": "2026-11-23T04:00:00.000Z", "verdict": Verdict.AGREED,
    }  # fmt: skip
    return sign_welcome(fields, DISTRICT).model_dump_json().encode()


def _judge_welcome(raw: bytes) -> None:
    try:
        welcome = Welcome.model_validate_json(raw)
    except ValidationError as error:
        raise Problem(NOT_READ) from error
    if not welcome_is_genuine(welcome, DISTRICT.public):
        raise Problem(NOT_SIGNED)


def _feed() -> bytes:
    body = CaseAnswered(
        number="350305107-01-20261123-0001-7", revision=0, answered_at=NOW,
        answered_by="区审核", answer=Received(official_number="示例1"),
    )  # fmt: skip
    to = Addressee(DEVICE, SEALING.public, 1)
    message = close_feed(body, to, answers=DISTRICT, now=NOW)
    return message.model_dump_json().encode()


def _judge_feed(raw: bytes) -> None:
    try:
        message = FeedMessage.model_validate_json(raw)
    except ValidationError as error:
        raise Problem(NOT_READ) from error
    open_feed(message, answers_public=DISTRICT.public, key=SEALING)


def _flips(raw: bytes) -> Iterator[tuple[int, bytes]]:
    for place in range(len(raw)):
        for mask in (0x01, 0x20, 0xFF):
            bent = bytearray(raw)
            bent[place] ^= mask
            yield place, bytes(bent)


@pytest.mark.parametrize(
    ("make", "judge", "numbers"),
    [
        (_batch, _judge_batch, {NOT_READ, NOT_SIGNED, Code.SUITE_UNKNOWN}),
        (_receipt, _judge_receipt, {NOT_READ, NOT_SIGNED}),
        (_welcome, _judge_welcome, {NOT_READ, NOT_SIGNED}),
        (_feed, _judge_feed, {NOT_READ, NOT_SIGNED, Code.SUITE_UNKNOWN}),
    ],
    ids=["batch", "receipt", "welcome", "feed"],
)
def test_p06_no_flipped_byte_is_believed(
    make: Callable[[], bytes], judge: Callable[[bytes], None], numbers: set[Code]
) -> None:
    raw = make()
    judge(raw)

    for place, bent in _flips(raw):
        with pytest.raises(Problem) as refused:
            judge(bent)
        assert refused.value.code in numbers, place
