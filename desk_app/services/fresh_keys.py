"""Go on by fresh keys, where the vault was put back to before it renewed its own.

Rule 1: the district refuses the former keys (320), for a thief may have them: this
        vault asks, people at the district compare fingerprints and decide (ADR 25).
Rule 2: the fresh keys are used only by a grant that certifies this very key.
Rule 3: then the put-back is healed as any other (services.healing): numbers of the day
        are frozen, the next greeting leaves the epoch.
"""

from typing import TYPE_CHECKING

from pydantic import ValidationError

from desk_app.services import renewing
from desk_app.services.access import require_supervisor
from desk_app.services.enrolling import carrier_of
from desk_app.services.freezing import put_back_in
from desk_app.services.hands import Workplace
from desk_app.services.journalling import require_setting
from desk_app.store import audit, feed, incidents, settings
from desk_app.store.vault import Transaction
from schemas.encoding import base64_bytes, base64_text
from schemas.enrolment import Charter, EnrolmentStatus, GrantPackage
from schemas.problems import Code, Problem
from schemas.renewal import KeysRequest
from sync.seal.enrolment import charter_digest, check_package, fingerprint
from sync.seal.keys import SigningKey
from sync.seal.renewal import make_keys_request
from sync.seal.slips import is_certified

if TYPE_CHECKING:
    from schemas.encoding import JsonObject

_ASKED = "keys_asked"


def ask(place: Workplace) -> KeysRequest:
    """Make fresh keys and the request for them; the same again until it is answered.

    Supervisors only; `Problem(NOT_ENROLLED)`. What waits as next keys gives way.
    """
    require_supervisor(place)
    now = place.hands.now()
    with place.vault.write() as tx:
        require_setting(tx, "terminal")
        known = _asked_in(tx)
        if known is not None:
            return known
        old = SigningKey(base64_bytes(require_setting(tx, "signing_key")))
        signing, sealing = renewing.make_next_in(place, tx)
        request = make_keys_request(
            require_setting(tx, "device"), old, signing, sealing,
            feed_cursor=feed.cursor(tx), now=now,
        )  # fmt: skip
        settings.put(tx, _ASKED, request.model_dump_json())
        who = place.operator
        audit.note(tx, "keys_asked", signing.key_id, operator=who, now=now)
    return request


def asked(place: Workplace) -> KeysRequest | None:
    """Return the request that is not answered yet, or None."""
    with place.vault.read() as tx:
        return _asked_in(tx)


def _asked_in(tx: Transaction) -> KeysRequest | None:
    kept = settings.get(tx, _ASKED)
    return KeysRequest.model_validate_json(kept) if kept else None


def may_offer(tx: Transaction, renewed: "JsonObject") -> bool:
    """Say whether keys that an entry once offered are still the next ones."""
    kept = settings.get(tx, renewing.NEXT[0])
    if not kept or _asked_in(tx) is not None:
        return False
    public = SigningKey(base64_bytes(kept)).public
    return renewed.get("signing_key") == base64_text(public)


def asked_fingerprint(request: KeysRequest) -> str:
    """Return the fingerprint of the fresh keys, to be read to the district."""
    return fingerprint(
        base64_bytes(request.signing_key) + base64_bytes(request.sealing_key)
    )


async def poll(place: Workplace) -> str:
    """Hand the request in, or ask how it stands; uses the keys once granted.

    Returns `none` where nothing was asked, `pending` or `granted`;
    `Problem(ENROLMENT_REFUSED)` with the district's reason: it may be asked anew.
    """
    request = asked(place)
    if request is None:
        return "none"
    carrier = carrier_of(place)
    try:
        status = await carrier.request_keys(request)
    finally:
        await carrier.close()
    return _answered(place, status)


def _answered(place: Workplace, status: EnrolmentStatus) -> str:
    if status.state == "refused":
        with place.vault.write() as tx:
            settings.put(tx, _ASKED, "")
            for name in renewing.NEXT:
                settings.put(tx, name, "")
        raise Problem(Code.ENROLMENT_REFUSED, reason=status.reason)
    if status.package is None:
        return "pending"
    use(place, status.package)
    return "granted"


def use_file(place: Workplace, text: str) -> None:
    """Use the district's answer that came as a file."""
    try:
        package = GrantPackage.model_validate_json(text)
    except ValidationError as error:
        raise Problem(Code.FILE_NOT_THIS_KIND) from error
    use(place, package)


def use(place: Workplace, package: GrantPackage) -> None:
    """Verify the grant and go on by the fresh keys, as a vault that was put back.

    `Problem(GRANT_NOT_FOR_THIS_DESK)` where it certifies another key than was asked.
    """
    now = place.hands.now()
    with place.vault.write() as tx:
        check_package(package, require_setting(tx, "device"))
        for each in package.successions:
            renewing.follow(place, tx, each)
        known = Charter.model_validate_json(require_setting(tx, "charter"))
        if charter_digest(known) != package.grant.charter_digest:
            raise Problem(Code.DISTRICT_NOT_TRUSTED)
        signing = _certified(tx, package, known)
        renewing.use_next_in(place, tx, package.grant.device_certificate)
        settings.put(tx, _ASKED, "")
        put_back_in(tx, now=now)
        # The next try is a new conversation: the refusals were the former key's.
        for name in ("sync_failures", "sync_problem", "sync_not_before"):
            settings.put(tx, name, "")
        incidents.add(tx, "keys_granted", {}, now=now)
        audit.note(tx, "keys_granted", signing, operator=None, now=now)


def _certified(tx: Transaction, package: GrantPackage, known: Charter) -> str:
    kept = settings.get(tx, renewing.NEXT[0])
    if _asked_in(tx) is None or not kept:
        raise Problem(Code.GRANT_NOT_FOR_THIS_DESK)
    signing, grant = SigningKey(base64_bytes(kept)), package.grant
    if not is_certified(
        signing.public, grant.device_certificate,
        town=require_setting(tx, "town"), terminal=require_setting(tx, "terminal"),
        answers_public=base64_bytes(known.answers_key),
    ):  # fmt: skip
        raise Problem(Code.GRANT_NOT_FOR_THIS_DESK)
    return signing.key_id
