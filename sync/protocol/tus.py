"""Resumable upload by tus 1.0.0, its words only: header fields in and out, no I/O.

Rule 1: both sides read and write the fields here, so that they cannot differ.
Rule 2: what a field says is a value or `None`; who reads it decides the status.
Source: tus.io, "Resumable upload protocol 1.0.x" (core, creation,
creation-with-upload, checksum, expiration, termination).
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,creation-with-upload,checksum,expiration,termination"
CONTENT: Final = "application/offset+octet-stream"

# sha1 because the standard asks for it and public clients use it; both only guard
# against a line that garbles. What is kept is judged by its own digest and signature.
_ALGORITHMS: Final = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}
CHECKSUMS: Final = ",".join(_ALGORITHMS)

_KEY = re.compile(r"^[!-+\--~]+$")
_LARGEST_METADATA: Final = 4096
_DIGITS: Final = 15


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a request says its body hashes to."""

    algorithm: str
    digest: bytes

    def holds_for(self, body: bytes) -> bool:
        """Say whether the body is what was meant."""
        return _ALGORITHMS[self.algorithm](body).digest() == self.digest


def count(text: str | None) -> int | None:
    """Read a length or an offset; None where it is none."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > _DIGITS:
        return None
    return int(text)


def checksum(text: str) -> Checksum | None:
    """Read `Upload-Checksum`; None where the algorithm or the form is not ours."""
    algorithm, _, encoded = text.partition(" ")
    if algorithm not in _ALGORITHMS:
        return None
    try:
        return Checksum(algorithm, base64.b64decode(encoded, validate=True))
    except binascii.Error:
        return None


def checksum_of(body: bytes) -> str:
    """Return the `Upload-Checksum` of a body."""
    digest = hashlib.sha256(body).digest()
    return f"sha256 {base64.b64encode(digest).decode('ascii')}"


def metadata(text: str) -> dict[str, str] | None:
    """Read `Upload-Metadata`: `key base64, key base64, …`; None where it is not."""
    if len(text) > _LARGEST_METADATA:
        return None
    found: dict[str, str] = {}
    for pair in filter(None, (each.strip() for each in text.split(","))):
        key, _, encoded = pair.partition(" ")
        if not _KEY.match(key) or key in found:
            return None
        try:
            found[key] = base64.b64decode(encoded, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            return None
    return found


def metadata_of(values: Mapping[str, str]) -> str:
    """Return `Upload-Metadata` for some values."""
    return ",".join(
        f"{key} {base64.b64encode(value.encode()).decode('ascii')}"
        for key, value in values.items()
    )


def expires(moment: datetime) -> str:
    """Return `Upload-Expires`, an HTTP date."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def expiry(text: str | None) -> datetime | None:
    """Read `Upload-Expires`; None where there is none that can be read."""
    try:
        return parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
