"""Enrolment documents: what a code pins, what a request proves, what a grant binds."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.encoding import base64_text
from schemas.enrolment import Charter, GrantPackage
from schemas.problems import Code, Problem
from sync.seal import suite1
from sync.seal.enrolment import (
    DeskIdentity,
    charter_digest,
    charter_is_genuine,
    check_package,
    code_pins,
    document_digest,
    enrol_code,
    fingerprint,
    make_charter,
    make_grant,
    make_request,
    read_enrol_code,
    request_is_genuine,
)
from sync.seal.keys import SealingKey, SigningKey

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
SECRET = bytes(range(10))
ANSWERS, DEVICE = SigningKey(bytes(32)), SigningKey(b"\x01" * 32)
SEALING = SealingKey.generate()
NAME = suite1.device_id(DEVICE.public, SEALING.public)


def _charter(key: SigningKey = ANSWERS, **changes: Any) -> Charter:
    document = {
        "suite": 1, "district": "350305", "name": "示例", "urls": ["https://x"],
        "ca_pem": "pem", "sealing_key": base64_text(SEALING.public),
        "receipt_key": base64_text(DEVICE.public),
        "answers_key": base64_text(ANSWERS.public),
        "made_at": "2026-03-01T00:00:00.000Z", **changes,
    }  # fmt: skip
    return make_charter(document, key)


def _package(**changes: Any) -> GrantPackage:
    charter = _charter()
    grant = {
        "suite": 1, "device": NAME, "device_number": 1, "town": "350305107",
        "terminal": "01", "charter_digest": charter_digest(charter),
        "documents": {"edition": document_digest("text")},
        "granted_at": "2026-03-02T04:00:00.000Z",
        "device_certificate": base64_text(bytes(64)), **changes,
    }  # fmt: skip
    documents = [{"kind": "edition", "digest": document_digest("text"), "text": "text"}]
    return GrantPackage.model_validate(
        {
            "charter": charter.model_dump(mode="json"),
            "grant": make_grant(grant, ANSWERS).model_dump(mode="json"),
            "documents": documents,
        }
    )


def test_a_code_is_read_as_people_write_it() -> None:
    code = enrol_code(SECRET, _charter())
    sloppy = code.lower().replace("-", " ").replace("0", "o").replace("1", "i")
    for text in (code, sloppy, code.replace("-", "")):
        assert read_enrol_code(text).secret == SECRET
    for wrong in (code[:-1], code + "A", code.replace("-", "!"), ""):
        with pytest.raises(Problem) as refused:
            read_enrol_code(wrong)
        assert refused.value.code is Code.ENROL_CODE_MALFORMED


def test_a_code_pins_one_charter() -> None:
    code = read_enrol_code(enrol_code(SECRET, _charter()))
    assert code_pins(code, _charter())
    assert not code_pins(code, _charter(urls=["https://elsewhere"]))
    # Somebody who copies the public keys cannot sign for them.
    assert not charter_is_genuine(_charter(DEVICE))


@pytest.mark.parametrize(
    "change", [{"town": "350305108"}, {"desk_name": "别人"}, {"program": "x"}]
)
def test_a_request_proves_device_and_invitation(change: dict[str, str]) -> None:
    desk = DeskIdentity(NAME, SEALING.public, "350305107", "一号", "test")
    request = make_request(desk, secret=SECRET, signing=DEVICE, now=NOON)
    assert request_is_genuine(request, SECRET)
    assert not request_is_genuine(request, bytes(10))
    assert not request_is_genuine(request.model_copy(update=change), SECRET)
    stranger = dataclasses.replace(desk, device="0" * 32)
    lying = make_request(stranger, secret=SECRET, signing=DEVICE, now=NOON)
    assert not request_is_genuine(lying, SECRET)


def test_a_grant_is_for_one_device_and_these_documents() -> None:
    check_package(_package(), NAME)
    for package, device, code in (
        (_package(), "f" * 32, Code.GRANT_NOT_FOR_THIS_DESK),
        (_package(documents={}), NAME, Code.SIGNATURE_INVALID),
        (_package(charter_digest="0" * 64), NAME, Code.SIGNATURE_INVALID),
    ):
        with pytest.raises(Problem) as refused:
            check_package(package, device)
        assert refused.value.code is code
    changed = _package().model_copy(
        update={"documents": (_package().documents[0].model_copy(
            update={"text": "other"}),)}
    )  # fmt: skip
    with pytest.raises(Problem) as refused:
        check_package(changed, NAME)
    assert refused.value.code is Code.SIGNATURE_INVALID


def test_a_fingerprint_is_eight_groups_that_people_can_read_out() -> None:
    mark = fingerprint(DEVICE.public)
    assert [len(group) for group in mark.split()] == [4] * 8
    assert mark != fingerprint(ANSWERS.public)
