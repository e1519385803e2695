"""Suite 1: the algorithms and the raw bytes of their keys, in one place.

HPKE (RFC 9180) with the ML-KEM-768 + X25519 hybrid, HKDF-SHA-256 and AES-256-GCM;
Ed25519 (RFC 8032); SHA-256. Another suite is another module with these names.

Raw keys: an Ed25519 key is its 32 bytes. A hybrid public key is the ML-KEM-768
encapsulation key (1184 bytes) followed by the X25519 key (32); a hybrid private key
is the ML-KEM seed (64) followed by the X25519 scalar (32).
"""

import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import mlkem, x25519
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from schemas.problems import Code, Problem

SUITE = 1
_KEM_PUBLIC = 1184
_KEM_SEED = 64
_X25519 = 32
SEALING_SEED = _KEM_SEED + _X25519

_hpke = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def digest(raw: bytes) -> str:
    """Return the suite's digest of `raw`: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(raw).hexdigest()


def key_id(public: bytes) -> str:
    """Return how a public key is named: 16 bytes of its digest, hexadecimal."""
    return digest(public)[:32]


def device_id(signing_public: bytes, sealing_public: bytes) -> str:
    """Return the name of a desk: it follows from its first two public keys."""
    return digest(b"island-desk/device/1\n" + signing_public + sealing_public)[:32]


def new_sealing_seed() -> bytes:
    """Return a fresh hybrid private key, raw (96 bytes)."""
    kem = mlkem.MLKEM768PrivateKey.generate()
    return kem.private_bytes_raw() + (
        x25519.X25519PrivateKey.generate().private_bytes_raw()
    )


def sealing_public_of(seed: bytes) -> bytes:
    """Return the public half (1216 bytes) of a raw hybrid private key."""
    kem = mlkem.MLKEM768PrivateKey.from_seed_bytes(seed[:_KEM_SEED])
    curve = x25519.X25519PrivateKey.from_private_bytes(seed[_KEM_SEED:])
    return kem.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()


def seal(plain: bytes, *, public: bytes, context: bytes) -> bytes:
    """Seal `plain` to a hybrid public key; `context` is bound in (HPKE info).

    `Problem(KEY_MISSING)` for bytes that are no key: they may be another machine's.
    """
    if len(public) != _KEM_PUBLIC + _X25519:
        raise Problem(Code.KEY_MISSING, key="sealing")
    try:
        recipient = MLKEM768X25519PublicKey(
            mlkem.MLKEM768PublicKey.from_public_bytes(public[:_KEM_PUBLIC]),
            x25519.X25519PublicKey.from_public_bytes(public[_KEM_PUBLIC:]),
        )
        return _hpke.encrypt(plain, recipient, info=context)
    except ValueError as error:
        raise Problem(Code.KEY_MISSING, key="sealing") from error


def unseal(sealed: bytes, *, seed: bytes, context: bytes) -> bytes:
    """Open what was sealed to the key; `Problem(SEAL_BROKEN)` for anything else."""
    key = MLKEM768X25519PrivateKey(
        mlkem.MLKEM768PrivateKey.from_seed_bytes(seed[:_KEM_SEED]),
        x25519.X25519PrivateKey.from_private_bytes(seed[_KEM_SEED:]),
    )
    try:
        return _hpke.decrypt(sealed, key, info=context)
    except (InvalidTag, ValueError) as error:
        raise Problem(Code.SEAL_BROKEN) from error
