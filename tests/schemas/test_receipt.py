"""A receipt's document: the frozen one reads, and its bytes are what was signed."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.encoding import canonical
from schemas.receipt import Receipt

VECTORS = json.loads(
    (Path(__file__).parents[2] / "docs" / "vectors" / "wire-1.json").read_text("utf-8")
)
FROZEN: dict[str, Any] = VECTORS["receipt"]


def test_p10_the_frozen_receipt_reads_and_gives_its_bytes_back() -> None:
    assert canonical(Receipt.model_validate(FROZEN)) == canonical(FROZEN)


def test_p10_a_field_of_a_newer_district_is_in_the_bytes() -> None:
    newer = {**FROZEN, "later": {"x": 1}}
    assert canonical(Receipt.model_validate(newer)) == canonical(newer)


@pytest.mark.parametrize("name", sorted(FROZEN))
def test_p06_a_receipt_that_leaves_something_open_is_none(name: str) -> None:
    less = {key: value for key, value in FROZEN.items() if key != name}
    with pytest.raises(ValidationError) as refused:
        Receipt.model_validate(less)
    assert [each["loc"] for each in refused.value.errors()] == [(name,)]


@pytest.mark.parametrize(
    "change",
    [{"log_position": 0}, {"first": 0}, {"batch_digest": "AB" * 32}, {"epoch": "1"}],
)
def test_p06_another_spelling_of_a_figure_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Receipt.model_validate({**FROZEN, **change})
