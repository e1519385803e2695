"""Signed requests: who asks, for what, and with which body."""

import dataclasses
from datetime import UTC, datetime

import pytest

from sync.seal.keys import SigningKey
from sync.seal.requests import (
    Announcement,
    Target,
    announcement_is_genuine,
    announcing_key,
    claimed_key,
    content_digest,
    request_is_genuine,
    sign_announcement,
    sign_request,
)

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
KEY, OTHER = SigningKey(bytes(32)), SigningKey(b"\x01" * 32)
TARGET = Target("GET", "/v1/feed", "after=3")
BODY = b"body"


def _fields() -> dict[str, str]:
    signed = sign_request(TARGET, BODY, key=KEY, nonce="a" * 24, now=NOON)
    return {name.lower(): value for name, value in signed.items()}


def test_the_digest_is_rfc_9530s_own_example() -> None:
    """RFC 9530, appendix D: an empty body, which is sent and signed all the same."""
    empty = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"
    assert content_digest(b"") == empty


def test_a_request_is_the_keys_for_this_target_and_body_alone() -> None:
    fields = _fields()
    assert claimed_key(fields) == KEY.key_id
    assert request_is_genuine(TARGET, BODY, fields, KEY.public)
    assert not request_is_genuine(TARGET, BODY, fields, OTHER.public)
    assert not request_is_genuine(TARGET, b"other", fields, KEY.public)
    for change in ({"method": "POST"}, {"path": "/v1/x"}, {"query": "after=0"}):
        other = dataclasses.replace(TARGET, **change)
        assert not request_is_genuine(other, BODY, fields, KEY.public), change


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("signature", ""),
        ("signature", "sig1=:AAAA:"),
        ("signature-input", 'sig1=();keyid="x"'),
        ("content-digest", "sha-256=:AAAA:"),
    ],
)
def test_what_is_not_exactly_ours_proves_nothing(field: str, value: str) -> None:
    fields = {**_fields(), field: value}
    assert not request_is_genuine(TARGET, BODY, fields, KEY.public)


def test_fewer_covered_parts_are_not_accepted() -> None:
    """A signature that left out the body would let anybody change it."""
    fields = _fields()
    less = fields["signature-input"].replace(' "content-digest"', "")
    assert claimed_key({"signature-input": less}) is None


def test_an_announcement_binds_path_length_and_metadata() -> None:
    what = Announcement("/v1/uploads", "1000", "kind YmF0Y2g=")
    signed = sign_announcement(what, key=KEY, now=NOON)
    fields = {name.lower(): value for name, value in signed.items()}
    assert announcing_key(fields) == KEY.key_id
    assert announcement_is_genuine(what, fields, KEY.public)
    assert not announcement_is_genuine(what, fields, OTHER.public)
    for change in ({"path": "/v1/x"}, {"length": "1"}, {"metadata": ""}):
        other = dataclasses.replace(what, **change)
        assert not announcement_is_genuine(other, fields, KEY.public)
    # A plain request's signature is no announcement's.
    assert not announcement_is_genuine(what, _fields(), KEY.public)
