"""Let a desk go on by other keys, after people compared fingerprints.

Fresh ones, where its vault was put back to before it renewed its own (ADR 25); those
that it works by, where this district was put back to before it knew them (ADR 26).
"""

from dataclasses import replace
from datetime import datetime

from schemas.encoding import base64_bytes
from schemas.enrolment import Charter, GrantPackage
from schemas.problems import Code, Problem
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.device_keys import Place
from sync.district.ledger.healing import FEED_FORK
from sync.district.ledger.keys_requests import AskedKeys
from sync.district.ledger.record import Record
from sync.district.ledger.sealed import SealedLedger
from sync.district.reconcile.approving import grant_package
from sync.seal.enrolment import fingerprint


def asked_fingerprint(asked: AskedKeys) -> str:
    """Return the fingerprint of the fresh keys, as the desk shows it."""
    request = asked.request
    return fingerprint(
        base64_bytes(request.signing_key) + base64_bytes(request.sealing_key)
    )


def find_asked(sealed: SealedLedger, mark: str) -> AskedKeys:
    """Return what waits under a key's id; `Problem(FRESH_KEYS_NOT_ASKED)`."""
    for each in sealed.keys_requests.pending():
        if each.key_id == mark:
            return each
    raise Problem(Code.FRESH_KEYS_NOT_ASKED)


def approve_keys(
    sealed: SealedLedger, record: Record, charter: Charter, keys: ReconcileKeys, *,
    key_id: str, now: datetime,
) -> GrantPackage:  # fmt: skip
    """Put the fresh keys of a desk into force, and send its feed to them anew.

    The desk keeps its device, number and terminal. What the keys before signed counts
    up to what is held. `Problem(FRESH_KEYS_NOT_ASKED)`, `DEVICE_REVOKED`.
    """
    asked = find_asked(sealed, key_id)
    device = sealed.device(asked.device)
    if device is None or device.state != "granted":
        raise Problem(Code.DEVICE_REVOKED)
    fresh = replace(device, signing_public=base64_bytes(asked.request.signing_key))
    package = grant_package(fresh, charter, keys, (), now=now)
    epoch = sealed.contacts.newest_epoch(device.device) or 1
    held = sealed.contacts.held(device.device, epoch)
    up_to = Place(epoch, held.sequence if held else 0)
    last = sealed.contacts.last(device.device)
    forgotten = asked.request.standing is not None
    if last is not None and last.feed_digest is not None and not forgotten:
        # The lost history knew other seals of these messages: that is no fork.
        subject = f"{device.device} {last.feed_digest}"
        record.note("system", FEED_FORK, subject, now=now)
    sealed.keys_requests.grant(asked, package, up_to=up_to, now=now)
    record.healing.send_again(device.device, asked.request.feed_cursor)
    return package
