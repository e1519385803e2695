"""One text for a value: base64url that does not re-encode to itself is refused."""

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from schemas.encoding import base64_bytes, base64_text, canonical


@given(st.binary(max_size=80))
def test_bytes_survive_as_text(raw: bytes) -> None:
    assert base64_bytes(base64_text(raw)) == raw


@pytest.mark.parametrize("text", ["a", "ab=", "a+b/", "abc ", "é", "AB"])
def test_a_second_text_for_the_same_bytes_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base64url"):
        base64_bytes(text)


def test_canonical_bytes_do_not_depend_on_the_order_of_fields() -> None:
    """RFC 8785: names sorted by UTF-16 code units, no spaces, shortest escapes."""
    assert canonical({"b": "林", "a": [1, True]}) == '{"a":[1,true],"b":"林"}'.encode()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=6), JSON, max_size=5))
def test_both_ways_to_write_canonical_bytes_agree(value: dict[str, Any]) -> None:
    """The fast way for plain objects is byte for byte what the standard asks."""
    assert canonical(value) == rfc8785.dumps(value)
