"""Join a district: over the line with a short code, or by files without a line."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from pydantic import ValidationError

from desk_app.services.hands import Workplace
from desk_app.services.journalling import require_setting
from desk_app.services.own_keys import sealing_key, signing_key
from desk_app.store import audit, settings, texts
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.calendars import ClosedSeasons, Holidays
from schemas.catalogue import Edition
from schemas.encoding import base64_bytes
from schemas.enrolment import (
    Charter,
    EnrolmentRequest,
    GrantPackage,
    Invitation,
    Succession,
)
from schemas.problems import Code, Problem
from schemas.version import VERSION
from sync.client.http import Caller, HttpCarrier, fetch_charter
from sync.seal.enrolment import (
    DeskIdentity,
    charter_digest,
    charter_is_genuine,
    check_package,
    code_pins,
    fingerprint,
    make_request,
    read_enrol_code,
)
from sync.seal.renewal import check_succession

_CALENDARS: Final[Mapping[str, type[Holidays] | type[ClosedSeasons]]] = {
    "holidays": Holidays,
    "closed_seasons": ClosedSeasons,
}
PROGRAM: Final = f"island-desk {VERSION}"


def own_fingerprint(place: Workplace) -> str:
    """Return the desk's fingerprint, to be read to the district."""
    with place.vault.read() as tx:
        signing, sealing = signing_key(tx), sealing_key(tx)
    return fingerprint(signing.public + sealing.public)


def district_fingerprint(place: Workplace) -> str | None:
    """Return the district's fingerprint, once an invitation named it."""
    with place.vault.read() as tx:
        kept = settings.get(tx, "charter")
    if kept is None:
        return None
    return charter_fingerprint(Charter.model_validate_json(kept))


def charter_fingerprint(charter: Charter) -> str:
    """Return the fingerprint of a district's identity."""
    return fingerprint(bytes.fromhex(charter_digest(charter)))


def carrier_of(place: Workplace) -> HttpCarrier:
    """Return the carrier to the district that this desk belongs to or asked."""
    with place.vault.read() as tx:
        charter = Charter.model_validate_json(require_setting(tx, "charter"))
        url = require_setting(tx, "district_url")
        signing = signing_key(tx)
    hands = place.hands
    caller = Caller(signing, hands.now, lambda: hands.random_bytes(12).hex())
    return HttpCarrier(
        url, ca_pem=charter.ca_pem, caller=caller, transport=hands.transport
    )


async def enrol_with_code(place: Workplace, *, url: str, code: str) -> str:
    """Ask the district at `url` to take this desk in; returns how it stands.

    `Problem(DISTRICT_NOT_TRUSTED)` when who answers is not who made the code.
    """
    read = read_enrol_code(code)
    _refuse_malformed(url)
    _refuse_twice(place)
    charter = await fetch_charter(url)
    if not code_pins(read, charter):
        raise Problem(Code.DISTRICT_NOT_TRUSTED)
    request = _request(place, charter, read.secret, url=url)
    carrier = carrier_of(place)
    try:
        return (await carrier.request_enrolment(request)).state
    finally:
        await carrier.close()


def request_for(place: Workplace, invitation_text: str) -> str:
    """Return the request file for an invitation file (the way without a line)."""
    _refuse_twice(place)
    try:
        invitation = Invitation.model_validate_json(invitation_text)
    except ValidationError as error:
        raise Problem(Code.FILE_NOT_THIS_KIND) from error
    charter = invitation.charter
    if not charter_is_genuine(charter):
        raise Problem(Code.DISTRICT_NOT_TRUSTED)
    url = charter.urls[0] if charter.urls else ""
    secret = base64_bytes(invitation.secret)
    return _request(place, charter, secret, url=url).model_dump_json(indent=1)


def _refuse_malformed(url: str) -> None:
    try:
        parts = urlsplit(url)
        whole = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole:
        raise Problem(Code.ADDRESS_MALFORMED, address=url)


def _refuse_twice(place: Workplace) -> None:
    with place.vault.read() as tx:
        terminal = settings.get(tx, "terminal")
    if terminal is not None:
        raise Problem(Code.ALREADY_ENROLLED, terminal=terminal)


