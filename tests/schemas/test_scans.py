"""Scans: what a case lists, what pieces say in the open, how much is asked at once."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.encoding import canonical
from schemas.scans import (
    LARGEST_SCAN,
    PIECE,
    ChunkHeader,
    ChunkReceipt,
    ChunksAsked,
    ChunksHeld,
    MediaType,
    ScanPage,
    ScansListed,
    ScansWanted,
)
from sync.seal.chunks import read_chunk

VECTORS = json.loads(
    (Path(__file__).parents[2] / "docs" / "vectors" / "wire-1.json").read_text("utf-8")
)
FROZEN = read_chunk(base64.b64decode(VECTORS["chunk"])).header_bytes
PAGE: dict[str, Any] = {
    "material": "id", "position": 1, "digest": "ab" * 32, "size": 1,
    "media_type": "image/jpeg",
}  # fmt: skip
LISTED: dict[str, Any] = {
    "number": "350305107-01-20261123-0001-7", "at": "2026-11-23T04:00:00.000Z",
    "scans": [PAGE],
}  # fmt: skip


def test_p10_the_frozen_piece_and_its_receipt_give_their_bytes_back() -> None:
    assert canonical(ChunkHeader.model_validate_json(FROZEN)) == FROZEN
    receipt = VECTORS["chunk_receipt"]
    assert canonical(ChunkReceipt.model_validate(receipt)) == canonical(receipt)


def test_p10_a_list_of_a_newer_desk_keeps_what_it_says_of_a_page() -> None:
    newer = {**LISTED, "scans": [{**PAGE, "cropped": True}], "later": 1}
    kept = ScansListed.model_validate(newer).model_dump(mode="json")
    assert (kept["scans"][0]["cropped"], kept["later"]) == (True, 1)


def test_a_case_without_scans_says_so_with_an_empty_list() -> None:
    """A later list replaces an earlier one: the last page can be taken away."""
    read = ScansListed.model_validate({**LISTED, "scans": []})
    assert (read.scans, read.piece) == ((), PIECE)


@pytest.mark.parametrize(
    "change",
    [
        {"material": ""}, {"position": 0}, {"size": 0}, {"digest": "x"},
        {"turned": -90}, {"media_type": ""},
    ],
)  # fmt: skip
def test_a_page_has_a_material_a_place_and_a_size(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        ScanPage.model_validate({**PAGE, **change})
    assert {each["loc"][0] for each in refused.value.errors()} == set(change)


def test_as_much_is_asked_at_once_as_one_request_may_hold() -> None:
    name = "ab" * 32
    assert len(ChunksAsked.model_validate({"chunks": [name] * 500}).chunks) == 500
    for model, given in (
        (ChunksAsked, {"chunks": [name] * 501}),
        (ScansWanted, {"digests": []}),
        (ScansWanted, {"digests": [name] * 501}),
        (ScansListed, {**LISTED, "scans": [PAGE] * 501}),
    ):
        with pytest.raises(ValidationError):
            model.model_validate(given)
    assert ChunksHeld.model_validate({}).receipts == ()


@pytest.mark.parametrize("kind", ["image/gif", "text/html", "image/jpeg\n", ""])
def test_only_what_the_district_can_show_is_a_scan(kind: str) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(MediaType)
    assert adapter.validate_python("application/pdf") == "application/pdf"
    with pytest.raises(ValidationError):
        adapter.validate_python(kind)


def test_a_whole_scan_is_a_whole_number_of_pieces_at_most() -> None:
    assert LARGEST_SCAN % PIECE == 0
    assert LARGEST_SCAN // PIECE <= 500, "its pieces are asked for in one request"
