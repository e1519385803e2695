"""What a district gives all its desks by the feed, and what they say of it.

Editions and calendars carry a signature of their own beside the message's: who has the
district's answers key can check one that was kept for years. Numbers only go forward:
a desk that has a later one lets an earlier one pass without effect.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from schemas.base import Base64, Count, Digest, Kept, Ordinal, UtcTime

CalendarKind = Literal["holidays", "closed_seasons"]


class EditionPublished(Kept):
    """Feed body: an edition of the catalogue, whole or as a difference.

    `packed` is a zstd frame of the edition's text; where `base` names an edition by
    its digest, that text (UTF-8) is the frame's raw dictionary. `digest` and `size`
    are of the whole text. In use from `effective_from`, local day.
    """

    kind: Literal["edition_published"] = "edition_published"
    edition: Ordinal
    effective_from: date
    digest: Digest
    size: Count
    base: Digest | None = None
    packed: Base64
    signature: Base64


class CalendarPublished(Kept):
    """Feed body: the holidays or the closed seasons, whole."""

    kind: Literal["calendar_published"] = "calendar_published"
    calendar: CalendarKind
    number: Ordinal
    effective_from: date
    digest: Digest
    text: str
    signature: Base64


class NoticePublished(Kept):
    """Feed body: words to the clerks, shown on the board until each has seen them."""

    kind: Literal["notice_published"] = "notice_published"
    text: str = Field(min_length=1, max_length=2000)
    published_at: UtcTime
    published_by: str = Field(min_length=1, max_length=60)
    until: date | None = None


class DeviceCommand(Kept):
    """Feed body: something the desk is to do by itself; it answers when it is done.

    A command that the desk's version does not know is kept and answered so.
    """

    kind: Literal["device_command"] = "device_command"
    command: str = Field(pattern=r"^[a-z_]{1,40}$")
    arguments: dict[str, str] = {}
    ordered_at: UtcTime
    ordered_by: str = Field(min_length=1, max_length=60)


class EditionWanted(Kept):
    """Journal body: the desk lacks the base of a difference and asks for the whole."""

    kind: Literal["edition_wanted"] = "edition_wanted"
    edition: Ordinal
    digest: Digest
    position: Ordinal


class NoticeSeen(Kept):
    """Journal body: the operator of this entry has seen a notice of the feed."""

    kind: Literal["notice_seen"] = "notice_seen"
    position: Ordinal


class CommandDone(Kept):
    """Journal body: what became of a command of the feed."""

    kind: Literal["command_done"] = "command_done"
    position: Ordinal
    command: str
    outcome: Literal["done", "unknown", "failed"]
    problem: int | None = None
