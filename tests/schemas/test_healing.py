"""What is said after one side was put back: from where, what, and how far."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.encoding import canonical
from schemas.healing import (
    AnswerReported,
    AnswersWanted,
    CaseWanted,
    EntriesReturned,
    EntryReleased,
    EpochStarted,
)
from schemas.ids import NumberParts, case_number

NUMBER = case_number(NumberParts("350305107", "01", date(2026, 11, 23), 1))
STARTED: dict[str, Any] = {
    "kind": "epoch_started", "why": "restored", "from_epoch": 1, "agreed": 0, "own": 3,
}  # fmt: skip
MESSAGE: dict[str, Any] = {
    "header": {
        "suite": 1, "device": "d" * 32, "answers_key": "ab" * 16,
        "sealing_key": "ab" * 16, "position": 1, "sealed_size": 1,
        "made_at": "2026-11-23T04:00:00.000Z", "sealed_digest": "ab" * 32,
        "body_commitment": "cd" * 32,
    },
    "sealed": "AA", "signature": "AA",
}  # fmt: skip


def test_p08_nothing_agreed_is_a_place_to_start_from() -> None:
    """A vault put back to before the first entry agrees up to 0."""
    read = EpochStarted.model_validate(STARTED)
    assert (read.agreed, read.held, read.restored_from) == (0, None, None)


@pytest.mark.parametrize(
    ("model", "given"),
    [
        (EpochStarted, {**STARTED, "why": "bored"}),
        (EpochStarted, {**STARTED, "from_epoch": 0}),
        (EpochStarted, {**STARTED, "agreed": -1}),
        (EntriesReturned, {"since": 0, "final": True}),
        (EntriesReturned, {"since": 1, "final": True, "packed": "A+"}),
        (EntriesReturned, {"since": 1}),
        (AnswersWanted, {"after": 0, "through": 0}),
        (CaseWanted, {"number": "350305107-01-20261123-0001-0"}),
        (EntryReleased, {"epoch": 1, "sequence": 2, "by_epoch": 1, "by_sequence": 0}),
        (AnswerReported, {"number": "长" * 41, "message": MESSAGE, "body": ""}),
    ],
)
def test_what_cannot_be_healed_by_is_refused(model: Any, given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(given)


def test_a_range_of_answers_begins_after_a_cursor() -> None:
    wanted = AnswersWanted.model_validate({"after": 0, "through": 1})
    assert (wanted.after, wanted.through) == (0, 1)


def test_p08_a_reported_answer_brings_its_proof_unchanged() -> None:
    """The header is signed as it was sent: the commitment and later fields too."""
    message = {**MESSAGE, "header": {**MESSAGE["header"], "later": 1}}
    given = {"kind": "answer_reported", "number": "x", "message": message, "body": "AA"}
    read = AnswerReported.model_validate(given)
    assert canonical(read.message.header) == canonical(message["header"])
    assert AnswerReported.model_validate_json(canonical(read)) == read


def test_p10_fields_of_the_future_stay() -> None:
    for model, given in (
        (EpochStarted, STARTED),
        (EntriesReturned, {"since": 1, "final": True}),
        (AnswersWanted, {"after": 0, "through": 1}),
        (CaseWanted, {"number": NUMBER}),
        (EntryReleased, {"epoch": 1, "sequence": 2, "by_epoch": 3, "by_sequence": 4}),
    ):
        kept = model.model_validate({**given, "later": 1})
        assert kept.model_dump()["later"] == 1
