"""Key pairs: what they sign is for one label, and their secret half is never shown."""

import hashlib

import pytest

from schemas.problems import Code, Problem
from sync.seal import suite1
from sync.seal.keys import SealingKey, SigningKey, verify, verify_bare

KEY = SigningKey(bytes(range(32)))
SEALING = SealingKey(bytes(range(96)))
LABEL = "island-desk/receipt/1"


def seeded(size: int) -> bytes:
    """Dice of a simulator: the same bytes each time."""
    return hashlib.shake_128(b"seed").digest(size)


def test_a_signature_is_for_one_label_one_message_one_key() -> None:
    signature = KEY.sign(LABEL, b"message")
    assert verify(KEY.public, LABEL, b"message", signature)
    assert not verify(KEY.public, "island-desk/charter/1", b"message", signature)
    assert not verify(KEY.public, LABEL, b"messag3", signature)
    assert not verify(SigningKey(bytes(32)).public, LABEL, b"message", signature)


def test_the_label_is_part_of_what_is_signed() -> None:
    """Wire format: the label, a line feed, the message."""
    said = LABEL.encode() + b"\nmessage"
    assert KEY.sign(LABEL, b"message") == KEY.sign_bare(said)
    assert not verify(KEY.public, LABEL, b"message", KEY.sign_bare(b"message"))


@pytest.mark.parametrize("signature", [b"", b"x", bytes(64), bytes(65)])
def test_what_is_no_signature_is_false_and_no_error(signature: bytes) -> None:
    assert not verify_bare(KEY.public, b"message", signature)


@pytest.mark.parametrize("public", [b"", bytes(31), b"\xff" * 32])
def test_what_is_no_key_verifies_nothing(public: bytes) -> None:
    assert not verify_bare(public, b"message", KEY.sign_bare(b"message"))


def test_p02_a_key_never_shows_its_secret_half() -> None:
    for key in (KEY, SEALING):
        secret = key.to_bytes()
        shown = f"{key!r} {key}"
        assert secret.hex() not in shown
        assert repr(secret) not in shown


def test_a_simulators_dice_give_the_same_keys_and_the_machines_do_not() -> None:
    assert SigningKey.generate(seeded) == SigningKey.generate(seeded)
    assert SealingKey.generate(seeded) == SealingKey.generate(seeded)
    assert SigningKey.generate() != SigningKey.generate()
    assert SealingKey.generate().key_id != SealingKey.generate().key_id


def test_a_key_comes_back_from_its_bytes_and_keeps_its_name() -> None:
    assert SigningKey(KEY.to_bytes()).key_id == KEY.key_id == suite1.key_id(KEY.public)
    again = SealingKey(SEALING.to_bytes())
    assert again.key_id == SEALING.key_id
    sealed = suite1.seal(b"plain", public=SEALING.public, context=b"here")
    assert again.unseal(sealed, context=b"here") == b"plain"
    with pytest.raises(Problem) as refused:
        SealingKey.generate().unseal(sealed, context=b"here")
    assert refused.value.code is Code.SEAL_BROKEN
