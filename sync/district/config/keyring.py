"""The district's keys on disk, each file readable by its owner only.

Intake's ring has the receipt key alone; reconcile's ring has the opening key and the
answers key. A process loads only the ring of its own folder.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from schemas.encoding import base64_bytes, base64_text
from schemas.problems import Code, Problem
from sync.district.config.places import DistrictPlaces
from sync.seal.keys import SealingKey, SigningKey

_RECEIPTS = "receipt.key"
_OPENING = "opening.key"
_ANSWERS = "answers.key"


@dataclass(frozen=True)
class ReconcileKeys:
    """What only the side beside the record holds."""

    opening: SealingKey
    answers: SigningKey


def write_private(path: Path, text: str) -> None:
    """Write a secret: 0600 from the first byte (on Windows the profile is closed)."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)


def make_keys(places: DistrictPlaces) -> tuple[SigningKey, ReconcileKeys]:
    """Make the three keys and write them down."""
    receipts = SigningKey.generate()
    keys = ReconcileKeys(SealingKey.generate(), SigningKey.generate())
    for path, raw in (
        (places.intake / _RECEIPTS, receipts.to_bytes()),
        (places.reconcile / _OPENING, keys.opening.to_bytes()),
        (places.reconcile / _ANSWERS, keys.answers.to_bytes()),
    ):
        write_private(path, base64_text(raw))
    return receipts, keys


def receipt_key(places: DistrictPlaces) -> SigningKey:
    """Return intake's key."""
    return SigningKey(_read(places.intake / _RECEIPTS))


def reconcile_keys(places: DistrictPlaces) -> ReconcileKeys:
    """Return the opening and answers keys; `Problem(OPENING_KEY_MISSING)`."""
    try:
        return ReconcileKeys(
            SealingKey(_read(places.reconcile / _OPENING)),
            SigningKey(_read(places.reconcile / _ANSWERS)),
        )
    except Problem as problem:
        raise Problem(Code.OPENING_KEY_MISSING) from problem


def _read(path: Path) -> bytes:
    try:
        return base64_bytes(path.read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise Problem(Code.KEY_MISSING, key=path.name) from error
