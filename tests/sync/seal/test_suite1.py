"""Suite 1: the algorithms hold to their published bytes, and nothing else opens."""

import base64
import json
from pathlib import Path

import pytest

from schemas.problems import Code, Problem
from sync.seal import suite1
from sync.seal.batches import context_of, read_batch

VECTORS = json.loads(
    (Path(__file__).parents[3] / "docs" / "vectors" / "wire-1.json").read_text("utf-8")
)
SEED = bytes.fromhex(VECTORS["district_sealing_seed"])
PUBLIC = suite1.sealing_public_of(SEED)


def code_of(public: bytes) -> Code:
    with pytest.raises(Problem) as found:
        suite1.seal(b"plain", public=public, context=b"here")
    return found.value.code


def test_names_are_the_first_half_of_a_digest() -> None:
    """FIPS 180-4's own example, and the frozen names of the vectors."""
    abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert suite1.digest(b"abc") == abc
    assert suite1.key_id(b"abc") == abc[:32]
    assert suite1.key_id(PUBLIC) == VECTORS["district_sealing_key_id"]
    desk = suite1.sealing_public_of(bytes.fromhex(VECTORS["desk_sealing_seed"]))
    signing = bytes.fromhex(VECTORS["desk_signing_public"])
    assert suite1.device_id(signing, desk) == VECTORS["device"]


def test_p10_what_was_sealed_once_opens_in_this_version() -> None:
    batch = read_batch(base64.b64decode(VECTORS["batch"]))
    context = context_of(json.loads(batch.header_bytes))
    assert suite1.unseal(batch.sealed, seed=SEED, context=context)
    with pytest.raises(Problem) as found:
        suite1.unseal(batch.sealed, seed=SEED, context=context + b" ")
    assert found.value.code is Code.SEAL_BROKEN


def test_a_seal_costs_1136_bytes_and_is_never_the_same_twice() -> None:
    """ML-KEM ciphertext 1088, ephemeral key 32, tag 16."""
    one = suite1.seal(b"plain", public=PUBLIC, context=b"here")
    other = suite1.seal(b"plain", public=PUBLIC, context=b"here")
    assert len(one) == len(b"plain") + 1136
    assert one != other
    for sealed in (one, other):
        assert suite1.unseal(sealed, seed=SEED, context=b"here") == b"plain"


def test_every_flipped_byte_breaks_a_seal() -> None:
    sealed = suite1.seal(b"plain", public=PUBLIC, context=b"here")
    # The whole of the tag and ciphertext, and places of both encapsulations.
    for place in (*range(0, 1120, 80), *range(1120, len(sealed))):
        bent = bytearray(sealed)
        bent[place] ^= 1
        with pytest.raises(Problem) as found:
            suite1.unseal(bytes(bent), seed=SEED, context=b"here")
        assert found.value.code is Code.SEAL_BROKEN


@pytest.mark.parametrize("sealed", [b"", b"x" * 50, bytes(1136)])
def test_what_is_no_seal_is_a_broken_one(sealed: bytes) -> None:
    with pytest.raises(Problem) as found:
        suite1.unseal(sealed, seed=SEED, context=b"")
    assert found.value.code is Code.SEAL_BROKEN


@pytest.mark.parametrize(
    "public",
    [b"", PUBLIC[:-1], PUBLIC + b"x", b"\xff" * 1216, PUBLIC[:1184] + bytes(32)],
)
def test_what_is_no_key_is_a_number_and_no_traceback(public: bytes) -> None:
    """A key may come from another machine: wrong size, no field element, no curve."""
    assert code_of(public) is Code.KEY_MISSING


def test_a_fresh_seed_has_the_size_that_dice_must_give() -> None:
    seed = suite1.new_sealing_seed()
    assert len(seed) == suite1.SEALING_SEED
    assert len(suite1.sealing_public_of(seed)) == 1216
    assert seed != suite1.new_sealing_seed()
