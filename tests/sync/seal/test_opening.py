"""Opening: the district's key, the sizes that were signed, and what it leans on."""

import base64
import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.problems import Code, Problem
from sync.seal.batches import Run, close_batch, read_batch
from sync.seal.chunks import close_chunk, read_chunk
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.opening import open_batch, open_chunk

VECTORS = json.loads(
    (Path(__file__).parents[3] / "docs" / "vectors" / "wire-1.json").read_text("utf-8")
)
DISTRICT = SealingKey(bytes.fromhex(VECTORS["district_sealing_seed"]))
DESK = SigningKey(bytes(range(32)))
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
ENTRIES = (b'{"number":"one"}', '{"name":"林海生"}'.encode())
RUN = Run("d" * 32, 1, 1, ENTRIES, "a" * 64, "b" * 64)
BATCH = read_batch(
    close_batch(RUN, recipient=DISTRICT.public, signing=DESK, now=NOON).raw
)
PIECE = read_chunk(
    close_chunk(
        b"a small piece", "ab" * 32, device="d" * 32, recipient=DISTRICT.public,
        signing=DESK, now=NOON,
    ).raw
)  # fmt: skip


def refused(opens: Callable[[], object]) -> Code:
    with pytest.raises(Problem) as found:
        opens()
    return found.value.code


def test_a_batch_and_a_piece_open_to_the_same_bytes() -> None:
    assert open_batch(BATCH, DISTRICT) == ENTRIES
    assert open_chunk(PIECE, DISTRICT) == b"a small piece"


def test_p10_what_version_0_1_sealed_opens() -> None:
    batch = read_batch(base64.b64decode(VECTORS["batch"]))
    said = [entry.decode() for entry in open_batch(batch, DISTRICT)]
    assert said == VECTORS["entries"] == VECTORS["opened"]
    chunk = read_chunk(base64.b64decode(VECTORS["chunk"]))
    assert open_chunk(chunk, DISTRICT).decode() == VECTORS["chunk_opened"]


def test_another_key_is_named_before_anything_is_tried() -> None:
    other = SealingKey(bytes(96))
    with pytest.raises(Problem) as found:
        open_batch(BATCH, other)
    assert found.value.params == {"key": DISTRICT.key_id}
    assert refused(lambda: open_batch(BATCH, other)) is Code.KEY_MISSING
    assert refused(lambda: open_chunk(PIECE, other)) is Code.KEY_MISSING


@pytest.mark.parametrize(
    "change", [{"entries": 3}, {"plain_size": 1}, {"plain_size": 10**6}]
)
def test_sizes_are_those_that_were_signed(change: dict[str, int]) -> None:
    bent = dataclasses.replace(BATCH, header=BATCH.header.model_copy(update=change))
    assert refused(lambda: open_batch(bent, DISTRICT)) is Code.SEAL_BROKEN


def test_a_piece_of_another_size_than_was_signed_is_broken() -> None:
    header = PIECE.header.model_copy(update={"plain_size": 5})
    bent = dataclasses.replace(PIECE, header=header)
    assert refused(lambda: open_chunk(bent, DISTRICT)) is Code.SEAL_BROKEN


def test_the_open_part_is_bound_into_the_seal() -> None:
    """A sealed body under another header opens nothing, even with the right key."""
    moved = dataclasses.replace(
        BATCH, header_bytes=BATCH.header_bytes.replace(b'"epoch":1', b'"epoch":2')
    )
    assert refused(lambda: open_batch(moved, DISTRICT)) is Code.SEAL_BROKEN


def test_what_it_leans_on_is_looked_up_or_it_waits() -> None:
    leaning = read_batch(base64.b64decode(VECTORS["leaning_batch"]))
    earlier = tuple(each.encode() for each in VECTORS["entries"])
    opened = open_batch(leaning, DISTRICT, earlier=lambda _: earlier)
    assert [entry.decode() for entry in opened] == VECTORS["leaning_opened"]
    for some in (lambda _: earlier[:1], lambda _: (), None):
        code = refused(lambda some=some: open_batch(leaning, DISTRICT, earlier=some))
        assert code is Code.CONTEXT_MISSING
