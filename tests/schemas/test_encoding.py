"""One text for a value: base64url that does not re-encode to itself is refused."""

import pytest
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
