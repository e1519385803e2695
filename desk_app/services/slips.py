"""Slips: the signed text of a case's QR, and checking one without a line."""

import hashlib
from contextlib import suppress

from desk_app.services.hands import Workplace
from desk_app.services.journalling import require_setting
from desk_app.services.own_keys import signing_key
from desk_app.services.shown import CaseView
from desk_app.services.standing import local_day
from desk_app.store import former_keys, settings
from schemas.applicant import identity_of
from schemas.encoding import base64_bytes, base64_text
from schemas.enrolment import Charter
from schemas.problems import Code, Problem
from sync.seal.enrolment import charter_is_genuine
from sync.seal.slips import SlipFields, check_slip, commitment, slip_text


def slip_for(place: Workplace, view: CaseView) -> str:
    """Return the QR text of a case's slip; the same case has the same commitment."""
    with place.vault.write() as tx:
        key = signing_key(tx)
        certificate = settings.get(tx, "device_certificate") or ""
        secret = settings.get(tx, "slip_secret")
        if secret is None:
            secret = base64_text(place.hands.random_bytes(32))
            settings.put(tx, "slip_secret", secret)
    number = view.row.number
    salt = hashlib.sha256(base64_bytes(secret) + number.encode()).digest()[:16]
    applicant = view.application.applicant
    fields = SlipFields(
        number=number,
        day=local_day(view.row.received_at).isoformat(),
        item=view.row.item_code,
        commitment=commitment(
            salt, name=applicant.name, identity=identity_of(applicant)
        ),
    )
    return slip_text(fields, key=key, certificate=certificate)


def verify_with(charter_json: str, text: str) -> SlipFields:
    """Check a slip against a district's charter; `Problem(SLIP_NOT_GENUINE)`."""
    charter = Charter.model_validate_json(charter_json)
    if not charter_is_genuine(charter):
        raise Problem(Code.SIGNATURE_INVALID)
    return check_slip(text, answers_public=base64_bytes(charter.answers_key))


def verify_here(place: Workplace, text: str) -> SlipFields:
    """Check a slip by the district's keys as this desk knows them.

    A slip outlives a change of keys: those that are not retired still vouch for it.
    """
    with place.vault.read() as tx:
        charter = Charter.model_validate_json(require_setting(tx, "charter"))
        former = former_keys.of(tx, "answers")
    for public in former:
        with suppress(Problem):
            return check_slip(text, answers_public=public)
    return check_slip(text, answers_public=base64_bytes(charter.answers_key))
