"""Staff passphrases: Argon2id (RFC 9106), compared in constant time."""

import hmac
import unicodedata

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

SHORTEST = 10


def hash_passphrase(passphrase: str, *, salt: bytes) -> str:
    """Return the hash of a passphrase as `salt:hash` in hexadecimal."""
    plain = unicodedata.normalize("NFKC", passphrase).strip().encode()
    raw = Argon2id(
        salt=salt, length=32, iterations=3, lanes=4, memory_cost=64 * 1024
    ).derive(plain)
    return f"{salt.hex()}:{raw.hex()}"


def passphrase_matches(passphrase: str, kept: str) -> bool:
    """Say whether a passphrase is the one that `kept` was made from."""
    salt, _, _ = kept.partition(":")
    again = hash_passphrase(passphrase, salt=bytes.fromhex(salt))
    return hmac.compare_digest(again, kept)
