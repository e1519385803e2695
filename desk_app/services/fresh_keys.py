"""Ask the district about the desk's own keys; people there compare and decide.

Rule 1: a vault put back to before it renewed its keys is refused (320), for a thief may
        have the former ones: it asks to go on by fresh keys (ADR 25).
Rule 2: a desk that the district has forgotten, being put back itself, is unknown (300):
        it shows what it was granted, by the keys that it has (ADR 26).
Rule 3: a grant is used only if it certifies this very key. After fresh keys the
        put-back is healed as any other (services.healing): numbers of the day are
        frozen, the next greeting leaves the epoch.
"""

from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from desk_app.services import renewing
from desk_app.services.access import require_supervisor
from desk_app.services.enrolling import PROGRAM, carrier_of
from desk_app.services.freezing import put_back_in
from desk_app.services.hands import Workplace
from desk_app.services.journalling import require_setting
from desk_app.services.own_keys import sealing_key, signing_key
from desk_app.store import audit, feed, incidents, settings
from desk_app.store.vault import Transaction
from schemas.encoding import base64_bytes, base64_text
from schemas.enrolment import Charter, EnrolmentStatus, GrantPackage
from schemas.problems import Code, Problem
from schemas.renewal import KeysRequest, Standing
from sync.seal import suite1
from sync.seal.enrolment import charter_digest, check_package, fingerprint
from sync.seal.keys import SigningKey
from sync.seal.renewal import make_keys_request
from sync.seal.slips import is_certified

if TYPE_CHECKING:
    from schemas.encoding import JsonObject

ASKS_AT: Final = frozenset({Code.DEVICE_KEY_RETIRED, Code.DEVICE_UNKNOWN})
"""The refusals after which there is something to ask."""
_ASKED = "keys_asked"


def ask(place: Workplace) -> KeysRequest:
    """Make the request that is due; the same again until it is answered.

    After 300 it shows the keys that the desk has; else fresh ones are made for it, and
    what waits as next keys gives way. Supervisors only; `Problem(NOT_ENROLLED)`.
    """
    require_supervisor(place)
    now = place.hands.now()
    with place.vault.write() as tx:
        require_setting(tx, "terminal")
        known, standing = _asked_in(tx), _standing(tx)
        if known is not None and not _gives_way(tx, known, standing):
            return known
        drop_in(tx)
        old = signing_key(tx)
        signing, sealing = old, sealing_key(tx)
        if standing is None:
            signing, sealing = renewing.make_next_in(place, tx)
        request = make_keys_request(
            require_setting(tx, "device"), old, signing, sealing,
            feed_cursor=feed.cursor(tx), now=now, standing=standing,
        )  # fmt: skip
        settings.put(tx, _ASKED, request.model_dump_json())
        who = place.operator
        audit.note(tx, "keys_asked", signing.key_id, operator=who, now=now)
    return request


def _gives_way(tx: Transaction, known: KeysRequest, standing: Standing | None) -> bool:
    """Say whether the district has said since that it is the other question.

    A line that was down says nothing of it.
    """
    if known.standing is None:
        return standing is not None
    return _was_refused(tx, Code.DEVICE_KEY_RETIRED)


def _was_refused(tx: Transaction, code: Code) -> bool:
    return settings.get(tx, "sync_problem") == str(int(code))


def _standing(tx: Transaction) -> Standing | None:
    """Return what a desk shows that the district has forgotten; None for another.

    A grant of a district of 0.1 certified no key: nothing can be shown.
    """
    certificate = settings.get(tx, "device_certificate")
    if not certificate or not _was_refused(tx, Code.DEVICE_UNKNOWN):
        return None
    return Standing(
        town=require_setting(tx, "town"),
        terminal=require_setting(tx, "terminal"),
        desk_name=require_setting(tx, "desk_name"),
        program=PROGRAM,
        certificate=certificate,
    )


def asked(place: Workplace) -> KeysRequest | None:
    """Return the request that is not answered yet, or None."""
    with place.vault.read() as tx:
        return _asked_in(tx)


def _asked_in(tx: Transaction) -> KeysRequest | None:
    kept = settings.get(tx, _ASKED)
    return KeysRequest.model_validate_json(kept) if kept else None


def may_offer(tx: Transaction, renewed: "JsonObject") -> bool:
    """Say whether keys that an entry once offered are still the next ones."""
    kept, request = settings.get(tx, renewing.NEXT[0]), _asked_in(tx)
    if not kept or (request is not None and request.standing is None):
        return False
    public = SigningKey(base64_bytes(kept)).public
    return renewed.get("signing_key") == base64_text(public)


def about(request: KeysRequest) -> str:
    """Return which question it is: `known` (the keys it has) or `fresh`."""
    return "fresh" if request.standing is None else "known"


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
            drop_in(tx)
        raise Problem(Code.ENROLMENT_REFUSED, reason=status.reason)
    if status.package is None:
        return "pending"
    use(place, status.package)
    return "granted"


def drop_in(tx: Transaction) -> None:
    """Ask no more: the answer was no, or the district takes what this key signs."""
    request = _asked_in(tx)
    if request is None:
        return
    settings.put(tx, _ASKED, "")
    if request.standing is None:
        for name in renewing.NEXT:
            settings.put(tx, name, "")


def use_file(place: Workplace, text: str) -> None:
    """Use the district's answer that came as a file."""
    try:
        package = GrantPackage.model_validate_json(text)
    except ValidationError as error:
        raise Problem(Code.FILE_NOT_THIS_KIND) from error
    use(place, package)


def use(place: Workplace, package: GrantPackage) -> None:
    """Verify the grant and go on by the keys that were asked for.

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
        request = _asked_in(tx)
        if request is None or not _certifies(tx, package, known, request):
            raise Problem(Code.GRANT_NOT_FOR_THIS_DESK)
        certificate = package.grant.device_certificate
        if request.standing is None:
            renewing.use_next_in(place, tx, certificate)
            put_back_in(tx, now=now)
        else:
            settings.put(tx, "device_certificate", certificate)
            settings.put(tx, "device_number", str(package.grant.device_number))
        settings.put(tx, _ASKED, "")
        # The next try is a new conversation: the refusals were of before.
        for name in ("sync_failures", "sync_problem", "sync_not_before"):
            settings.put(tx, name, "")
        what = "keys_granted" if request.standing is None else "known_again"
        incidents.add(tx, what, {}, now=now)
        signing = suite1.key_id(base64_bytes(request.signing_key))
        audit.note(tx, what, signing, operator=None, now=now)


def _certifies(
    tx: Transaction, package: GrantPackage, known: Charter, request: KeysRequest
) -> bool:
    return is_certified(
        base64_bytes(request.signing_key), package.grant.device_certificate,
        town=require_setting(tx, "town"), terminal=require_setting(tx, "terminal"),
        answers_public=base64_bytes(known.answers_key),
    )  # fmt: skip
