"""The outer form of what travels: taken apart exactly, or refused by name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.batch import BatchHeader
from schemas.encoding import canonical
from schemas.problems import Code, Problem
from sync.seal.frames import Frame, join, split
from tests.support.ledgers import Writer

BATCH = Writer().batch(1, 2)
HEADER = canonical(BATCH.header)
MAGIC = b"IDB1"


def _split(raw: bytes) -> Frame[BatchHeader]:
    return split(raw, MAGIC, BatchHeader, name="batch")


@settings(derandomize=True, max_examples=30)
@given(sealed=st.binary(max_size=200), signature=st.binary(min_size=64, max_size=64))
def test_what_is_joined_is_split_into_its_very_parts(
    sealed: bytes, signature: bytes
) -> None:
    frame = _split(join(MAGIC, HEADER, sealed, signature))
    assert (frame.header_bytes, frame.sealed) == (HEADER, sealed)
    assert (frame.signature, frame.header) == (signature, BATCH.header)


@pytest.mark.parametrize(
    ("raw", "detail"),
    [
        (b"", "not a batch"),
        (b"IDC1" + BATCH.raw[4:], "not a batch"),
        (BATCH.raw[:60], "not a batch"),
        (MAGIC + b"\xff\xff\xff\xff" + BATCH.raw[8:], "header length"),
        (join(MAGIC, HEADER, b"", bytes(63)), "header length"),
        (join(MAGIC, b"{}", b"", bytes(64)), "header"),
        (join(MAGIC, HEADER[:-1], b"", bytes(64)), "header"),
    ],
    ids=range(7),
)
def test_what_is_off_is_named(raw: bytes, detail: str) -> None:
    with pytest.raises(Problem) as found:
        _split(raw)
    assert found.value.code is Code.MESSAGE_MALFORMED
    assert found.value.params["detail"] == detail


def test_p10_a_suite_of_the_future_is_said_so() -> None:
    header = HEADER.replace(b'"suite":1', b'"suite":9')
    with pytest.raises(Problem) as found:
        _split(join(MAGIC, header, b"", bytes(64)))
    assert found.value.code is Code.SUITE_UNKNOWN
