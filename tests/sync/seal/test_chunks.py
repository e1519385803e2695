"""Pieces of scans: genuine ones are read, altered never; only a key makes names."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from schemas.problems import Code, Problem
from sync.seal import suite1
from sync.seal.chunks import (
    chunk_is_genuine,
    chunk_names,
    chunk_receipt_for,
    close_chunk,
    new_naming_key,
    read_chunk,
    sign_chunk_receipt,
)
from sync.seal.keys import SealingKey, SigningKey

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
DESK, DISTRICT, RECEIPTS = (
    SigningKey.generate(),
    SealingKey.generate(),
    SigningKey.generate(),
)
NAME = "ab" * 32
PLAIN = b"a small piece of a scan"


def a_chunk() -> bytes:
    return close_chunk(
        PLAIN, NAME, device="cd" * 16, recipient=DISTRICT.public, signing=DESK, now=NOON
    ).raw


def accepted(raw: bytes) -> bool:
    try:
        return chunk_is_genuine(read_chunk(raw), DESK.public)
    except Problem:
        return False


def test_every_single_byte_of_a_piece_matters() -> None:
    raw = a_chunk()
    assert accepted(raw)
    assert PLAIN not in raw
    for place in range(len(raw)):
        altered = bytearray(raw)
        altered[place] ^= 1
        assert not accepted(bytes(altered)), place


def test_a_piece_cut_short_or_of_another_kind_is_malformed() -> None:
    raw = a_chunk()
    for bad in (b"", raw[:7], b"IDB1" + raw[4:], raw[:60]):
        with pytest.raises(Problem) as caught:
            read_chunk(bad)
        assert caught.value.code is Code.MESSAGE_MALFORMED


def test_p06_a_receipt_releases_its_own_piece_and_no_other() -> None:
    header = read_chunk(a_chunk()).header
    receipt = sign_chunk_receipt(header, RECEIPTS, received_at=NOON)
    public = RECEIPTS.public
    assert chunk_receipt_for(receipt, NAME, receipt_public=public) is not None
    assert chunk_receipt_for(receipt, "cd" * 32, receipt_public=public) is None
    assert chunk_receipt_for(receipt, NAME, receipt_public=DESK.public) is None
    text = json.dumps(receipt)
    for place in range(len(text)):
        bent = text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]
        try:
            read = json.loads(bent)
        except ValueError:
            continue
        if isinstance(read, dict) and read != receipt:
            assert chunk_receipt_for(read, NAME, receipt_public=public) is None


@given(some.integers(1, 10**6), some.integers(1, 10**5))
def test_a_scan_has_as_many_names_as_pieces(size: int, piece: int) -> None:
    size = min(size, piece * 50)
    names = chunk_names(b"k" * 32, "ab" * 32, size=size, piece=piece)
    assert (len(names) - 1) * piece < size <= len(names) * piece
    assert len(set(names)) == len(names)


def test_p02_a_name_follows_from_the_key_and_from_all_that_it_names() -> None:
    digest = suite1.digest(PLAIN)
    key = new_naming_key()
    names = set(chunk_names(key, digest, size=3, piece=1))
    assert names == set(chunk_names(key, digest, size=3, piece=1))
    for other in (
        chunk_names(new_naming_key(), digest, size=3, piece=1),
        chunk_names(key, suite1.digest(b"other"), size=3, piece=1),
        chunk_names(key, digest, size=6, piece=2),
    ):
        assert not names & set(other)
