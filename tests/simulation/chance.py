"""Keys and nonces from a world's own dice, so that a seed replays in any process.

What is signed, compressed and cut into batches has another size with other keys: each
throw of the weather after that would be another world's. Only what the seals draw for
themselves (HPKE, in C) stays the system's: it changes neither a size nor an order.
"""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar
from unittest import mock

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from sync.district.boot import district, intake
from sync.district.config.tls import Certificates
from sync.district.reconcile import scanning
from sync.seal.keys import Dice, SealingKey, SigningKey
from tests.simulation.clocks import START

_Key = TypeVar("_Key", SigningKey, SealingKey)


@contextmanager
def drawn_from(dice: Random) -> Iterator[None]:
    """Let everything that a district draws from the system come from these dice."""

    def certificates(*_: object, **__: object) -> Certificates:
        # Nobody connects by TLS here; the charter carries the CA to every desk.
        return Certificates(_authority(dice), "", "", "")

    def now() -> datetime:
        return START

    with ExitStack() as patches:
        for target, name, instead in (
            (SigningKey, "generate", _generated(SigningKey, dice.randbytes)),
            (SealingKey, "generate", _generated(SealingKey, dice.randbytes)),
            (secrets, "token_hex", lambda size: dice.randbytes(size).hex()),
            (scanning, "new_naming_key", lambda: dice.randbytes(32)),
            (district, "make_certificates", certificates),
            (district, "utc_now", now),
            (intake, "utc_now", now),
        ):
            patches.enter_context(mock.patch.object(target, name, instead))
        yield


def _authority(dice: Random) -> str:
    key = Ed25519PrivateKey.from_private_bytes(dice.randbytes(32))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(START)
        .not_valid_after(START + timedelta(days=7300))
        .sign(key, None)
    )
    return made.public_bytes(Encoding.PEM).decode("ascii")


def _generated(kind: type[_Key], drawn: Dice) -> "classmethod[_Key, ..., _Key]":
    plain = kind.generate.__func__  # type: ignore[attr-defined]

    def generate(cls: type[_Key], dice: Dice | None = None) -> _Key:
        made: _Key = plain(cls, dice or drawn)
        return made

    return classmethod(generate)
