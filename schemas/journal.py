"""One line of a desk's journal: who did what, when by which clocks, in order.

An entry's bytes are its RFC 8785 JSON; they are kept as written, hashed into the
chain, and never re-encoded. Entries are `Kept`: what a newer desk adds stays (P10).
"""

from typing import Annotated, Any

from pydantic import Discriminator, Tag

from schemas.base import Count, Kept, Ordinal, UtcTime
from schemas.case import CaseReceived, CaseResubmitted, NumberVoided
from schemas.ids import DeviceId, EntryId, OperatorId


class UnknownBody(Kept):
    """A body of a kind that this version does not know; kept whole."""

    kind: str


_KNOWN = {"case_received", "case_resubmitted", "number_voided"}


def _tag(body: Any) -> str:  # noqa: ANN401 - pydantic hands over anything
    kind = body.get("kind") if isinstance(body, dict) else getattr(body, "kind", None)
    return kind if kind in _KNOWN else "unknown"


Body = Annotated[
    Annotated[CaseReceived, Tag("case_received")]
    | Annotated[CaseResubmitted, Tag("case_resubmitted")]
    | Annotated[NumberVoided, Tag("number_voided")]
    | Annotated[UnknownBody, Tag("unknown")],
    Discriminator(_tag),
]


class Clocks(Kept):
    """The three clocks of an entry: wall, boot, and time since that boot (P9)."""

    wall: UtcTime
    boot: str
    monotonic_ms: Count


class JournalEntry(Kept):
    """One gapless step of a device in an epoch, by one operator."""

    version: Ordinal = 1
    entry_id: EntryId
    device: DeviceId
    epoch: Ordinal
    sequence: Ordinal
    operator: OperatorId
    clocks: Clocks
    body: Body
