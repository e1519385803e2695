"""Packed texts: the very bytes come back, and what was never packed reads as it is."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from desk_app.services.catalogue import shipped
from desk_app.store.packing import pack, unpack
from schemas.catalogue import Edition
from schemas.problems import Code, Problem
from tools.varied_cases import Varied

# A page of 4,096 bytes less 80 for the cipher keeps this much of a row without spilling
# (SQLite's file format, section 1.6: (U - 12) * 64 / 255 - 23).
FITS = 982


def _entries() -> list[bytes]:
    edition = Edition.model_validate_json(shipped("edition"))
    journal = Varied(edition, seed=7)
    return [journal.received(item)[2] for item in edition.items]


@given(st.binary(max_size=5000))
def test_p03_the_very_bytes_come_back(plain: bytes) -> None:
    assert unpack(pack(plain)) == plain


def test_the_entry_of_any_item_lies_in_one_page() -> None:
    entries = _entries()
    assert max(map(len, entries)) > FITS
    for entry in entries:
        packed = pack(entry)
        assert unpack(packed) == entry
        # Beside it in the row: the chain, the time, the kind and the number.
        assert len(packed) + 64 + 24 + 24 + 28 < FITS


def test_p10_what_an_older_rung_kept_reads_as_it_stands() -> None:
    assert unpack(b'{"a":1}') == b'{"a":1}'
    assert unpack('{"名":1}') == '{"名":1}'.encode()
    assert unpack(b"") == b""


def test_a_frame_that_is_none_of_ours_is_damage_with_a_number() -> None:
    packed = pack(_entries()[0])
    foreign = zstandard.ZstdCompressor().compress(packed)
    for broken in (packed[:-9], packed[:5], foreign):
        with pytest.raises(Problem) as damaged:
            unpack(broken)
        assert damaged.value.code is Code.VAULT_DAMAGED


def test_threads_pack_at_the_same_time() -> None:
    entries = _entries() * 20
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(pack, entries))
        assert list(pool.map(unpack, kept)) == entries
