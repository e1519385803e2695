"""Greet the district: say where the desk stands, verify what comes back.

Rule 1: the counter and nonce are written down before they are sent.
Rule 2: a welcome counts only with the district's signature over this very contact; it
        is kept as a trusted time (P9), whatever its verdict.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from schemas.contact import Contact, Verdict, Welcome
from schemas.enrolment import Succession
from schemas.feed import FeedBody, FeedMessage
from schemas.problems import Code, Problem
from sync.client.carriers import Carrier
from sync.client.keys import Keys
from sync.protocol.feed import fresh_messages
from sync.protocol.greeting import compare_held
from sync.seal.feed import open_feed
from sync.seal.welcomes import welcome_is_genuine

_SHORT_PAGE: Final = 8
CHANGES_KEYS: Final = frozenset(
    {"district_keys_changed", "district_keys_retired", "device_keys_taken"}
)


class ContactPort(Protocol):
    """What greeting asks of the desk; each verb is one transaction."""

    def next_contact(self) -> Contact:
        """Write down the next counter and nonce, and return where the desk stands."""

    def keep_welcome(self, welcome: Welcome, verdict: Verdict) -> None:
        """Keep what the district said of itself and of this desk."""

    def chain_at(self, epoch: int, sequence: int) -> str | None:
        """Return the own chain after an entry, or None where there is none."""

    def feed_cursor(self) -> int:
        """Return the position of the last applied feed message."""

    def apply_feed(self, message: FeedMessage, body: FeedBody) -> None:
        """Apply one message together with the cursor."""

    def follow(self, succession: Succession) -> None:
        """Know the district by its next charter, if the known one vouches for it."""

    def keys(self) -> Keys:
        """Return the keys as they are now: the feed may have changed them."""

    def contacted(self, at: datetime) -> None:
        """Note that the district's own words were verified."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """How a greeting went; `welcome` is None where a district of 0.1 answered."""

    welcome: Welcome | None
    verdict: Verdict
    applied: int


async def greet(
    port: ContactPort, carrier: Carrier, keys: Keys, *, now: Callable[[], datetime]
) -> Greeting:
    """Make contact and take the answers that came with the welcome."""
    contact = port.next_contact()
    answer = await carrier.contact(contact)
    if answer is None:
        return Greeting(None, Verdict.AGREED, 0)
    for succession in answer.successions:
        port.follow(succession)
    keys = port.keys()
    welcome = answer.welcome
    public = keys.receipts_public(welcome.receipt_key)
    if not welcome_is_genuine(welcome, public):
        raise Problem(Code.SIGNATURE_INVALID)
    if (welcome.device, welcome.counter, welcome.nonce) != (
        contact.device,
        contact.counter,
        contact.nonce,
    ):
        raise Problem(Code.ANSWER_NOT_OURS)
    verdict = _verdict(port, contact, welcome)
    port.keep_welcome(welcome, verdict)
    port.contacted(now())
    if verdict is Verdict.CLONED:
        raise Problem(Code.DEVICE_CLONED)
    applied = apply_page(port, answer.messages, keys, now=now)
    return Greeting(welcome, verdict, applied)


def more_waits(port: ContactPort, greeting: Greeting) -> bool:
    """Say whether the district has more answers than came with its welcome."""
    welcome = greeting.welcome
    return welcome is None or port.feed_cursor() < welcome.feed_head


def _verdict(port: ContactPort, contact: Contact, welcome: Welcome) -> Verdict:
    if welcome.verdict is not Verdict.AGREED:
        return welcome.verdict
    held = welcome.held
    own = port.chain_at(held.epoch, held.sequence) if held is not None else None
    return compare_held(held, own_chain=own, own_head=contact.head.sequence)


def apply_page(
    port: ContactPort,
    messages: tuple[FeedMessage, ...],
    keys: Keys,
    *,
    now: Callable[[], datetime],
) -> int:
    """Verify, open and apply what is new of a page; returns how many."""
    fresh = fresh_messages(messages, cursor=port.feed_cursor(), device=keys.device)
    for message in fresh:
        header = message.header
        body = open_feed(
            message,
            answers_public=keys.answers_public(header.answers_key),
            key=keys.sealing_of(header.sealing_key),
        )
        port.apply_feed(message, body)
        if body.kind in CHANGES_KEYS:
            keys = port.keys()
        port.contacted(now())
    return len(fresh)


async def take_feed(
    port: ContactPort, carrier: Carrier, keys: Keys, *, now: Callable[[], datetime]
) -> int:
    """Ask for pages until one brings nothing new; returns how many were applied.

    A page that the line breaks over is asked for again, shorter, down to one message.
    """
    taken = 0
    most: int | None = None
    while True:
        try:
            page = await carrier.feed(port.feed_cursor(), most)
        except Problem as problem:
            if problem.code is not Code.LINE_DOWN or most == 1:
                raise
            most = 1 if most is not None else _SHORT_PAGE
            continue
        keys = port.keys()
        applied = apply_page(port, page.messages, keys, now=now)
        if not applied:
            return taken
        taken += applied
