"""Take a desk's next keys: the present key vouches for them, and the desk is told."""

from datetime import datetime

from schemas.encoding import base64_bytes
from schemas.journal import JournalEntry
from schemas.problems import Code
from schemas.renewal import DeviceKeysRenewed, DeviceKeysTaken
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.sealed import Device, SealedLedger
from sync.district.reconcile.comparing import Said
from sync.district.reconcile.rules import SetAside
from sync.seal import suite1
from sync.seal.renewal import renewal_is_genuine
from sync.seal.slips import certify_device


def take_keys(
    entry: JournalEntry, device: Device, sealed: SealedLedger, keys: ReconcileKeys, *,
    signed_by: str, now: datetime,
) -> Said | SetAside | None:  # fmt: skip
    """Register what an entry offers; None where it offers no keys.

    `signed_by` is the id of the key that signed the entry's batch: it must vouch for
    the next one. To register the same keys twice changes nothing. A district that was
    put back hears of renewals that are over: they are former keys, and nobody is told.
    """
    body = entry.body
    if not isinstance(body, DeviceKeysRenewed):
        return None
    public = sealed.keys.public_of(device.device, signed_by)
    if public is None or not renewal_is_genuine(device.device, body, public):
        if sealed.keys.recall(device.device, body, now=now):
            return Said()
        return SetAside(Code.SIGNATURE_INVALID, "next keys that nobody vouches for")
    sealed.keys.offer(
        device.device,
        signing_key=body.signing_key,
        sealing_key=body.sealing_key,
        now=now,
    )
    signing = base64_bytes(body.signing_key)
    taken = DeviceKeysTaken(
        signing_key=suite1.key_id(signing),
        sealing_key=suite1.key_id(base64_bytes(body.sealing_key)),
        device_certificate=certify_device(
            signing,
            town=device.town,
            terminal=device.terminal or "",
            answers=keys.answers,
        ),
    )
    return Said(feedback=taken.model_dump_json())
