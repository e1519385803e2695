"""What lies on a stick: letters as the line would carry them, signed refusals."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.encoding import canonical
from schemas.stick import Letter, Refusal, StickFeed, StickWelcome

LETTER: dict[str, Any] = {
    "method": "POST", "path": "/v1/contact", "query": "",
    "fields": {"signature": "sig1=:AA:"}, "body": "e30",
}  # fmt: skip
REFUSAL: dict[str, Any] = {
    "suite": 1, "receipt_key": "ab" * 16, "device": "d" * 32,
    "batch_digest": "ab" * 32, "problem": 305, "at": "2026-11-23T04:00:00.000Z",
    "signature": "AA",
}  # fmt: skip


def test_p10_letters_and_refusals_keep_their_bytes() -> None:
    for model, given in ((Letter, LETTER), (Refusal, REFUSAL)):
        newer = {**given, "later": 1}
        assert canonical(model.model_validate(newer)) == canonical(newer)


@pytest.mark.parametrize(
    ("model", "given"),
    [
        (Letter, {**LETTER, "method": "DELETE"}),
        (Letter, {**LETTER, "fields": {"signature": 1}}),
        (Letter, {**LETTER, "body": "{}"}),
        (Refusal, {**REFUSAL, "batch_digest": "x"}),
        (Refusal, {**REFUSAL, "problem": "305"}),
        (StickFeed, {}),
        (StickWelcome, {"welcome": {}, "successions": []}),
    ],
)
def test_what_is_no_letter_is_refused(model: Any, given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate_json(canonical(given), strict=True)


def test_a_number_of_a_newer_district_is_kept_as_it_is() -> None:
    assert Refusal.model_validate({**REFUSAL, "problem": 9999}).problem == 9999


def test_a_stick_may_bring_an_empty_feed() -> None:
    assert StickFeed.model_validate({"messages": []}).messages == ()
