"""Every answer that a district may give to an upload, and how it travels.

A refusal is a value: `parse_outcome` turns what came back into one of a closed union.
A status code alone proves nothing: what does not parse is `NotOurs` (a captive portal
answers 200, a proxy 502).
"""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from pydantic import TypeAdapter, ValidationError

from schemas.encoding import JsonObject
from schemas.problems import Code


@dataclass(frozen=True, slots=True)
class Kept:
    """The batch is kept; the receipt is still to be verified."""

    receipt: JsonObject


@dataclass(frozen=True, slots=True)
class Refused:
    """The district will not take it as it is; `code` says why."""

    code: Code


@dataclass(frozen=True, slots=True)
class Busy:
    """The district asks for patience: try again after so many seconds."""

    retry_after_s: int


@dataclass(frozen=True, slots=True)
class NotOurs:
    """Nothing that a district would say: line, portal, proxy or fault."""

    code: Code


Outcome: TypeAlias = Kept | Refused | Busy | NotOurs

STATUS_OF: Final[dict[Code, int]] = {
    Code.MESSAGE_MALFORMED: 400,
    Code.SIGNATURE_INVALID: 401,
    Code.DEVICE_UNKNOWN: 401,
    Code.DEVICE_REVOKED: 403,
    Code.DEVICE_KEY_RETIRED: 403,
    Code.DEVICE_CLONED: 409,
    Code.BATCH_OVERLAPS: 409,
    Code.SUITE_UNKNOWN: 422,
    Code.ENROL_CODE_REFUSED: 403,
    Code.ENROL_CODE_EXPIRED: 410,
    Code.DISTRICT_BUSY: 503,
    Code.DISTRICT_FAILED: 500,
    Code.UPLOAD_GONE: 404,
    Code.UPLOAD_ELSEWHERE: 409,
    Code.UPLOAD_TAKEN_OVER: 423,
    Code.UPLOAD_GARBLED: 460,
    Code.UPLOAD_QUOTA: 429,
}
"""The HTTP status that goes with a refusal; the number in the body decides."""

LONGEST_WAIT_S: Final = 6 * 3600
_USUAL_WAIT_S: Final = 60
_SECONDS: Final = re.compile(r"[0-9]{1,9}")
_object: TypeAdapter[JsonObject] = TypeAdapter(JsonObject)


def refusal(code: Code) -> JsonObject:
    """Return the JSON body of a refusal."""
    return {"problem": int(code)}


def parse_object(body: bytes) -> JsonObject | None:
    """Return the JSON object in `body`, or None where there is none."""
    try:
        return _object.validate_json(body)
    except ValidationError:
        return None


def parse_refusal(document: JsonObject | None) -> Code | None:
    """Return the problem number that a body names, if it is one of ours."""
    number = document.get("problem") if document else None
    if isinstance(number, int) and number in set(STATUS_OF):
        return Code(number)
    return None


def parse_outcome(body: bytes, *, retry_after: str | None) -> Outcome:
    """Read an upload's answer from its body; the status is not looked at."""
    document = parse_object(body)
    code = parse_refusal(document)
    if code in {Code.DISTRICT_BUSY, Code.DISTRICT_FAILED, Code.UPLOAD_QUOTA}:
        return Busy(_wait(retry_after))
    if code is not None:
        return Refused(code)
    receipt = document.get("receipt") if document else None
    if isinstance(receipt, dict):
        return Kept(receipt)
    return NotOurs(Code.ANSWER_NOT_OURS)


def _wait(retry_after: str | None) -> int:
    # A proxy may say anything here, a date or a superscript; then the usual minute.
    if retry_after is None or not _SECONDS.fullmatch(retry_after):
        return _USUAL_WAIT_S
    return min(int(retry_after), LONGEST_WAIT_S)
