"""Parts of a backup: each proves its place and its bytes, and its receipt too."""

from datetime import UTC, datetime

import pytest

from schemas.backup import PartHeader
from schemas.problems import Code, Problem
from sync.seal import suite1
from sync.seal.backup_parts import (
    MAGIC,
    close_part,
    part_is_genuine,
    read_part,
    receipt_is_for,
    sign_part_receipt,
)
from sync.seal.keys import SigningKey

DESK, OTHER = SigningKey(bytes(range(32))), SigningKey(b"\x01" * 32)
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
CONTENT = b"a part of a vault, encrypted already"
HEADER = PartHeader(
    suite=1, device="d" * 32, signing_key=DESK.key_id, backup="ab" * 32,
    index=0, count=2, digest=suite1.digest(CONTENT),
)  # fmt: skip
RAW = close_part(HEADER, CONTENT, DESK)


def accepted(raw: bytes, public: bytes = DESK.public) -> bool:
    try:
        return part_is_genuine(read_part(raw), public)
    except Problem as problem:
        assert problem.code is Code.MESSAGE_MALFORMED  # noqa: PT017 - or it is read
        return False


def test_a_part_comes_back_as_it_was_closed() -> None:
    part = read_part(RAW)
    assert (part.header, part.content) == (HEADER, CONTENT)
    assert accepted(RAW)
    assert not accepted(RAW, OTHER.public)


def test_every_single_byte_of_a_part_matters() -> None:
    for place in range(len(RAW)):
        bent = bytearray(RAW)
        bent[place] ^= 1
        assert not accepted(bytes(bent)), place


@pytest.mark.parametrize(
    "raw",
    [
        b"", MAGIC, RAW[:40], b"IDV1" + RAW[4:], RAW[: 8 + 60],
        MAGIC + (16 * 2**10 + 1).to_bytes(4, "big") + RAW[8:] + bytes(20_000),
        MAGIC + (2).to_bytes(4, "big") + b"{}" + bytes(64),
    ],
)  # fmt: skip
def test_what_is_no_part_is_malformed(raw: bytes) -> None:
    with pytest.raises(Problem) as refused:
        read_part(raw)
    assert refused.value.code is Code.MESSAGE_MALFORMED


def test_a_part_past_the_last_one_is_not_genuine() -> None:
    past = HEADER.model_copy(update={"index": 2})
    assert not accepted(close_part(past, CONTENT, DESK))
    last = HEADER.model_copy(update={"index": 1})
    assert accepted(close_part(last, CONTENT, DESK))


def test_a_part_that_names_another_key_is_not_genuine() -> None:
    """Intake looks a desk up by the key that is named: that one must sign."""
    other = HEADER.model_copy(update={"signing_key": OTHER.key_id})
    assert not accepted(close_part(other, CONTENT, DESK))
    assert not accepted(close_part(other, CONTENT, DESK), OTHER.public)


def test_p06_a_receipt_is_for_one_part_of_one_backup_of_one_desk() -> None:
    receipt = sign_part_receipt(HEADER, OTHER, NOON)
    assert receipt_is_for(receipt, HEADER, OTHER.public)
    assert not receipt_is_for(receipt, HEADER, DESK.public)
    for change in (
        {"device": "e" * 32}, {"backup": "cd" * 32}, {"index": 1}, {"count": 3},
        {"digest": suite1.digest(b"other")},
    ):  # fmt: skip
        other = HEADER.model_copy(update=change)
        assert not receipt_is_for(receipt, other, OTHER.public), change


def test_p06_no_field_of_a_receipt_can_be_bent() -> None:
    receipt = sign_part_receipt(HEADER, OTHER, NOON)
    for name, value in receipt.items():
        other = value + 1 if isinstance(value, int) else f"{value}0"
        assert not receipt_is_for({**receipt, name: other}, HEADER, OTHER.public), name


def test_p10_a_field_of_a_newer_desk_is_signed_and_read() -> None:
    newer = PartHeader.model_validate({**HEADER.model_dump(), "later": 1})
    part = read_part(close_part(newer, CONTENT, DESK))
    assert part.header.model_dump()["later"] == 1
    assert part_is_genuine(part, DESK.public)
