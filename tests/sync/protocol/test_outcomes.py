"""What a district may answer: a closed list, and everything else is not ours."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.problems import Code
from sync.protocol.outcomes import (
    LONGEST_WAIT_S,
    STATUS_OF,
    Busy,
    Kept,
    NotOurs,
    Refused,
    parse_object,
    parse_outcome,
    parse_refusal,
    refusal,
)

LATIN = st.text(st.characters(max_codepoint=0xFF), max_size=12)
PATIENCE = {Code.DISTRICT_BUSY, Code.DISTRICT_FAILED, Code.UPLOAD_QUOTA}


def answer(code: Code) -> bytes:
    return json.dumps(refusal(code)).encode()


@pytest.mark.parametrize("code", sorted(STATUS_OF))
def test_every_refusal_travels_and_comes_back_as_itself(code: Code) -> None:
    read = parse_outcome(answer(code), retry_after=None)
    assert read == (Busy(60) if code in PATIENCE else Refused(code))
    assert STATUS_OF[code] >= 400, "a refusal never looks like a success"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>please log in</html>", b"[]", b"{}", b"null", b"\xff", b'"ok"',
        b'{"status": "ok"}', b'{"receipt": null}', b'{"receipt": "yes"}',
        b'{"problem": 100}', b'{"problem": 999999}', b'{"problem": "301"}',
        b'{"problem": true}', b'{"receipt": {}',
    ],
)  # fmt: skip
def test_p06_what_no_district_would_say_is_not_ours(body: bytes) -> None:
    """A captive portal answers 200, a proxy 502; neither releases anything."""
    assert parse_outcome(body, retry_after=None) == NotOurs(Code.ANSWER_NOT_OURS)


def test_a_receipt_is_handed_on_as_it_came_to_be_verified() -> None:
    receipt = {"signature": "AAAA", "later": [1]}
    body = json.dumps({"receipt": receipt}).encode()
    assert parse_outcome(body, retry_after=None) == Kept(receipt)


def test_p06_a_refusal_counts_for_more_than_a_receipt_beside_it() -> None:
    body = b'{"receipt": {}, "problem": 301}'
    assert parse_outcome(body, retry_after=None) == Refused(Code.DEVICE_REVOKED)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("90", 90), ("0", 0), ("86400", LONGEST_WAIT_S), ("9" * 5000, 60),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 60), ("-5", 60), ("1.5", 60), ("", 60),
        ("\u00b2", 60), ("\uff15", 60), (None, 60),
    ],
)  # fmt: skip
def test_patience_is_bounded_whatever_a_proxy_says(said: str | None, wait: int) -> None:
    """Headers come from anybody: dates, superscripts and endless digits too."""
    assert parse_outcome(answer(Code.DISTRICT_BUSY), retry_after=said) == Busy(wait)


@given(st.binary(max_size=60), st.none() | LATIN)
def test_no_bytes_break_the_reader(body: bytes, said: str | None) -> None:
    read = parse_outcome(body, retry_after=said)
    assert isinstance(read, Kept | Refused | Busy | NotOurs)


def test_a_document_that_names_no_problem_refuses_nothing() -> None:
    assert parse_refusal(None) is None
    assert parse_refusal(parse_object(b'{"receipt": {}}')) is None
    assert parse_object(b"[1]") is None
