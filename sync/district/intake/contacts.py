"""Answer a desk's greeting: what is held of it, the time, and the feed's next page.

Blind: everything said here is read off headers, counters and positions.
"""

from datetime import datetime

from pydantic import ValidationError

from schemas.base import utc_text
from schemas.contact import Contact, ContactAnswer, Verdict
from schemas.feed import FeedMessage
from schemas.problems import Code, Problem
from sync.district.ledger.contacts import Contacts
from sync.district.ledger.sealed import Device, SealedLedger
from sync.protocol.greeting import is_late, judge
from sync.seal import suite1
from sync.seal.compressing import KNOWN
from sync.seal.keys import SigningKey
from sync.seal.welcomes import sign_welcome


def read_contact(raw: bytes, device: Device) -> Contact:
    """Return a contact of this device; `Problem(MESSAGE_MALFORMED)` otherwise."""
    try:
        contact = Contact.model_validate_json(raw)
    except ValidationError as error:
        raise Problem(Code.MESSAGE_MALFORMED, detail="contact") from error
    if contact.device != device.device:
        raise Problem(Code.MESSAGE_MALFORMED, detail="device")
    return contact


def answer_contact(
    contact: Contact,
    ledger: SealedLedger,
    contacts: Contacts,
    receipts: SigningKey,
    *,
    page: int,
    now: datetime,
) -> ContactAnswer:
    """Judge, write down and answer one contact."""
    device = contact.device
    held = contacts.held(device, contact.head.epoch)
    known = contacts.known(contact)
    before = contacts.held_before(device, contact.head.epoch)
    messages, feed_head = ledger.feed_after(device, contact.feed_cursor, limit=page)
    verdict = judge(contact, known, held=held, feed_head=feed_head)
    if verdict is Verdict.DISTRICT_BEHIND:
        contacts.believe(device, contact.head.epoch, contact.receipted)
        if contact.incarnation == contacts.incarnation():
            # The desk knows this very life of the ledger better than it does itself:
            # it was put back, and nobody said so.
            contacts.be_reborn(rebirth(contacts, contact), now=now)
    messages = _within(messages, contact.feed_bytes)
    if verdict is Verdict.CLONED:
        messages = ()
    if verdict is not Verdict.AGREED:
        contacts.alarm(contact, verdict, now=now)
    if verdict is not Verdict.CLONED and not is_late(contact, known):
        contacts.keep(contact, verdict, now=now)
    welcome = sign_welcome(
        {
            "suite": suite1.SUITE,
            "device": device,
            "counter": contact.counter,
            "nonce": contact.nonce,
            "incarnation": contacts.incarnation(),
            "log_position": contacts.log_position(),
            "held": held.model_dump(mode="json") if held else None,
            "newest_epoch": known.newest_epoch,
            "held_before": [list(each) for each in before],
            "feed_head": feed_head,
            "at": utc_text(now),
            "verdict": verdict,
            "dictionaries": list(KNOWN),
            "allowance": {"bytes_per_hour": ledger.uploads.limits().allowance},
        },
        receipts,
    )
    return ContactAnswer(welcome=welcome, messages=messages)


def rebirth(contacts: Contacts, contact: Contact) -> str:
    """Return the next name of a ledger that a contact shows to be an older copy.

    It follows from the old name and the contact's own dice, which nobody could know
    before: two ledgers put back from one backup get different names.
    """
    said = f"island-desk/incarnation/1\n{contacts.incarnation()}\n{contact.nonce}"
    return suite1.digest(said.encode())[:32]


def _within(
    messages: tuple[FeedMessage, ...], size: int | None
) -> tuple[FeedMessage, ...]:
    """Return the first messages that fit into so many bytes."""
    if size is None:
        return messages
    fitting: list[FeedMessage] = []
    for message in messages:
        size -= len(message.model_dump_json())
        if size < 0:
            break
        fitting.append(message)
    return tuple(fitting)
