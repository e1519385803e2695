"""The words of tus: what is written is read back, what is no such word is none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol import tus

KEYS = st.text(st.sampled_from("abcXYZ019_-."), min_size=1, max_size=12)


@given(st.dictionaries(KEYS, st.text(max_size=40), max_size=5))
def test_metadata_is_read_as_it_was_written(values: dict[str, str]) -> None:
    assert tus.metadata(tus.metadata_of(values)) == values


def test_metadata_may_have_keys_without_values() -> None:
    assert tus.metadata("is_confidential, digest YWI=") == {
        "is_confidential": "",
        "digest": "ab",
    }


@pytest.mark.parametrize(
    "text",
    ["digest !", "digest YQ==,digest YQ==", "a\x00b YQ==", "x /w==", "k " * 3000],
)
def test_what_is_no_metadata_is_none(text: str) -> None:
    assert tus.metadata(text) is None


@given(st.binary(max_size=200))
def test_a_checksum_holds_for_its_body_alone(body: bytes) -> None:
    found = tus.checksum(tus.checksum_of(body))
    assert found is not None
    assert found.holds_for(body)
    assert not found.holds_for(body + b"x")


@pytest.mark.parametrize("text", ["", "md5 AAAA", "sha256", "sha256 ?", "sha1"])
def test_an_algorithm_that_is_not_ours_is_refused_or_holds_for_nothing(
    text: str,
) -> None:
    found = tus.checksum(text)
    assert found is None or not found.holds_for(b"")


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("17", 17), (None, None), ("", None), ("-1", None), ("1.5", None),
     ("٣", None), ("9" * 16, None), (" 1", None)],
)  # fmt: skip
def test_a_count_is_a_plain_number(text: str | None, value: int | None) -> None:
    assert tus.count(text) == value


def test_an_expiry_is_an_http_date() -> None:
    moment = datetime(2026, 11, 23, 4, 0, 7, tzinfo=UTC)
    assert tus.expires(moment) == "Mon, 23 Nov 2026 04:00:07 GMT"
    assert tus.expiry(tus.expires(moment)) == moment
    assert tus.expiry("soon") is None
    assert tus.expiry(None) is None
