"""Enrolment documents: made and checked here, so that both sides do it one way.

The short code is 20 bytes in Crockford base32, 8 groups of 4: the invitation's
10-byte secret and the first 10 bytes of the charter's digest. A desk that fetches the
charter over an untrusted line thereby knows whether it is the district's own.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import JsonValue

from schemas.base import utc_text
from schemas.encoding import JsonObject, base64_bytes, base64_text, canonical
from schemas.enrolment import Charter, EnrolmentRequest, Grant, GrantPackage
from schemas.problems import Code, Problem
from sync.seal import suite1
from sync.seal.documents import CHARTER, GRANT, REQUEST, check_document, sign_document
from sync.seal.keys import SigningKey

SECRET_SIZE = 10
_PINNED = 10
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_CODE_LENGTH = 32


@dataclass(frozen=True, slots=True)
class EnrolCode:
    """What a short code says: the secret, and which charter to trust."""

    secret: bytes = field(repr=False)
    charter_prefix: bytes


def make_charter(document: JsonObject, answers: SigningKey) -> Charter:
    """Return the signed charter of a district from its fields."""
    return Charter.model_validate(sign_document(document, answers, CHARTER))


def charter_digest(charter: Charter) -> str:
    """Return the digest that codes and grants name a charter by."""
    return suite1.digest(b"island-desk/charter/1\n" + canonical(charter))


def charter_is_genuine(charter: Charter) -> bool:
    """Say whether the charter is signed by the answers key that it names."""
    try:
        public = base64_bytes(charter.answers_key)
    except ValueError:
        return False
    return check_document(charter.model_dump(mode="json"), public, CHARTER)


def enrol_code(secret: bytes, charter: Charter) -> str:
    """Return the code for people: 8 groups of 4 characters."""
    raw = secret + bytes.fromhex(charter_digest(charter))[:_PINNED]
    number = int.from_bytes(raw, "big")
    digits = [
        _ALPHABET[(number >> (5 * place)) & 31]
        for place in range(_CODE_LENGTH - 1, -1, -1)
    ]
    text = "".join(digits)
    return "-".join(text[i : i + 4] for i in range(0, _CODE_LENGTH, 4))


def read_enrol_code(text: str) -> EnrolCode:
    """Return what a typed code says; `Problem(ENROL_CODE_MALFORMED)` otherwise."""
    letters = "".join(text.upper().split()).replace("-", "").translate(_MISREAD)
    if len(letters) != _CODE_LENGTH or any(c not in _ALPHABET for c in letters):
        raise Problem(Code.ENROL_CODE_MALFORMED)
    number = 0
    for letter in letters:
        number = number * 32 + _ALPHABET.index(letter)
    raw = number.to_bytes(SECRET_SIZE + _PINNED, "big")
    return EnrolCode(secret=raw[:SECRET_SIZE], charter_prefix=raw[SECRET_SIZE:])


def code_pins(code: EnrolCode, charter: Charter) -> bool:
    """Say whether this is the charter that the code was made with."""
    prefix = bytes.fromhex(charter_digest(charter))[:_PINNED]
    return charter_is_genuine(charter) and hmac.compare_digest(
        prefix, code.charter_prefix
    )


def invitation_digest(secret: bytes) -> str:
    """Return the name of an invitation; the district keeps this and the secret."""
    return suite1.digest(b"island-desk/invitation/1\n" + secret)


def _proof(document: JsonObject, secret: bytes) -> str:
    bare = {k: v for k, v in document.items() if k not in {"proof", "signature"}}
    return base64_text(hmac.digest(secret, canonical(bare), hashlib.sha256))


@dataclass(frozen=True, slots=True)
class DeskIdentity:
    """The public half of a desk, and what it calls itself."""

    device: str
    sealing_public: bytes
    town: str
    desk_name: str
    program: str


def make_request(
    desk: DeskIdentity, *, secret: bytes, signing: SigningKey, now: datetime
) -> EnrolmentRequest:
    """Return a desk's signed request that proves it holds the invitation."""
    document: JsonObject = {
        "suite": suite1.SUITE,
        "invitation": invitation_digest(secret),
        "device": desk.device,
        "signing_key": base64_text(signing.public),
        "sealing_key": base64_text(desk.sealing_public),
        "town": desk.town,
        "desk_name": desk.desk_name,
        "program": desk.program,
        "made_at": utc_text(now),
    }
    document["proof"] = _proof(document, secret)
    return EnrolmentRequest.model_validate(sign_document(document, signing, REQUEST))


def request_is_genuine(request: EnrolmentRequest, secret: bytes) -> bool:
    """Say whether the request is signed by its device and proves the secret."""
    document = request.model_dump(mode="json")
    signing = base64_bytes(request.signing_key)
    named = suite1.device_id(signing, base64_bytes(request.sealing_key))
    return (
        named == request.device
        and check_document(document, signing, REQUEST)
        and hmac.compare_digest(_proof(document, secret), request.proof)
    )


def make_grant(document: dict[str, JsonValue], answers: SigningKey) -> Grant:
    """Return the signed grant from its fields."""
    return Grant.model_validate(sign_document(document, answers, GRANT))


def document_digest(text: str) -> str:
    """Return the digest by which a grant names a document's text."""
    return suite1.digest(b"island-desk/document/1\n" + text.encode())


def check_package(package: GrantPackage, device: str) -> None:
    """Check a grant for this device; raises the `Problem` that says what is off."""
    charter, grant = package.charter, package.grant
    public = base64_bytes(charter.answers_key)
    if not charter_is_genuine(charter) or not check_document(
        grant.model_dump(mode="json"), public, GRANT
    ):
        raise Problem(Code.SIGNATURE_INVALID)
    if grant.device != device:
        raise Problem(Code.GRANT_NOT_FOR_THIS_DESK)
    named = {document.kind: document.digest for document in package.documents}
    intact = all(
        document.digest == document_digest(document.text)
        for document in package.documents
    )
    if (
        grant.charter_digest != charter_digest(charter)
        or named != grant.documents
        or not intact
    ):
        raise Problem(Code.SIGNATURE_INVALID)


def fingerprint(raw: bytes) -> str:
    """Return a key's fingerprint for people to compare: 8 groups of 4."""
    text = suite1.digest(raw)[:32].upper()
    return " ".join(text[i : i + 4] for i in range(0, 32, 4))
