"""Sealed batches: genuine ones are read, altered ones never."""

from datetime import UTC, datetime

import pytest

from schemas.problems import Code, Problem
from sync.protocol.chain import chain_over, chain_start
from sync.seal import suite1
from sync.seal.batches import Run, batch_is_genuine, close_batch, read_batch
from sync.seal.keys import SealingKey, SigningKey

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


def test_p02_nothing_of_an_entry_is_readable_in_a_batch() -> None:
    assert "林海生".encode() not in _batch()


def test_every_single_byte_of_a_batch_matters() -> None:
    raw = _batch()
    for place in range(len(raw)):
        altered = bytearray(raw)
        altered[place] ^= 1
        assert not _accepted(bytes(altered)), place


def test_a_genuine_batch_says_what_it_holds_without_being_opened() -> None:
    read = read_batch(_batch())
    assert batch_is_genuine(read, DESK.public)
    assert not batch_is_genuine(read, SigningKey.generate().public)
    assert (read.header.first, read.header.last, read.header.entries) == (1, 2, 2)
    assert read.header.chain_before == chain_start(suite1.digest, DEVICE, 1)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", Code.MESSAGE_MALFORMED),
        (b"IDB1" + bytes(70), Code.MESSAGE_MALFORMED),
        (b"IDB1" + b"\xff" * 100, Code.MESSAGE_MALFORMED),
    ],
)
def test_what_is_no_batch_is_told_by_number(raw: bytes, code: Code) -> None:
    with pytest.raises(Problem) as refused:
        read_batch(raw)
    assert refused.value.code is code


def test_a_batch_of_another_suite_waits_for_a_version_that_has_it() -> None:
    raw = _batch().replace(b'"suite":1', b'"suite":2', 1)
    with pytest.raises(Problem) as refused:
        read_batch(raw)
    assert refused.value.code is Code.SUITE_UNKNOWN


def test_a_stub_says_in_its_signed_header_that_it_is_one() -> None:
    before = chain_start(suite1.digest, DEVICE, 1)
    run = Run(DEVICE, 1, 1, (b"{}",), before, "ab" * 32, withheld=True)
    sealed = close_batch(run, recipient=DISTRICT.public, signing=DESK, now=NOON)
    assert read_batch(sealed.raw).header.withheld
    assert not read_batch(_batch()).header.withheld
    assert b"withheld" not in _batch(), "as version 0.1 wrote it"
