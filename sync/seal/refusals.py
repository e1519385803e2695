"""Refusals that travel on a stick: signed, since no line says who wrote them."""

from datetime import datetime

from schemas.base import utc_text
from schemas.encoding import JsonObject
from schemas.problems import Code
from sync.seal import suite1
from sync.seal.documents import REFUSAL, check_document, sign_document
from sync.seal.keys import SigningKey


def sign_refusal(
    device: str, batch_digest: str, code: Code, *, key: SigningKey, now: datetime
) -> JsonObject:
    """Return the signed refusal of one batch (schemas.stick.Refusal)."""
    document: JsonObject = {
        "suite": suite1.SUITE,
        "receipt_key": key.key_id,
        "device": device,
        "batch_digest": batch_digest,
        "problem": int(code),
        "at": utc_text(now),
    }
    return sign_document(document, key, REFUSAL)


def refusal_is_genuine(document: JsonObject, receipt_public: bytes) -> bool:
    """Say whether the district's receipt key signed these very fields."""
    return check_document(document, receipt_public, REFUSAL)