def _request(
    place: Workplace, charter: Charter, secret: bytes, *, url: str
) -> EnrolmentRequest:
    now = place.hands.now()
    with place.vault.write() as tx:
        signing, sealing = signing_key(tx), sealing_key(tx)
        desk = DeskIdentity(
            device=require_setting(tx, "device"),
            sealing_public=sealing.public,
            town=require_setting(tx, "town"),
            desk_name=require_setting(tx, "desk_name"),
            program=PROGRAM,
        )
        request = make_request(desk, secret=secret, signing=signing, now=now)
        settings.put(tx, "charter", charter.model_dump_json())
        settings.put(tx, "district_url", url.rstrip("/"))
        who, subject = place.operator, charter.district
        audit.note(tx, "enrolment_requested", subject, operator=who, now=now)
    return request


async def ask_district(place: Workplace) -> None:
    """Ask the district whether it knows this desk; its `Problem` where it does not."""
    with place.vault.read() as tx:
        device = require_setting(tx, "device")
    carrier = carrier_of(place)
    try:
        await carrier.enrolment(device)
    finally:
        await carrier.close()


async def poll_grant(place: Workplace) -> str:
    """Ask how the request stands; applies the grant when there is one."""
    with place.vault.read() as tx:
        device = require_setting(tx, "device")
        if settings.get(tx, "charter") is None:
            raise Problem(Code.NOT_ENROLLED)
    carrier = carrier_of(place)
    try:
        status = await carrier.enrolment(device)
    finally:
        await carrier.close()
    if status.state == "refused":
        raise Problem(Code.ENROLMENT_REFUSED, reason=status.reason)
    if status.package is not None:
        apply_package(place, status.package)
        return "granted"
    return "pending"


def apply_grant(place: Workplace, text: str) -> None:
    """Apply a grant file."""
    try:
        package = GrantPackage.model_validate_json(text)
    except ValidationError as error:
        raise Problem(Code.FILE_NOT_THIS_KIND) from error
    apply_package(place, package)


def apply_package(place: Workplace, package: GrantPackage) -> None:
    """Verify a grant and put its terminal, keys and documents to use."""
    with place.vault.write() as tx:
        device = require_setting(tx, "device")
        check_package(package, device)
        asked = settings.get(tx, "charter")
        if asked is None:
            raise Problem(Code.DISTRICT_NOT_TRUSTED)
        known = _followed(Charter.model_validate_json(asked), package.successions)
        if charter_digest(known) != package.grant.charter_digest:
            raise Problem(Code.DISTRICT_NOT_TRUSTED)
        settings.put(tx, "charter", known.model_dump_json())
        now = place.hands.now()
        for document in package.documents:
            _keep_document(tx, document.kind, document.text, now=now)
        settings.put(tx, "terminal", package.grant.terminal)
        settings.put(tx, "device_certificate", package.grant.device_certificate)
        settings.put(tx, "device_number", str(package.grant.device_number))
        who, subject = place.operator, package.grant.terminal
        audit.note(tx, "enrolled", subject, operator=who, now=now)


def _followed(charter: Charter, successions: tuple[Succession, ...]) -> Charter:
    """Return the charter that the asked one led to, each vouched for by the last."""
    for each in successions:
        if each.predecessor == charter_digest(charter):
            check_succession(each, charter)
            charter = each.charter
    return charter


def _keep_document(tx: Transaction, kind: str, text: str, *, now: datetime) -> None:
    newest = texts.newest(tx, kind)
    number = newest[0] + 1 if newest else 1
    try:
        if kind == "edition":
            number = Edition.model_validate_json(text).edition
        elif kind in _CALENDARS:
            _CALENDARS[kind].model_validate_json(text)
    except ValidationError:
        # A newer district's, which this program cannot read: the desk is taken in all
        # the same (P10) and works by what it was shipped with.
        return
    if newest is None or newest[1] != text:
        texts.keep(tx, kind, number, text, at=utc_text(now))
