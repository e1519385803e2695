"""The header that a blind intake reads: what it says, what an older desk leaves out."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.batch import BatchHeader
from schemas.encoding import canonical
from sync.seal.batches import read_batch

VECTORS = json.loads(
    (Path(__file__).parents[2] / "docs" / "vectors" / "wire-1.json").read_text("utf-8")
)
FROZEN = read_batch(base64.b64decode(VECTORS["batch"])).header_bytes
SAID: dict[str, Any] = json.loads(FROZEN)


def test_p10_the_frozen_header_reads_and_says_the_same_bytes_again() -> None:
    """Version 0.1 had no `withheld`: left unset it is not in the bytes."""
    read = BatchHeader.model_validate_json(FROZEN)
    assert (read.first, read.last, read.entries) == (1, 2, 2)
    assert not read.withheld
    assert canonical(read.model_dump(mode="json", exclude_unset=True)) == FROZEN


def test_p10_a_field_of_a_newer_desk_is_in_the_bytes() -> None:
    read = BatchHeader.model_validate({**SAID, "later": [1]})
    assert b'"later":[1]' in canonical(read)


@pytest.mark.parametrize(
    "change",
    [
        {"first": 0}, {"epoch": 0}, {"entries": 0}, {"plain_size": -1},
        {"sealed_size": 2**53}, {"device": "d"}, {"chain_before": "ab" * 16},
        {"sealed_digest": "AB" * 32}, {"signing_key": ""}, {"withheld": "perhaps"},
        {"made_at": "2026-11-23T04:00:00Z"}, {"suite": 1.5},
    ],
)  # fmt: skip
def test_what_intake_cannot_count_with_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        BatchHeader.model_validate({**SAID, **change})
    assert {error["loc"][0] for error in refused.value.errors()} == set(change)


def test_nothing_of_a_case_has_a_place_in_the_open_part() -> None:
    """P2: whoever keeps the line may know whose, how much and when, and no more."""
    assert set(BatchHeader.model_fields) == {
        "suite", "device", "signing_key", "sealing_key", "epoch", "first", "last",
        "chain_before", "chain_after", "entries", "plain_size", "compressed_size",
        "dictionary", "withheld", "made_at", "sealed_size", "sealed_digest",
    }  # fmt: skip
