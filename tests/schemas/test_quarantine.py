"""Stubs, second tries and unreadable batches: places, reasons, nothing dropped."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.encoding import canonical
from schemas.quarantine import BatchUnreadable, EntryOffered, EntryWithheld

STUB: dict[str, Any] = {"digest": "ab" * 32, "size": 0, "problem": 403}
OFFERED: dict[str, Any] = {"epoch": 1, "sequence": 2, "entry": "e30"}
UNREADABLE: dict[str, Any] = {
    "epoch": 1, "first": 1, "last": 3, "problem": 402, "reason": "示例",
}  # fmt: skip
ALL: list[tuple[Any, dict[str, Any]]] = [
    (EntryWithheld, STUB), (EntryOffered, OFFERED), (BatchUnreadable, UNREADABLE),
]  # fmt: skip


@pytest.mark.parametrize(("model", "given"), ALL)
def test_p03_it_travels_whole_with_what_a_newer_version_adds(
    model: Any, given: dict[str, Any]
) -> None:
    read = model.model_validate({**given, "later": 1})
    assert model.model_validate_json(canonical(read)) == read
    assert read.model_dump()["later"] == 1


@pytest.mark.parametrize(
    ("model", "given"),
    [
        (EntryWithheld, {**STUB, "digest": "ab"}),
        (EntryWithheld, {**STUB, "size": -1}),
        (EntryOffered, {**OFFERED, "entry": "{}"}),
        (EntryOffered, {**OFFERED, "sequence": 0}),
        (BatchUnreadable, {**UNREADABLE, "first": 0}),
        (BatchUnreadable, {**UNREADABLE, "reason": ""}),
        (BatchUnreadable, {**UNREADABLE, "reason": "长" * 501}),
    ],
)
def test_p03_without_a_place_and_a_reason_it_is_none(
    model: Any, given: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(given)


def test_p02_a_stub_says_nothing_of_the_entry_but_its_digest_and_size() -> None:
    assert set(EntryWithheld.model_fields) == {"kind", "digest", "size", "problem"}


def test_p10_a_number_of_a_newer_district_is_kept_as_it_is() -> None:
    newer = BatchUnreadable.model_validate({**UNREADABLE, "problem": 9999})
    assert newer.problem == 9999
