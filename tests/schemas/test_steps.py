"""Steps of a case: each says when and what the law requires, and none edits T0."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.encoding import canonical
from schemas.steps import (
    STEPS,
    Acceptance,
    CaseAccepted,
    CaseNotAccepted,
    CaseRated,
    CaseStep,
    ClockStopped,
    CorrectionRequested,
    DeferralExtended,
    DeferredSupplied,
    PapersMoved,
    PeriodExtended,
    ResultDelivered,
    StopReason,
)

BASE: dict[str, Any] = {
    "number": "350305107-01-20261123-0001-7", "at": "2026-11-23T04:00:00.000Z",
}  # fmt: skip
APPLICATION = {
    "item_code": "HY01-02", "edition": 1, "form": {}, "materials": [],
    "applicant": {"kind": "person", "name": "林海生", "phone": "13900001234",
                  "id_number": "11010519491231002X", "address": "示例村"},
}  # fmt: skip
OWED = {"material": "id", "due": "2026-12-01"}
SAID: dict[str, dict[str, Any]] = {
    "corrected_on_spot": {"revision": 1, "what": "示例", "application": APPLICATION},
    "correction_requested": {"missing": ["合同"], "due": "2026-12-04"},
    "case_accepted": {"mode": "full"},
    "deferred_supplied": {"materials": ["id"]},
    "deferral_extended": {"owed": [OWED], "reason": "示例"},
    "case_not_accepted": {
        "because": "not_needed",
        "reason": "示例",
        "remedies": "示例",
    },
    "case_forwarded": {"to": "省厅"},
    "case_sent_back": {"reason": "示例"},
    "case_withdrawn": {"reason": "示例"},
    "clock_stopped": {"procedure": "hearing", "days": 5},
    "period_extended": {"reason": "示例", "approved_by": "负责人"},
    "result_arrived": {"what": "证书"},
    "applicant_called": {"outcome": "reached"},
    "result_delivered": {"way": "window", "what": "证书", "signer": "林海生"},
    "case_rated": {"stars": 5},
    "case_archived": {"place": "柜 1"},
    "papers_moved": {"to": "bag", "bag": "7"},
}


def kind_of(model: type[CaseStep]) -> str:
    return str(model.model_fields["kind"].default)


def given(model: type[CaseStep], **changes: Any) -> dict[str, Any]:
    return {**BASE, **SAID.get(kind_of(model), {}), **changes}


@pytest.mark.parametrize("model", STEPS, ids=kind_of)
def test_p10_each_step_travels_whole_with_what_a_newer_desk_adds(
    model: type[CaseStep],
) -> None:
    step = model.model_validate(given(model, later=1))
    assert model.model_validate_json(canonical(step)) == step
    assert step.model_dump()["later"] == 1
    assert step.kind == kind_of(model)


@pytest.mark.parametrize("model", STEPS, ids=kind_of)
def test_a_step_of_another_kind_or_without_its_time_is_refused(
    model: type[CaseStep],
) -> None:
    for change in ({"kind": "other"}, {"at": "2026-11-23"}, {"number": "1"}):
        with pytest.raises(ValidationError) as refused:
            model.model_validate(given(model, **change))
        assert [each["loc"][0] for each in refused.value.errors()] == list(change)


def test_no_two_steps_share_a_kind() -> None:
    assert len({kind_of(model) for model in STEPS}) == len(STEPS)


@pytest.mark.parametrize(
    ("model", "change"),
    [
        # All that is missing, told once: an empty list tells nothing (32(1)(4)).
        (CorrectionRequested, {"missing": []}),
        (CorrectionRequested, {"due": "soon"}),
        # A refusal tells the reason and the remedies.
        (CaseNotAccepted, {"remedies": ""}),
        (CaseNotAccepted, {"reason": "x"}),
        (CaseNotAccepted, {"because": "busy"}),
        (DeferralExtended, {"owed": []}),
        (DeferralExtended, {"owed": [{"material": "id", "due": "x"}]}),
        (DeferredSupplied, {"materials": []}),
        # Ten days more need whose approval it was (42).
        (PeriodExtended, {"approved_by": ""}),
        (ClockStopped, {"days": 0}),
        (ResultDelivered, {"way": "pigeon"}),
        (ResultDelivered, {"signer": ""}),
        (ResultDelivered, {"signer_id_tail": "002x"}),
        (CaseRated, {"stars": 0}),
        (CaseRated, {"stars": 6}),
        (PapersMoved, {"to": "home"}),
    ],
)
def test_a_notice_carries_what_the_law_requires(
    model: type[CaseStep], change: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError) as refused:
        model.model_validate(given(model, **change))
    assert {each["loc"][0] for each in refused.value.errors()} == set(change)


def test_only_the_laws_procedures_stop_the_clock() -> None:
    """Art. 45 lists them; a busy week is none of them."""
    assert len(StopReason) == 7
    for reason in StopReason:
        ClockStopped.model_validate(given(ClockStopped, procedure=reason))
    with pytest.raises(ValidationError):
        ClockStopped.model_validate(given(ClockStopped, procedure="holiday"))


def test_a_signature_may_be_refused_and_an_identity_left_out() -> None:
    step = ResultDelivered.model_validate(given(ResultDelivered, refused=True))
    assert (step.refused, step.signer_id_tail, step.witness) == (True, "", "")


def test_acceptance_is_full_unless_something_is_owed() -> None:
    accepted = CaseAccepted.model_validate(given(CaseAccepted))
    assert (accepted.mode, accepted.owed, accepted.deemed) == (
        Acceptance.FULL, (), False
    )  # fmt: skip
