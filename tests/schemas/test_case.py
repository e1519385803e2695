"""A case as recorded: T0 once, answers of a closed kind, nothing of the future lost."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.case import (
    Answer,
    CaseReceived,
    CaseResubmitted,
    CaseState,
    Granted,
    MaterialTaken,
    NumberVoided,
    Received,
    Refused,
    ReturnedForCorrection,
    Visit,
)
from schemas.encoding import canonical
from schemas.steps import STEPS

NUMBER = "350305107-01-20261123-0001-7"
AT = "2026-11-23T04:00:00.000Z"
APPLICATION: dict[str, Any] = {
    "item_code": "HY01-02", "edition": 1,
    "applicant": {"kind": "person", "name": "林海生", "phone": "13900001234",
                  "id_number": "11010519491231002X", "address": "示例村"},
    "form": {"loa_m": "12.50", "ports": ["示例港"], "later_kind": {"deep": [1, None]}},
    "materials": [{"key": "id", "form": "copy", "copies": 2}],
}  # fmt: skip
RECEIVED = {"number": NUMBER, "received_at": AT, "application": APPLICATION}
ANSWERS: TypeAdapter[Any] = TypeAdapter(Answer)


def refused(model: Any, given: dict[str, Any]) -> set[str]:
    with pytest.raises(ValidationError) as found:
        TypeAdapter(model).validate_python(given)
    return {str(error["loc"][-1]) for error in found.value.errors()}


def test_a_case_comes_back_from_its_bytes() -> None:
    body = CaseReceived.model_validate(RECEIVED)
    assert CaseReceived.model_validate_json(canonical(body)) == body
    assert (body.back_entry, body.visit, body.batch) == (None, None, None)


def test_p10_what_a_newer_desk_adds_stays_at_every_depth() -> None:
    newer = {
        **RECEIVED, "later": 1,
        "application": {
            **APPLICATION, "later": 2,
            "materials": [{"key": "id", "form": "copy", "later": 3}],
        },
        "visit": {"kind": "pier", "place": "示例码头", "later": 4},
    }  # fmt: skip
    kept = CaseReceived.model_validate(newer).model_dump(mode="json")
    assert kept["later"] == 1
    assert kept["application"]["later"] == 2
    assert kept["application"]["materials"][0]["later"] == 3
    assert kept["visit"]["later"] == 4


def test_t0_is_set_once_and_no_later_entry_has_such_a_field() -> None:
    """Legal time starts when the paper is received; nothing may edit it."""
    later = (*STEPS, CaseResubmitted, NumberVoided)
    assert not [m for m in later if "received_at" in m.model_fields]
    assert "received_at" in CaseReceived.model_fields


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": "350305107-01-20261123-0001-8"}, "number"),
        ({"received_at": "2026-11-23T12:00:00+08:00"}, "received_at"),
        ({"batch": "长" * 41}, "batch"),
        ({"back_entry": {"reason": "x", "entered_at": AT}}, "reason"),
        ({"application": {**APPLICATION, "edition": 0}}, "edition"),
        ({"application": {**APPLICATION, "item_code": "HY1-2"}}, "item_code"),
    ],
)
def test_what_is_no_record_is_refused_by_its_field(
    change: dict[str, Any], field: str
) -> None:
    assert refused(CaseReceived, {**RECEIVED, **change}) == {field}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"key": ""}, "key"),
        ({"form": "lost"}, "form"),
        ({"copies": -1}, "copies"),
        ({"valid_until": "2026-1-1"}, "valid_until"),
    ],
)
def test_a_paper_has_a_key_a_form_and_a_day(change: dict[str, Any], field: str) -> None:
    assert refused(MaterialTaken, {"key": "id", "form": "copy", **change}) == {field}


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"kind": "received"}, Received),
        ({"kind": "returned", "what_is_missing": ["合同"], "reason": "示例"},
         ReturnedForCorrection),
        ({"kind": "granted", "licence_number": "示 1"}, Granted),
        ({"kind": "refused", "reason": "示例", "remedies": "示例"}, Refused),
    ],
)  # fmt: skip
def test_each_answer_is_read_as_what_it_is(given: dict[str, Any], kind: type) -> None:
    assert type(ANSWERS.validate_python(given)) is kind


def test_an_answer_that_the_law_asks_more_of_is_refused() -> None:
    """What is missing is told all at once; a refusal tells the remedies."""
    assert "what_is_missing" in refused(
        ReturnedForCorrection, {"what_is_missing": [], "reason": "示例"}
    )
    assert refused(Refused, {"reason": "示例"}) == {"remedies"}
    assert refused(Granted, {"licence_number": ""}) == {"licence_number"}


def test_papers_are_taken_at_a_named_place() -> None:
    assert refused(Visit, {"kind": "boat", "place": ""}) == {"place"}
    assert refused(Visit, {"kind": "office", "place": "x"}) == {"kind"}


def test_a_state_is_stored_by_its_word_and_words_do_not_change() -> None:
    """Vaults and journals of released versions hold these."""
    assert {str(state) for state in CaseState} == {
        "received", "at_district", "correction_requested", "returned", "resubmitted",
        "accepted", "accepted_deferred", "accepted_committed", "forwarded",
        "not_accepted", "withdrawn", "sent_back", "granted", "refused", "to_deliver",
        "delivered", "closed", "archived",
    }  # fmt: skip
