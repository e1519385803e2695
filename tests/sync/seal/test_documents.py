"""Signed documents: one label a kind, every field covered, the unknown ones too."""

import pytest

from sync.seal.documents import CHARTER, GRANT, check_document, sign_document
from sync.seal.keys import SigningKey

KEY, OTHER = SigningKey(bytes(32)), SigningKey(b"\x01" * 32)
DOCUMENT = {"b": 2, "a": "甲", "nested": {"y": [1, 2], "x": None}}


def test_a_signature_is_for_this_key_label_and_content() -> None:
    signed = sign_document(DOCUMENT, KEY, GRANT)
    assert check_document(signed, KEY.public, GRANT)
    assert not check_document(signed, OTHER.public, GRANT)
    assert not check_document(signed, KEY.public, CHARTER)


def test_p10_a_field_from_the_future_is_covered() -> None:
    signed = sign_document(DOCUMENT, KEY, GRANT)
    assert not check_document({**signed, "later": 1}, KEY.public, GRANT)
    signed = sign_document({**DOCUMENT, "later": 1}, KEY, GRANT)
    assert check_document(signed, KEY.public, GRANT)


def test_the_order_of_fields_says_nothing() -> None:
    signed = sign_document(DOCUMENT, KEY, GRANT)
    assert check_document(dict(reversed(signed.items())), KEY.public, GRANT)


@pytest.mark.parametrize("signature", [None, 7, "", "not base64!", "AAAA"])
def test_what_is_no_signature_is_none(signature: object) -> None:
    document = {**sign_document(DOCUMENT, KEY, GRANT), "signature": signature}
    assert not check_document(document, KEY.public, GRANT)


def test_signing_again_replaces_a_signature() -> None:
    once = sign_document(DOCUMENT, KEY, GRANT)
    assert sign_document(once, KEY, GRANT) == once
