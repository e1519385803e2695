"""Keys that change: what is named, and that nothing half said is taken."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.encoding import canonical
from schemas.renewal import (
    DeviceKeysRenewed,
    DeviceKeysTaken,
    DistrictKeysChanged,
    DistrictKeysRetired,
)

AT = "2026-03-01T00:00:00.000Z"
SUCCESSION: dict[str, Any] = {
    "suite": 1, "edition": 2, "predecessor": "ab" * 32, "made_at": AT,
    "signature": "AA",
    "charter": {
        "suite": 1, "district": "350305", "name": "示例", "urls": ["https://x"],
        "ca_pem": "pem", "sealing_key": "AA", "receipt_key": "AA", "answers_key": "AA",
        "made_at": AT, "signature": "AA", "later": 1,
    },
}  # fmt: skip
RENEWED: dict[str, Any] = {
    "signing_key": "AA", "sealing_key": "AA", "endorsement": "AA", "possession": "AA",
}  # fmt: skip
TAKEN: dict[str, Any] = {
    "signing_key": "ab" * 16, "sealing_key": "ab" * 16, "device_certificate": "AA",
}  # fmt: skip
ALL: list[tuple[Any, dict[str, Any]]] = [
    (DistrictKeysChanged, {"succession": SUCCESSION}),
    (DistrictKeysRetired, {"keys": ["ab" * 16]}),
    (DeviceKeysRenewed, RENEWED),
    (DeviceKeysTaken, TAKEN),
]


@pytest.mark.parametrize(("model", "given"), ALL)
def test_p10_it_travels_whole_with_what_a_newer_version_adds(
    model: Any, given: dict[str, Any]
) -> None:
    read = model.model_validate({**given, "later": 1})
    assert model.model_validate_json(canonical(read)) == read
    assert read.model_dump()["later"] == 1


def test_p10_the_next_charter_keeps_the_bytes_that_its_signatures_cover() -> None:
    read = DistrictKeysChanged.model_validate({"succession": SUCCESSION})
    assert canonical(read.succession) == canonical(SUCCESSION)


@pytest.mark.parametrize("name", sorted(RENEWED))
def test_a_renewal_has_both_keys_and_both_signatures(name: str) -> None:
    less = {key: value for key, value in RENEWED.items() if key != name}
    with pytest.raises(ValidationError) as refused:
        DeviceKeysRenewed.model_validate(less)
    assert [each["loc"] for each in refused.value.errors()] == [(name,)]


def test_keys_are_retired_and_taken_by_their_names() -> None:
    with pytest.raises(ValidationError):
        DistrictKeysRetired.model_validate({"keys": ["the old one"]})
    with pytest.raises(ValidationError):
        DeviceKeysTaken.model_validate({**TAKEN, "signing_key": "AA"})
