"""Feed messages: for one desk, by one key, at one position, provable later."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.case import Received
from schemas.encoding import base64_text, canonical
from schemas.feed import CaseAnswered, EntryQuarantined, FeedMessage
from schemas.problems import Code, Problem
from sync.seal import suite1
from sync.seal.batches import context_of
from sync.seal.documents import FEED
from sync.seal.feed import (
    Addressee,
    close_feed,
    is_proven,
    message_digest,
    open_feed,
)
from sync.seal.keys import SealingKey, SigningKey

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
ANSWERS, OTHER = SigningKey(bytes(range(32, 64))), SigningKey(bytes(32))
DESK = SealingKey(bytes(range(96)))
TO = Addressee("d" * 32, DESK.public, 1)
BODY = EntryQuarantined(epoch=1, sequence=2, problem=403, reason="示例")


def a_message(**changes: Any) -> FeedMessage:
    message = close_feed(BODY, TO, answers=ANSWERS, now=NOON)
    return FeedMessage.model_validate_json(canonical(message)).model_copy(
        update=changes
    )


def refused(message: FeedMessage, *, key: SealingKey = DESK) -> Code:
    with pytest.raises(Problem) as found:
        open_feed(message, answers_public=ANSWERS.public, key=key)
    return found.value.code


def test_a_message_opens_for_its_desk() -> None:
    opened = open_feed(a_message(), answers_public=ANSWERS.public, key=DESK)
    assert isinstance(opened, EntryQuarantined)
    assert (opened.sequence, opened.reason) == (2, "示例")
    assert "示例" not in a_message().model_dump_json()


def test_only_the_answers_key_answers_and_only_its_desk_reads() -> None:
    with pytest.raises(Problem) as forged:
        open_feed(a_message(), answers_public=OTHER.public, key=DESK)
    assert forged.value.code is Code.SIGNATURE_INVALID
    assert refused(a_message(), key=SealingKey(bytes(96))) is Code.KEY_MISSING


@pytest.mark.parametrize(
    "change",
    [
        {"device": "e" * 32}, {"position": 2}, {"previous": "ab" * 32},
        {"made_at": NOON.replace(hour=5)}, {"sealed_digest": "ab" * 32},
        {"body_commitment": "ab" * 32},
    ],
)  # fmt: skip
def test_a_bent_header_is_not_signed(change: dict[str, object]) -> None:
    header = a_message().header.model_copy(update=change)
    assert refused(a_message(header=header)) is Code.SIGNATURE_INVALID


def test_a_body_that_is_not_the_signed_one_is_not_opened() -> None:
    elsewhere = close_feed(BODY, TO, answers=ANSWERS, now=NOON).sealed
    assert refused(a_message(sealed=elsewhere)) is Code.SIGNATURE_INVALID
    assert refused(a_message(sealed="A")) is Code.MESSAGE_MALFORMED
    assert refused(a_message(signature="A")) is Code.MESSAGE_MALFORMED


def test_p10_a_body_of_a_newer_district_is_kept_whole() -> None:
    """What this version does not know is carried, not dropped."""

    class Newer(EntryQuarantined):
        kind: str = "from_the_future"  # type: ignore[assignment]
        more: str = "kept"

    newer = Newer(epoch=1, sequence=1, problem=1, reason="示例")
    sealed = close_feed(newer, TO, answers=ANSWERS, now=NOON)
    opened = open_feed(sealed, answers_public=ANSWERS.public, key=DESK)
    assert opened.kind == "from_the_future"
    assert opened.model_dump()["more"] == "kept"


def test_a_signed_body_that_cannot_be_read_is_malformed() -> None:
    """Known by its kind, but not of its shape: the desk says so by number."""
    header = {
        name: value
        for name, value in json.loads(canonical(a_message().header)).items()
        if name not in {"sealed_size", "sealed_digest"}
    }
    sealed = suite1.seal(
        b'{"kind":"entry_quarantined"}', public=DESK.public, context=context_of(header)
    )
    header |= {"sealed_size": len(sealed), "sealed_digest": suite1.digest(sealed)}
    signed = base64_text(ANSWERS.sign(FEED, canonical(header)))
    message = FeedMessage.model_validate(
        {"header": header, "sealed": base64_text(sealed), "signature": signed}
    )
    assert refused(message) is Code.MESSAGE_MALFORMED


def test_a_message_names_the_one_before_it() -> None:
    first = a_message()
    after = close_feed(
        BODY, Addressee(TO.device, DESK.public, 2, message_digest(first)),
        answers=ANSWERS, now=NOON,
    )  # fmt: skip
    assert after.header.previous == message_digest(first) != message_digest(after)
    assert first.header.previous is None
    assert '"previous"' not in first.model_dump_json(), "as version 0.1 wrote it"


def test_p08_a_desk_can_prove_what_it_was_told() -> None:
    answer = CaseAnswered(
        number="350305107-01-20261123-0001-7", revision=0, answered_at=NOON,
        answered_by="区审核", answer=Received(official_number="示例1"),
    )  # fmt: skip
    message = close_feed(answer, TO, answers=ANSWERS, now=NOON)
    opened = open_feed(message, answers_public=ANSWERS.public, key=DESK)
    body = canonical(opened)
    assert is_proven(message, body, answers_public=ANSWERS.public)
    assert not is_proven(message, body, answers_public=OTHER.public)
    bent = body.replace("示例1".encode(), "示例2".encode())
    assert not is_proven(message, bent, answers_public=ANSWERS.public)
    unsigned = message.model_copy(update={"signature": "A"})
    assert not is_proven(unsigned, body, answers_public=ANSWERS.public)


def test_p02_a_body_cannot_be_guessed_from_its_header() -> None:
    """The commitment is salted with what only the answers key could make."""
    header = a_message().header.model_dump()
    assert header["body_commitment"] != suite1.digest(canonical(BODY))
    opened = open_feed(a_message(), answers_public=ANSWERS.public, key=DESK)
    assert len(opened.model_dump()["salt"]) == 32
