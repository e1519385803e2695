"""Requests signed by the device: RFC 9421 signatures over RFC 9530 digests.

A plain request covers its whole body. The creation of an upload covers what it
announces instead (length and metadata, which name the digest): its body may arrive
in parts, over days, and proves itself in the end.

Covered: `@method`, `@path`, `@query`, `content-digest`; algorithm ed25519. The host is
not covered, since a district may be reached by several names; TLS pins the district.
`created` is sent but not judged: wrong clocks are expected (P9), uploads are
idempotent, and what a replayed read returns is sealed to the device anyway.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sync.seal.keys import SigningKey, verify_bare

_COVERED: Final = '("@method" "@path" "@query" "content-digest")'
_INPUT = re.compile(
    r'^sig1=(\("@method" "@path" "@query" "content-digest"\)'
    r';created=\d{1,12};nonce="[A-Za-z0-9_-]{8,64}";keyid="([0-9a-f]{32})"'
    r';alg="ed25519")$'
)
_SIGNATURE = re.compile(r"^sig1=:([A-Za-z0-9+/]{86}==):$")


@dataclass(frozen=True, slots=True)
class Target:
    """What a request asks: method, path with a leading slash, query without `?`."""

    method: str
    path: str
    query: str = ""


def content_digest(body: bytes) -> str:
    """Return the RFC 9530 `Content-Digest` field for a body."""
    raw = base64.b64encode(hashlib.sha256(body).digest()).decode("ascii")
    return f"sha-256=:{raw}:"


def _base(target: Target, digest: str, parameters: str) -> bytes:
    return (
        f'"@method": {target.method}\n'
        f'"@path": {target.path}\n'
        f'"@query": ?{target.query}\n'
        f'"content-digest": {digest}\n'
        f'"@signature-params": {parameters}'
    ).encode("latin-1")


def sign_request(
    target: Target, body: bytes, *, key: SigningKey, nonce: str, now: datetime
) -> dict[str, str]:
    """Return the header fields that prove who asks."""
    parameters = (
        f'{_COVERED};created={int(now.timestamp())};nonce="{nonce}"'
        f';keyid="{key.key_id}";alg="ed25519"'
    )
    digest = content_digest(body)
    signature = key.sign_bare(_base(target, digest, parameters))
    return {
        "Content-Digest": digest,
        "Signature-Input": f"sig1={parameters}",
        "Signature": f"sig1=:{base64.b64encode(signature).decode('ascii')}:",
    }


def claimed_key(fields: Mapping[str, str]) -> str | None:
    """Return the key id that a request claims, or None where it claims none."""
    found = _INPUT.match(fields.get("signature-input", ""))
    return found.group(2) if found else None


def request_is_genuine(
    target: Target, body: bytes, fields: Mapping[str, str], public: bytes
) -> bool:
    """Say whether the key signed this request; `fields` have lower-case names."""
    given = _INPUT.match(fields.get("signature-input", ""))
    signature = _SIGNATURE.match(fields.get("signature", ""))
    digest = content_digest(body)
    if not given or not signature or fields.get("content-digest") != digest:
        return False
    raw = base64.b64decode(signature.group(1))
    return verify_bare(public, _base(target, digest, given.group(1)), raw)


_ANNOUNCED: Final = '("@method" "@path" "upload-length" "upload-metadata")'
_ANNOUNCED_INPUT = re.compile(
    r'^sig1=(\("@method" "@path" "upload-length" "upload-metadata"\)'
    r';created=\d{1,12};keyid="([0-9a-f]{32})";alg="ed25519")$'
)


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the creation of an upload says: where, how long, and of what."""

    path: str
    length: str
    metadata: str


def _announced(what: Announcement, parameters: str) -> bytes:
    return (
        f'"@method": POST\n'
        f'"@path": {what.path}\n'
        f'"upload-length": {what.length}\n'
        f'"upload-metadata": {what.metadata}\n'
        f'"@signature-params": {parameters}'
    ).encode("latin-1")


def sign_announcement(
    what: Announcement, *, key: SigningKey, now: datetime
) -> dict[str, str]:
    """Return the header fields that prove which device announces an upload.

    No nonce: the same announcement again is the same upload.
    """
    parameters = (
        f"{_ANNOUNCED};created={int(now.timestamp())}"
        f';keyid="{key.key_id}";alg="ed25519"'
    )
    signature = key.sign_bare(_announced(what, parameters))
    return {
        "Signature-Input": f"sig1={parameters}",
        "Signature": f"sig1=:{base64.b64encode(signature).decode('ascii')}:",
    }


def announcing_key(fields: Mapping[str, str]) -> str | None:
    """Return the key id that a creation claims, or None where it claims none."""
    found = _ANNOUNCED_INPUT.match(fields.get("signature-input", ""))
    return found.group(2) if found else None


def announcement_is_genuine(
    what: Announcement, fields: Mapping[str, str], public: bytes
) -> bool:
    """Say whether the key signed this creation; `fields` have lower-case names."""
    given = _ANNOUNCED_INPUT.match(fields.get("signature-input", ""))
    signature = _SIGNATURE.match(fields.get("signature", ""))
    if not given or not signature:
        return False
    raw = base64.b64decode(signature.group(1))
    return verify_bare(public, _announced(what, given.group(1)), raw)
