"""Make and check what renews keys: the old key vouches for the new one."""

from collections.abc import Iterable
from datetime import datetime

from schemas.base import utc_text
from schemas.encoding import JsonObject, base64_bytes, base64_text, canonical
from schemas.enrolment import Charter, Succession
from schemas.problems import Code, Problem
from schemas.renewal import DeviceKeysRenewed, KeysRequest, Standing
from sync.seal import suite1
from sync.seal.documents import (
    DEVICE_KEYS,
    KEYS_ENDORSED,
    KEYS_REQUEST,
    SUCCESSION,
    check_document,
    sign_document,
)
from sync.seal.enrolment import charter_digest, charter_is_genuine
from sync.seal.keys import SealingKey, SigningKey, verify
from sync.seal.slips import is_certified


def make_succession(
    old: Charter, new: Charter, *, edition: int, answers: SigningKey, now: datetime
) -> Succession:
    """Return the next charter, signed by the old charter's answers key."""
    document: JsonObject = {
        "suite": suite1.SUITE,
        "edition": edition,
        "predecessor": charter_digest(old),
        "charter": new.model_dump(mode="json"),
        "made_at": utc_text(now),
    }
    return Succession.model_validate(sign_document(document, answers, SUCCESSION))


def check_succession(succession: Succession, known: Charter) -> None:
    """Check that a charter follows the known one; `Problem(SUCCESSION_INVALID)`."""
    new = succession.charter
    follows = (
        succession.suite == suite1.SUITE
        and succession.predecessor == charter_digest(known)
        and new.district == known.district
        and charter_is_genuine(new)
        and check_document(
            succession.model_dump(mode="json"),
            base64_bytes(known.answers_key),
            SUCCESSION,
        )
    )
    if not follows:
        raise Problem(Code.SUCCESSION_INVALID)


def _device_keys(device: str, signing_public: bytes, sealing_public: bytes) -> bytes:
    body: JsonObject = {
        "device": device,
        "signing_key": base64_text(signing_public),
        "sealing_key": base64_text(sealing_public),
    }
    return canonical(body)


def renew_device_keys(
    device: str, old: SigningKey, signing: SigningKey, sealing: SealingKey
) -> DeviceKeysRenewed:
    """Return the journal body that names a desk's next keys."""
    said = _device_keys(device, signing.public, sealing.public)
    return DeviceKeysRenewed(
        signing_key=base64_text(signing.public),
        sealing_key=base64_text(sealing.public),
        endorsement=base64_text(old.sign(DEVICE_KEYS, said)),
        possession=base64_text(signing.sign(DEVICE_KEYS, said)),
    )


def renewal_is_genuine(
    device: str, renewed: DeviceKeysRenewed, old_public: bytes
) -> bool:
    """Say whether both the old and the new signing key stand behind it."""
    try:
        new = base64_bytes(renewed.signing_key)
        said = _device_keys(device, new, base64_bytes(renewed.sealing_key))
        endorsement = base64_bytes(renewed.endorsement)
        possession = base64_bytes(renewed.possession)
    except ValueError:
        return False
    return verify(old_public, DEVICE_KEYS, said, endorsement) and verify(
        new, DEVICE_KEYS, said, possession
    )


def make_keys_request(
    device: str, old: SigningKey, signing: SigningKey, sealing: SealingKey, *,
    feed_cursor: int, now: datetime, standing: Standing | None = None,
) -> KeysRequest:  # fmt: skip
    """Return what asks people at the district to let a desk go on by fresh keys.

    With a standing `old` and `signing` are one: the key that the district forgot.
    """
    document: JsonObject = {
        "suite": suite1.SUITE,
        "device": device,
        "signing_key": base64_text(signing.public),
        "sealing_key": base64_text(sealing.public),
        "feed_cursor": feed_cursor,
        "standing": standing.model_dump(mode="json") if standing else None,
        "made_at": utc_text(now),
        "endorsed_by": old.key_id,
    }
    document["endorsement"] = base64_text(old.sign(KEYS_ENDORSED, canonical(document)))
    return KeysRequest.model_validate(sign_document(document, signing, KEYS_REQUEST))


def keys_request_is_genuine(request: KeysRequest, endorsing_public: bytes) -> bool:
    """Say whether the fresh key signed it and the desk's own key stands behind it."""
    document = request.model_dump(mode="json")
    bare = {k: v for k, v in document.items() if k not in {"endorsement", "signature"}}
    try:
        fresh = base64_bytes(request.signing_key)
        base64_bytes(request.sealing_key)
        endorsement = base64_bytes(request.endorsement)
    except ValueError:
        return False
    return (
        request.suite == suite1.SUITE
        and check_document(document, fresh, KEYS_REQUEST)
        and verify(endorsing_public, KEYS_ENDORSED, canonical(bare), endorsement)
    )


def standing_is_proven(request: KeysRequest, answers: Iterable[bytes]) -> bool:
    """Say whether a district once certified the very key that signed a request.

    `answers` are the public answers keys that it has or had.
    """
    said = request.standing
    if said is None:
        return False
    try:
        own = base64_bytes(request.signing_key)
    except ValueError:
        return False
    return keys_request_is_genuine(request, own) and any(
        is_certified(
            own, said.certificate, town=said.town, terminal=said.terminal,
            answers_public=public,
        )
        for public in answers
    )  # fmt: skip
