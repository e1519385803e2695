"""What the district sends back: sealed to the device, signed, gapless per device."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from schemas.base import Count, Kept, Ordinal, UtcTime
from schemas.case import Answer
from schemas.healing import (
    AnswersWanted,
    CaseWanted,
    EntriesReturned,
    EntryReleased,
)
from schemas.ids import CaseNumber
from schemas.messages import FeedHeader, FeedMessage, FeedPage
from schemas.publications import (
    CalendarPublished,
    DeviceCommand,
    EditionPublished,
    NoticePublished,
)
from schemas.quarantine import BatchUnreadable
from schemas.renewal import DeviceKeysTaken, DistrictKeysChanged, DistrictKeysRetired
from schemas.scans import NamingKey, ScansWanted
from schemas.statement import DayQuestion, StatementAgreed, StatementDiffers

__all__ = ["FeedBody", "FeedHeader", "FeedMessage", "FeedPage"]


class CaseAnswered(Kept):
    """Feed body: one answer to one case, by a named post of the district."""

    kind: Literal["case_answered"] = "case_answered"
    number: CaseNumber
    revision: Count
    answered_at: UtcTime
    answered_by: str = Field(min_length=1, max_length=60)
    answer: Annotated[Answer, Field(discriminator="kind")]


class EntryQuarantined(Kept):
    """Feed body: an entry the district could not file; nothing is dropped (P3)."""

    kind: Literal["entry_quarantined"] = "entry_quarantined"
    epoch: Ordinal
    sequence: Ordinal
    problem: int
    reason: str = Field(min_length=1, max_length=500)


class UnknownFeedBody(Kept):
    """A body of a kind that this version does not know; kept whole (P10)."""

    kind: str


_KNOWN = {
    "case_answered",
    "entry_quarantined",
    "edition_published",
    "calendar_published",
    "notice_published",
    "device_command",
    "day_question",
    "statement_agreed",
    "statement_differs",
    "district_keys_changed",
    "district_keys_retired",
    "device_keys_taken",
    "naming_key",
    "scans_wanted",
    "batch_unreadable",
    "entries_returned",
    "answers_wanted",
    "case_wanted",
    "entry_released",
}


def _tag(body: Any) -> str:  # noqa: ANN401 - pydantic hands over anything
    kind = body.get("kind") if isinstance(body, dict) else getattr(body, "kind", None)
    return kind if isinstance(kind, str) and kind in _KNOWN else "unknown"


FeedBody = Annotated[
    Annotated[CaseAnswered, Tag("case_answered")]
    | Annotated[EntryQuarantined, Tag("entry_quarantined")]
    | Annotated[EditionPublished, Tag("edition_published")]
    | Annotated[CalendarPublished, Tag("calendar_published")]
    | Annotated[NoticePublished, Tag("notice_published")]
    | Annotated[DeviceCommand, Tag("device_command")]
    | Annotated[DayQuestion, Tag("day_question")]
    | Annotated[StatementAgreed, Tag("statement_agreed")]
    | Annotated[StatementDiffers, Tag("statement_differs")]
    | Annotated[DistrictKeysChanged, Tag("district_keys_changed")]
    | Annotated[DistrictKeysRetired, Tag("district_keys_retired")]
    | Annotated[DeviceKeysTaken, Tag("device_keys_taken")]
    | Annotated[NamingKey, Tag("naming_key")]
    | Annotated[ScansWanted, Tag("scans_wanted")]
    | Annotated[BatchUnreadable, Tag("batch_unreadable")]
    | Annotated[EntriesReturned, Tag("entries_returned")]
    | Annotated[AnswersWanted, Tag("answers_wanted")]
    | Annotated[CaseWanted, Tag("case_wanted")]
    | Annotated[EntryReleased, Tag("entry_released")]
    | Annotated[UnknownFeedBody, Tag("unknown")],
    Discriminator(_tag),
]
