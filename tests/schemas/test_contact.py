"""Greetings: what an older desk leaves out, and what no greeting may be without."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.contact import Contact, ContactAnswer, Uses, Verdict, Welcome

AT = "2026-11-23T04:00:00.000Z"
CONTACT: dict[str, Any] = {
    "suite": 1, "device": "d" * 32, "program": "0.2.0", "counter": 1,
    "nonce": "1" * 32, "head": {"epoch": 1, "sequence": 0, "chain": "ab" * 32},
    "receipted": 0, "feed_cursor": 0,
    "clocks": {"wall": AT, "boot": "b", "monotonic_ms": 1},
}  # fmt: skip
WELCOME: dict[str, Any] = {
    "suite": 1, "receipt_key": "ab" * 16, "device": "d" * 32, "counter": 1,
    "nonce": "1" * 32, "incarnation": "2" * 32, "log_position": 0, "feed_head": 0,
    "at": AT, "verdict": "agreed", "signature": "AAAA",
}  # fmt: skip


def test_p10_a_greeting_of_an_older_desk_says_less_and_is_read() -> None:
    read = Contact.model_validate(CONTACT)
    assert (read.by, read.restored, read.machine, read.answered) == (
        "line", False, None, None
    )  # fmt: skip
    assert read.backlog.entries == 0
    assert read.uses is None, "what such a desk works by is not known, not nothing"


def test_p10_a_greeting_of_a_newer_desk_loses_nothing() -> None:
    newer = {
        **CONTACT, "later": 1, "backlog": {"entries": 2, "later": 3},
        "uses": {"edition": 4, "later": 5},
    }  # fmt: skip
    kept = Contact.model_validate(newer).model_dump(mode="json")
    assert (kept["later"], kept["backlog"]["later"], kept["uses"]["later"]) == (1, 3, 5)


@pytest.mark.parametrize(
    "change",
    [
        {"counter": 0}, {"nonce": "1" * 31}, {"nonce": "G" * 32}, {"receipted": -1},
        {"feed_digest": "ab"}, {"by": "pigeon"}, {"program": ""}, {"machine": "m"},
        {"backlog": {"earliest_due": "soon"}}, {"uses": {"edition": 0}},
    ],
)  # fmt: skip
def test_p08_a_greeting_that_proves_no_history_is_refused(
    change: dict[str, Any],
) -> None:
    with pytest.raises(ValidationError) as refused:
        Contact.model_validate({**CONTACT, **change})
    assert {error["loc"][0] for error in refused.value.errors()} == set(change)


def test_a_welcome_to_a_desk_that_never_sent_holds_nothing() -> None:
    read = Welcome.model_validate(WELCOME)
    assert (read.held, read.newest_epoch, read.held_before) == (None, 0, ())
    assert (read.allowance.wait_s, read.allowance.bytes_per_hour) == (0, None)


def test_earlier_epochs_travel_as_pairs() -> None:
    said = Welcome.model_validate({**WELCOME, "held_before": [[1, 7], [2, 0]]})
    assert said.held_before == ((1, 7), (2, 0))
    assert said.model_dump(mode="json")["held_before"] == [[1, 7], [2, 0]]
    with pytest.raises(ValidationError):
        Welcome.model_validate({**WELCOME, "held_before": [[1]]})


def test_a_verdict_that_this_version_does_not_know_is_not_guessed() -> None:
    with pytest.raises(ValidationError):
        Welcome.model_validate({**WELCOME, "verdict": "merged"})
    assert {Welcome.model_validate({**WELCOME, "verdict": v}).verdict for v in Verdict}


def test_an_answer_may_come_without_a_page_of_the_feed() -> None:
    answer = ContactAnswer.model_validate({"welcome": WELCOME})
    assert (answer.messages, answer.successions) == ((), ())


def test_a_shipped_calendar_has_no_number() -> None:
    assert (Uses(edition=1).holidays, Uses(edition=1).closed_seasons) == (0, 0)
