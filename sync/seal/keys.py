"""Key pairs as values: they sign or open, and never show their secret half."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Self, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from sync.seal import suite1

Dice: TypeAlias = Callable[[int], bytes]
"""Returns so many random bytes: the machine's in a program, a seed's in a simulator."""
_SIGNING_SEED: Final = 32  # RFC 8032: a private key is 32 random bytes


def _labelled(label: str, message: bytes) -> bytes:
    # A label per kind of document: a signature of one can never pass for another.
    return label.encode("ascii") + b"\n" + message


@dataclass(frozen=True)
class SigningKey:
    """An Ed25519 key pair; `public` is the 32 raw bytes."""

    _secret: bytes = field(repr=False)

    @classmethod
    def generate(cls, dice: Dice | None = None) -> Self:
        """Return a new key pair; without dice, from the system's entropy."""
        if dice is not None:
            return cls(dice(_SIGNING_SEED))
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    def to_bytes(self) -> bytes:
        """Return the secret half, for a vault or key file only."""
        return self._secret

    @property
    def public(self) -> bytes:
        """The public half, raw."""
        key = Ed25519PrivateKey.from_private_bytes(self._secret)
        return key.public_key().public_bytes_raw()

    @property
    def key_id(self) -> str:
        """The name of the public half."""
        return suite1.key_id(self.public)

    def sign(self, label: str, message: bytes) -> bytes:
        """Return 64 bytes over the label, a line feed, and the message."""
        key = Ed25519PrivateKey.from_private_bytes(self._secret)
        return key.sign(_labelled(label, message))

    def sign_bare(self, message: bytes) -> bytes:
        """Return 64 bytes over the message alone (RFC 9421 makes its own base)."""
        return Ed25519PrivateKey.from_private_bytes(self._secret).sign(message)


def verify(public: bytes, label: str, message: bytes, signature: bytes) -> bool:
    """Say whether `signature` is the key's over this label and message."""
    return verify_bare(public, _labelled(label, message), signature)


def verify_bare(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether `signature` is the key's over the message alone."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True)
class SealingKey:
    """A hybrid HPKE key pair; `public` is the 1216 raw bytes."""

    _seed: bytes = field(repr=False)

    @classmethod
    def generate(cls, dice: Dice | None = None) -> Self:
        """Return a new key pair; without dice, from the system's entropy."""
        if dice is not None:
            return cls(dice(suite1.SEALING_SEED))
        return cls(suite1.new_sealing_seed())

    def to_bytes(self) -> bytes:
        """Return the secret half, for a vault or key file only."""
        return self._seed

    @property
    def public(self) -> bytes:
        """The public half, raw."""
        return suite1.sealing_public_of(self._seed)

    @property
    def key_id(self) -> str:
        """The name of the public half."""
        return suite1.key_id(self.public)

    def unseal(self, sealed: bytes, *, context: bytes) -> bytes:
        """Open what was sealed to this key; `Problem(SEAL_BROKEN)` otherwise."""
        return suite1.unseal(sealed, seed=self._seed, context=context)
