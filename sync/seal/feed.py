"""Feed messages: sealed to the device, signed by the district's answers key."""

import json
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, TypeAdapter, ValidationError

from schemas.base import utc_text
from schemas.encoding import JsonObject, base64_bytes, base64_text, canonical
from schemas.feed import FeedBody, FeedMessage
from schemas.problems import Code, Problem
from sync.seal import suite1
from sync.seal.batches import context_of
from sync.seal.documents import FEED, SALT
from sync.seal.keys import SealingKey, SigningKey, verify

_body: TypeAdapter[FeedBody] = TypeAdapter(FeedBody)


@dataclass(frozen=True, slots=True)
class Addressee:
    """The desk a message is for, and its place in that desk's feed.

    `previous` is the digest of the message before it, where that is known.
    """

    device: str
    sealing_public: bytes
    position: int
    previous: str | None = None


def message_digest(message: FeedMessage) -> str:
    """Return the digest by which the message after this one names it."""
    return suite1.digest(FEED.encode("ascii") + b"\n" + canonical(message.header))


def close_feed(
    body: BaseModel, to: Addressee, *, answers: SigningKey, now: datetime
) -> FeedMessage:
    """Seal one body to its desk and sign it."""
    header: JsonObject = {
        "suite": suite1.SUITE,
        "device": to.device,
        "answers_key": answers.key_id,
        "sealing_key": suite1.key_id(to.sealing_public),
        "position": to.position,
        "made_at": utc_text(now),
    }
    if to.previous is not None:
        header["previous"] = to.previous
    # A desk can prove later what it was told, and nobody can guess it from the header:
    # the salt follows from the secret key and is known to the desk alone.
    salt = suite1.digest(answers.sign(SALT, canonical(header)))[:32]
    said = {**body.model_dump(mode="json"), "salt": salt}
    header["body_commitment"] = suite1.digest(canonical(said))
    sealed = suite1.seal(
        canonical(said), public=to.sealing_public, context=context_of(header)
    )
    header["sealed_size"] = len(sealed)
    header["sealed_digest"] = suite1.digest(sealed)
    return FeedMessage.model_validate(
        {
            "header": header,
            "sealed": base64_text(sealed),
            "signature": base64_text(answers.sign(FEED, canonical(header))),
        }
    )


def is_proven(message: FeedMessage, body: bytes, *, answers_public: bytes) -> bool:
    """Say whether the answers key signed a message that says exactly this body."""
    header = message.header
    committed = (header.model_extra or {}).get("body_commitment")
    try:
        signature = base64_bytes(message.signature)
    except ValueError:
        return False
    return committed == suite1.digest(body) and verify(
        answers_public, FEED, canonical(header), signature
    )


def open_feed(
    message: FeedMessage, *, answers_public: bytes, key: SealingKey
) -> FeedBody:
    """Return the body of a message to this desk.

    `Problem(SIGNATURE_INVALID)` when the answers key did not sign it,
    `Problem(KEY_MISSING)` when it is for another key, `Problem(SEAL_BROKEN)` when it
    does not open, `Problem(MESSAGE_MALFORMED)` when it says nothing we can read.
    """
    header = canonical(message.header)
    try:
        sealed = base64_bytes(message.sealed)
        signature = base64_bytes(message.signature)
    except ValueError as error:
        raise Problem(Code.MESSAGE_MALFORMED, detail="base64") from error
    if message.header.sealed_digest != suite1.digest(sealed) or not verify(
        answers_public, FEED, header, signature
    ):
        raise Problem(Code.SIGNATURE_INVALID)
    if message.header.sealing_key != key.key_id:
        raise Problem(Code.KEY_MISSING, key=message.header.sealing_key)
    plain = key.unseal(sealed, context=context_of(json.loads(header)))
    try:
        return _body.validate_json(plain)
    except ValidationError as error:
        raise Problem(Code.MESSAGE_MALFORMED, detail="feed") from error
