"""How a desk and its district greet each other, once at the start of a conversation.

The desk says where it stands (`Contact`, in a request signed by its device key); the
district says what it holds (`Welcome`, signed by the receipt key). From the two each
side sees whether the other was rolled back or cloned, without opening anything.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field
from pydantic import StringConstraints as Text

from schemas.base import Base64, Count, Digest, Kept, KeyId, Ordinal, UtcTime
from schemas.clocks import Clocks, JournalHead
from schemas.enrolment import Succession
from schemas.ids import DeviceId
from schemas.messages import FeedMessage

__all__ = ["Contact", "ContactAnswer", "JournalHead", "Verdict", "Welcome"]

Nonce = Annotated[str, Text(pattern=r"^[0-9a-f]{32}$")]
"""Sixteen random bytes, hexadecimal."""


class Backlog(Kept):
    """What waits at the desk: entries, bytes of scans, since when; what it may cost.

    `earliest_due` is the first legal day of any open case; a day and no more, since
    whoever keeps the line sees it.
    """

    entries: Count = 0
    attachment_bytes: Count = 0
    oldest_at: UtcTime | None = None
    earliest_due: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$")


class Uses(Kept):
    """What a desk works by: its edition's number, and those of the calendars.

    A calendar's number is that under which the district gave it out; 0: as shipped.
    """

    edition: Ordinal
    holidays: Count = 0
    closed_seasons: Count = 0


class Contact(Kept):
    """Where a desk stands as it calls.

    `counter` and `nonce` are written down before they are sent: the same pair again is
    the same contact, a lower counter with another nonce is a second history.
    `receipted` is the end of the gapless receipted part of the epoch. `feed_bytes` is
    how much of the feed may come with the answer (None: a page): on a line that breaks
    often a greeting must be short, or nothing ever follows it (P5).
    By a stick it may arrive after later ones; then it says nothing of the present.
    """

    suite: Ordinal
    device: DeviceId
    program: str = Field(min_length=1, max_length=40)
    counter: Ordinal
    nonce: Nonce
    head: JournalHead
    receipted: Count
    feed_cursor: Count
    feed_digest: Digest | None = None
    """Names the message at the cursor: the next one follows it."""
    incarnation: Nonce | None = None
    clocks: Clocks
    backlog: Backlog = Backlog()
    next_contact_by: UtcTime | None = None
    feed_bytes: Count | None = None
    by: Literal["line", "stick"] = "line"
    charter: Digest | None = None
    """Which charter the desk knows its district by."""
    machine: KeyId | None = None
    """Names the machine, not readable: a copy of the vault elsewhere has another."""
    answered: Count | None = None
    """The counter of the last greeting of this epoch whose answer the desk has."""
    restored: bool = False
    """The desk knows itself that its vault was put back."""
    uses: Uses | None = None
    """Which of what was given out is in force at the desk (None: an older one)."""


class Verdict(StrEnum):
    """What the two histories say of each other."""

    AGREED = "agreed"
    DESK_BEHIND = "desk_behind"
    DISTRICT_BEHIND = "district_behind"
    FORKED = "forked"
    CLONED = "cloned"


class Allowance(Kept):
    """What the district asks of a desk: patience in seconds, bytes an hour."""

    wait_s: Count = 0
    bytes_per_hour: Count | None = None


class Welcome(Kept):
    """What the district holds of a desk, and its time: a trusted anchor (P9).

    `held` is the end of the gapless part of the contact's own epoch; `newest_epoch` is
    the highest one that any kept batch names (0 before the first). `dictionaries` are
    those that the district can open a batch with.
    """

    suite: Ordinal
    receipt_key: KeyId
    device: DeviceId
    counter: Ordinal
    nonce: Nonce
    incarnation: Nonce
    log_position: Count
    held: JournalHead | None = None
    newest_epoch: Count = 0
    held_before: tuple[tuple[int, int], ...] = ()
    """(epoch, last gapless sequence) of the epochs before the contact's own."""
    feed_head: Count
    at: UtcTime
    verdict: Verdict
    allowance: Allowance = Allowance()
    dictionaries: tuple[str, ...] = ()
    signature: Base64


class ContactAnswer(Kept):
    """What comes back: the welcome, and the first page of the feed.

    `successions` lead from the charter that the desk named to the one in force: the
    welcome may be signed by a key that the desk does not know yet.
    """

    welcome: Welcome
    successions: tuple[Succession, ...] = ()
    messages: tuple[FeedMessage, ...] = ()
