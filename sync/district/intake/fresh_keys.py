"""Take a request about a desk's own keys, by line or by file: it waits for people.

Rule 1: a retired key may have been stolen: that is why keys are renewed. So it can
        ask, and gets nothing; whoever asks and is answered holds the fresh key.
Rule 2: a desk that this district has forgotten (its databases were put back) shows the
        district's own certificate of the very key that it signs by. It is a hint for
        people, as any request is, and no more.
"""

from collections.abc import Iterable
from datetime import datetime

from pydantic import ValidationError

from schemas.encoding import base64_bytes, base64_text
from schemas.enrolment import EnrolmentStatus
from schemas.problems import Code, Problem
from schemas.renewal import KeysRequest
from sync.district.intake.keeping import how_it_stands, require_granted
from sync.district.ledger.devices import Device
from sync.district.ledger.keys_requests import AskedKeys
from sync.district.ledger.sealed import SealedLedger
from sync.seal.renewal import keys_request_is_genuine, standing_is_proven


def accept_keys_request(
    ledger: SealedLedger, raw: bytes | str, *, answers: Iterable[bytes], now: datetime
) -> EnrolmentStatus:
    """Keep a genuine request once and say how it stands.

    `answers` are the district's public answers keys, former ones too.
    `Problem(MESSAGE_MALFORMED)`, `DEVICE_UNKNOWN`, `DEVICE_REVOKED`,
    `SIGNATURE_INVALID` where no key of the desk stands behind it.
    """
    try:
        request = KeysRequest.model_validate_json(raw)
    except ValidationError as error:
        raise Problem(Code.MESSAGE_MALFORMED, detail="keys request") from error
    device = ledger.device(request.device)
    if request.standing is not None:
        return _remembered(ledger, request, device, answers, now=now)
    device = require_granted(device)
    public = ledger.keys.public_of(device.device, request.endorsed_by)
    if public is None or not keys_request_is_genuine(request, public):
        raise Problem(Code.SIGNATURE_INVALID)
    return _stands(ledger.keys_requests.ask(request, now=now))


def _remembered(
    ledger: SealedLedger, request: KeysRequest, device: Device | None,
    answers: Iterable[bytes], *, now: datetime,
) -> EnrolmentStatus:  # fmt: skip
    said = request.standing
    if said is None or not standing_is_proven(request, answers):
        raise Problem(Code.DEVICE_UNKNOWN)
    if device is None:
        # Forgotten altogether: it is taken in as any desk is, to its own terminal.
        ledger.ask_again(request, said, now=now)
        return EnrolmentStatus(state="pending")
    if device.state == "revoked":
        raise Problem(Code.DEVICE_REVOKED)
    if device.state != "granted":
        return how_it_stands(ledger, device)
    if (device.town, device.terminal) != (said.town, said.terminal):
        raise Problem(Code.SIGNATURE_INVALID)
    asked = ledger.keys_requests.find(base64_bytes(request.signing_key))
    if asked is None and base64_text(device.signing_public) == request.signing_key:
        return how_it_stands(ledger, device)
    return _stands(asked or ledger.keys_requests.ask(request, now=now))


def _stands(asked: AskedKeys) -> EnrolmentStatus:
    if asked.state == "granted":
        return EnrolmentStatus(state="granted", package=asked.package)
    if asked.state == "refused":
        return EnrolmentStatus(state="refused", reason=asked.reason)
    return EnrolmentStatus(state="pending")
