"""Known answers at start: a library that computes wrongly must not seal or sign."""

import hashlib
from types import SimpleNamespace

import pytest

from schemas.problems import Code, Problem
from sync.seal.selftest import self_test


def _fails() -> bool:
    with pytest.raises(Problem) as found:
        self_test()
    return found.value.code is Code.SELF_TEST_FAILED


def test_known_answers_hold() -> None:
    self_test()


def test_a_digest_that_is_off_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hashlib.sha256", hashlib.sha3_256)
    assert _fails()


def test_a_library_that_believes_every_signature_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The most dangerous fault: any receipt would let go of any batch."""
    credulous = SimpleNamespace(verify=lambda *_: None)
    library = SimpleNamespace(from_public_bytes=lambda _: credulous)
    monkeypatch.setattr("sync.seal.keys.Ed25519PublicKey", library)
    assert _fails()


def test_p02_a_library_that_seals_nothing_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What went in comes out sealed and opens as something else."""
    broken = SimpleNamespace(
        encrypt=lambda plain, *_, **__: plain, decrypt=lambda *_, **__: b"ab"
    )
    monkeypatch.setattr("sync.seal.suite1._hpke", broken)
    assert _fails()
