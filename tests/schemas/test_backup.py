"""A backup's papers: the open header says whose and how far, never what is inside."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.backup import BackupHeader, BackupSecret, PartHeader, ReleaseRequest
from schemas.encoding import canonical

HEADER: dict[str, Any] = {
    "suite": 1, "device": "d" * 32, "desk_name": "示例窗口", "signing_key": "AAAA",
    "recovery_key": "ab" * 16, "made_at": "2026-11-23T04:00:00.000Z", "epoch": 1,
    "sequence": 0, "secret_size": 0, "secret_digest": "ab" * 32, "escrow_size": 0,
    "escrow_digest": "ab" * 32, "snapshot_size": 0, "snapshot_digest": "ab" * 32,
}  # fmt: skip
PART: dict[str, Any] = {
    "suite": 1, "device": "d" * 32, "signing_key": "ab" * 16, "backup": "ab" * 32,
    "index": 0, "count": 1, "digest": "ab" * 32,
}  # fmt: skip


def test_a_desk_that_has_no_district_yet_has_a_backup_without_escrow() -> None:
    read = BackupHeader.model_validate(HEADER)
    assert (read.escrow_key, read.sequence) == (None, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"device": "D" * 32}, {"epoch": 0}, {"sequence": -1}, {"secret_size": "7"},
        {"snapshot_digest": "ab"}, {"signing_key": "A+A"}, {"recovery_key": "ab" * 32},
        {"made_at": "2026-11-23"},
    ],
)  # fmt: skip
def test_a_header_of_another_shape_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        BackupHeader.model_validate({**HEADER, **change})
    assert {error["loc"][0] for error in refused.value.errors()} == set(change)


def test_p10_a_header_of_a_newer_desk_keeps_its_fields_and_its_bytes() -> None:
    newer = {**HEADER, "escrow_key": None, "later": {"x": 1}}
    read = BackupHeader.model_validate(newer)
    assert canonical(read) == canonical(newer)


def test_p10_a_newer_desks_header_travels_whole_in_a_request_for_release() -> None:
    """The district opens the escrow by the header: it must be the signed one."""
    request = ReleaseRequest.model_validate(
        {"suite": 1, "header": {**HEADER, "later": 1}, "escrow": "", "sealing_key": "",
         "asked_at": "2026-11-23T04:00:00.000Z"}
    )  # fmt: skip
    again = ReleaseRequest.model_validate_json(request.model_dump_json())
    assert again.header.model_dump()["later"] == 1
    assert again == request


def test_parts_count_from_nought_and_there_is_at_least_one() -> None:
    assert PartHeader.model_validate(PART).index == 0
    for change in ({"count": 0}, {"index": -1}, {"backup": "ab"}):
        with pytest.raises(ValidationError):
            PartHeader.model_validate({**PART, **change})


def test_a_secret_has_both_halves() -> None:
    """The key alone opens nothing for the operators who had passphrases."""
    with pytest.raises(ValidationError) as refused:
        BackupSecret.model_validate({"key": "AAAA"})
    assert refused.value.errors()[0]["loc"] == ("keyslots",)
