"""How two sides come to know each other: names, towns and states of a closed shape."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.encoding import canonical
from schemas.enrolment import (
    Charter,
    EnrolmentRequest,
    EnrolmentStatus,
    Grant,
    GrantPackage,
    Invitation,
    NamedDocument,
)

AT = "2026-03-01T00:00:00.000Z"
CHARTER: dict[str, Any] = {
    "suite": 1, "district": "350305", "name": "示例", "urls": ["https://x"],
    "ca_pem": "pem", "sealing_key": "AA", "receipt_key": "AA", "answers_key": "AA",
    "made_at": AT, "signature": "AA",
}  # fmt: skip
REQUEST: dict[str, Any] = {
    "suite": 1, "invitation": "ab" * 32, "device": "d" * 32, "signing_key": "AA",
    "sealing_key": "AA", "town": "350305107", "desk_name": "一号", "program": "0.2.0",
    "made_at": AT, "proof": "AA", "signature": "AA",
}  # fmt: skip
GRANT: dict[str, Any] = {
    "suite": 1, "device": "d" * 32, "device_number": 1, "town": "350305107",
    "terminal": "01", "charter_digest": "ab" * 32, "documents": {"edition": "ab" * 32},
    "granted_at": AT, "signature": "AA",
}  # fmt: skip


@pytest.mark.parametrize(
    ("model", "given", "change"),
    [
        (Charter, CHARTER, {"district": "35030"}),
        (Charter, CHARTER, {"name": ""}),
        (Charter, CHARTER, {"answers_key": "A="}),
        (EnrolmentRequest, REQUEST, {"town": "35030510"}),
        (EnrolmentRequest, REQUEST, {"desk_name": "长" * 61}),
        (EnrolmentRequest, REQUEST, {"device": "x"}),
        (Grant, GRANT, {"terminal": "1"}),
        (Grant, GRANT, {"device_number": 0}),
        (Grant, GRANT, {"documents": {"edition": "x"}}),
        (NamedDocument, {"digest": "ab" * 32, "text": ""}, {"kind": "poem"}),
    ],
)
def test_names_that_numbers_are_made_of_have_their_digits(
    model: Any, given: dict[str, Any], change: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError) as refused:
        model.model_validate({**given, **change})
    assert {error["loc"][0] for error in refused.value.errors()} == set(change)


def test_p10_documents_of_another_version_keep_what_they_say() -> None:
    for model, given in ((Charter, CHARTER), (EnrolmentRequest, REQUEST)):
        newer = {**given, "later": 1}
        assert canonical(model.model_validate(newer)) == canonical(newer)


def test_p10_a_grant_of_an_older_district_has_no_certificate_and_is_one() -> None:
    package = GrantPackage.model_validate(
        {"charter": CHARTER, "grant": GRANT, "documents": []}
    )
    assert package.grant.device_certificate == ""
    assert package.successions == ()


def test_a_desk_that_asks_is_told_one_of_three_things() -> None:
    assert EnrolmentStatus.model_validate({"state": "pending"}).package is None
    told = EnrolmentStatus.model_validate({"state": "refused", "reason": "示例"})
    assert told.reason == "示例"
    with pytest.raises(ValidationError):
        EnrolmentStatus.model_validate({"state": "perhaps"})


def test_an_invitation_comes_back_from_its_file() -> None:
    given = {"charter": CHARTER, "secret": "AAAA", "town": "350305107"}
    read = Invitation.model_validate({**given, "expires_at": AT})
    assert Invitation.model_validate_json(read.model_dump_json(indent=1)) == read
