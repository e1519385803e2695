"""Entries on their way back: whole, in order, in pieces that a poor line can carry."""

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from schemas.encoding import base64_bytes, base64_text
from schemas.healing import EntriesReturned
from schemas.problems import Code, Problem
from sync.protocol.returning import pack, unpack

ENTRY = st.binary(min_size=1, max_size=60).filter(lambda raw: b"\n" not in raw)


def refused(message: EntriesReturned) -> Code:
    with pytest.raises(Problem) as found:
        unpack(message)
    return found.value.code


def a_message(plain: bytes, *, size: int | None = None) -> EntriesReturned:
    packed = base64_text(zstandard.ZstdCompressor().compress(plain))
    size = len(plain) if size is None else size
    return EntriesReturned(since=2, packed=packed, plain_size=size, final=True)


@given(st.lists(ENTRY, max_size=30))
def test_p08_what_is_packed_comes_back_byte_for_byte(entries: list[bytes]) -> None:
    messages = list(pack(entries, since=2))
    assert [entry for each in messages for entry in unpack(each)] == entries
    assert [each.final for each in messages] == [False] * (len(messages) - 1) + [True]
    assert {each.since for each in messages} == {2}


def test_p05_many_entries_go_in_pieces_and_only_the_last_is_final() -> None:
    entries = [b"%06d" % n * 500 for n in range(60)]
    messages = list(pack(entries, since=2))
    assert len(messages) > 3
    assert all(each.plain_size <= 49 * 2**10 for each in messages)
    assert [entry for each in messages for entry in unpack(each)] == entries


def test_an_entry_larger_than_a_piece_goes_alone() -> None:
    large = b"x" * (60 * 2**10)
    messages = list(pack([b"small", large, b"small"], since=2))
    assert [unpack(each) for each in messages] == [(b"small",), (large,), (b"small",)]


def test_nothing_to_return_is_said_with_one_final_message() -> None:
    (only,) = pack([], since=3)
    assert (only.final, only.packed, unpack(only)) == (True, "", ())


@pytest.mark.parametrize("size", [0, 1, 13, 2**53 - 1])
def test_a_size_that_lies_is_refused(size: int) -> None:
    message = a_message(b"an entry", size=size)
    assert refused(message) is Code.RETURNED_ENTRY_FALSE


def test_a_bomb_fills_no_memory() -> None:
    """The library would give the frame the room that the frame asks for."""
    bomb = zstandard.ZstdCompressor().compress(bytes(64 * 2**20))
    message = a_message(b"").model_copy(
        update={"packed": base64_text(bomb), "plain_size": 5}
    )
    assert refused(message) is Code.RETURNED_ENTRY_FALSE


@pytest.mark.parametrize("packed", ["A", "AAAA", base64_text(b"garbage")])
def test_what_cannot_be_unpacked_is_refused(packed: str) -> None:
    bent = a_message(b"one").model_copy(update={"packed": packed})
    assert refused(bent) is Code.RETURNED_ENTRY_FALSE


def test_every_cut_of_a_message_is_refused() -> None:
    whole = a_message(b"one\ntwo")
    raw = base64_bytes(whole.packed)
    for end in range(1, len(raw)):
        cut = whole.model_copy(update={"packed": base64_text(raw[:end])})
        assert refused(cut) is Code.RETURNED_ENTRY_FALSE
