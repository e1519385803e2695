"""Take a request for fresh keys, by line or by file: it waits for people, always.

A retired key may have been stolen: that is why keys are renewed. So it can ask, and
gets nothing; who asks and who gets an answer is the holder of the fresh key.
"""

from datetime import datetime

from pydantic import ValidationError

from schemas.enrolment import EnrolmentStatus
from schemas.problems import Code, Problem
from schemas.renewal import KeysRequest
from sync.district.ledger.sealed import SealedLedger
from sync.seal.renewal import keys_request_is_genuine


def accept_keys_request(
    ledger: SealedLedger, raw: bytes | str, *, now: datetime
) -> EnrolmentStatus:
    """Keep a genuine request once and say how it stands.

    `Problem(MESSAGE_MALFORMED)`, `DEVICE_UNKNOWN`, `DEVICE_REVOKED`,
    `SIGNATURE_INVALID` where no key of the desk stands behind it.
    """
    try:
        request = KeysRequest.model_validate_json(raw)
    except ValidationError as error:
        raise Problem(Code.MESSAGE_MALFORMED, detail="keys request") from error
    device = ledger.device(request.device)
    if device is None or device.state == "pending":
        raise Problem(Code.DEVICE_UNKNOWN)
    if device.state != "granted":
        raise Problem(Code.DEVICE_REVOKED)
    public = ledger.keys.public_of(device.device, request.endorsed_by)
    if public is None or not keys_request_is_genuine(request, public):
        raise Problem(Code.SIGNATURE_INVALID)
    asked = ledger.keys_requests.ask(request, now=now)
    if asked.state == "granted":
        return EnrolmentStatus(state="granted", package=asked.package)
    if asked.state == "refused":
        return EnrolmentStatus(state="refused", reason=asked.reason)
    return EnrolmentStatus(state="pending")
