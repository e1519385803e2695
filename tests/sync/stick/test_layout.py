"""Names on a stick: the content's digest, plain ASCII, nothing that is none of ours."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.seal import suite1
from sync.stick.layout import LARGEST, PART, Kind, is_device, name_of, read_name

DIGEST = "ab" * 32


@given(st.binary(max_size=60), st.sampled_from(Kind))
def test_a_name_is_its_contents_digest_and_comes_back_from_its_text(
    content: bytes, kind: Kind
) -> None:
    name = name_of(content, kind)
    assert name.digest == suite1.digest(content)
    assert read_name(str(name)) == name
    assert name_of(content + b"x", kind) != name


@pytest.mark.parametrize(
    "text",
    [
        "", "readme.txt", f"{DIGEST}.exe", f"{DIGEST}.batch.part", DIGEST,
        f"{DIGEST.upper()}.batch", f"{DIGEST[:-1]}.batch", f"../{DIGEST}.batch",
        f"{DIGEST}.batch\n", f" {DIGEST}.batch", f"{DIGEST}.BATCH", "\u00e9.batch",
    ],
)  # fmt: skip
def test_what_is_none_of_ours_is_none(text: str) -> None:
    assert read_name(text) is None


def test_no_name_has_what_fat_or_windows_forbids() -> None:
    for kind in Kind:
        text = f"{name_of(b'', kind)}{PART}"
        assert re.fullmatch(r"[0-9a-z.]+", text)
        assert len(text) < 100
        assert read_name(text) is None, "a part is never read"


@pytest.mark.parametrize("text", ["d" * 31, "D" * 32, "d" * 33, "d" * 32 + "\n", ".."])
def test_only_a_devices_folder_is_looked_into(text: str) -> None:
    assert is_device("0123456789abcdef" * 2)
    assert not is_device(text)


def test_every_kind_has_a_bound_so_that_no_file_fills_the_memory() -> None:
    assert set(LARGEST) == set(Kind)
    assert max(LARGEST.values()) <= 32 * 2**20
