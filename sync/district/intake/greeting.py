"""Answer a greeting, by whatever way it came: over the line or on a stick."""

from schemas.contact import Contact, ContactAnswer
from sync.district.intake.contacts import answer_contact
from sync.district.intake.keeping import IntakeParts
from sync.district.ledger.device_keys import Place
from sync.district.ledger.sealed import Device
from sync.seal import suite1


def answer_greeting(
    parts: IntakeParts, said: Contact, device: Device, *, page: int
) -> ContactAnswer:
    """Note the contact and the key it was signed by; return the whole answer."""
    now = parts.now()
    parts.ledger.contacted(device.device, now=now)
    signer = suite1.key_id(device.signing_public)
    there = Place(said.head.epoch, said.head.sequence)
    parts.ledger.keys.in_use(signer, up_to=there, now=now)
    answer = answer_contact(
        said, parts.ledger, parts.ledger.contacts, parts.receipts, page=page, now=now
    )
    leads = parts.ring.successions_after(said.charter)
    return answer.model_copy(update={"successions": leads})
