"""Signed JSON documents: the signature covers the RFC 8785 bytes of the rest."""

from schemas.encoding import JsonObject, base64_bytes, base64_text, canonical
from sync.seal.keys import SigningKey, verify

RECEIPT = "island-desk/receipt/1"
CHARTER = "island-desk/charter/1"
GRANT = "island-desk/grant/1"
REQUEST = "island-desk/enrolment-request/1"
FEED = "island-desk/feed/1"
SALT = "island-desk/feed-salt/1"
BATCH = "island-desk/batch/1"
CHUNK = "island-desk/chunk/1"
CHUNK_RECEIPT = "island-desk/chunk-receipt/1"
WELCOME = "island-desk/welcome/1"
BACKUP = "island-desk/backup/1"
BACKUP_PART = "island-desk/backup-part/1"
BACKUP_RECEIPT = "island-desk/backup-receipt/1"
RELEASE = "island-desk/release/1"
AGREEMENT = "island-desk/agreement/1"
SUCCESSION = "island-desk/succession/1"
DEVICE_KEYS = "island-desk/device-keys/1"
KEYS_REQUEST = "island-desk/keys-request/1"
KEYS_ENDORSED = "island-desk/keys-endorsed/1"
REFUSAL = "island-desk/refusal/1"


def sign_document(document: JsonObject, key: SigningKey, label: str) -> JsonObject:
    """Return the document with its `signature` (base64url)."""
    bare = {name: value for name, value in document.items() if name != "signature"}
    signature = base64_text(key.sign(label, canonical(bare)))
    return {**bare, "signature": signature}


def check_document(document: JsonObject, public: bytes, label: str) -> bool:
    """Say whether the document bears the key's signature under this label."""
    bare = {name: value for name, value in document.items() if name != "signature"}
    signature = document.get("signature")
    if not isinstance(signature, str):
        return False
    try:
        return verify(public, label, canonical(bare), base64_bytes(signature))
    except ValueError:
        return False
