"""One line of a desk's journal: who did what, when by which clocks, in order.

An entry's bytes are its RFC 8785 JSON; they are kept as written, hashed into the
chain, and never re-encoded. Entries are `Kept`: what a newer desk adds stays (P10).
"""

from typing import Annotated, Any

from pydantic import Discriminator, Tag

from schemas.base import Kept, Ordinal
from schemas.case import CaseReceived, CaseResubmitted, NumberVoided
from schemas.clocks import Clocks
from schemas.healing import AnswerReported, EpochStarted
from schemas.ids import DeviceId, EntryId, OperatorId
from schemas.publications import CommandDone, EditionWanted, NoticeSeen
from schemas.quarantine import EntryOffered
from schemas.renewal import DeviceKeysRenewed
from schemas.scans import ScansListed
from schemas.statement import DayClosed, DayCompared
from schemas.steps import (
    STEPS,
    ApplicantCalled,
    CaseAccepted,
    CaseArchived,
    CaseClosed,
    CaseForwarded,
    CaseNotAccepted,
    CaseRated,
    CaseSentBack,
    CaseWithdrawn,
    ClockResumed,
    ClockStopped,
    CorrectedOnSpot,
    CorrectionRequested,
    DeferralExtended,
    DeferredSupplied,
    PapersMoved,
    PeriodExtended,
    ResultArrived,
    ResultDelivered,
)

__all__ = ["Clocks", "JournalEntry"]


class UnknownBody(Kept):
    """A body of a kind that this version does not know; kept whole."""

    kind: str


_KNOWN: set[str] = {
    "case_received",
    "case_resubmitted",
    "number_voided",
    "edition_wanted",
    "notice_seen",
    "command_done",
    "day_closed",
    "day_compared",
    "device_keys_renewed",
    "scans_listed",
    "entry_offered",
    "epoch_started",
    "answer_reported",
} | {str(step.model_fields["kind"].default) for step in STEPS}


def _tag(body: Any) -> str:  # noqa: ANN401 - pydantic hands over anything
    kind = body.get("kind") if isinstance(body, dict) else getattr(body, "kind", None)
    return kind if isinstance(kind, str) and kind in _KNOWN else "unknown"


Body = Annotated[
    Annotated[CaseReceived, Tag("case_received")]
    | Annotated[CaseResubmitted, Tag("case_resubmitted")]
    | Annotated[NumberVoided, Tag("number_voided")]
    | Annotated[CorrectedOnSpot, Tag("corrected_on_spot")]
    | Annotated[CorrectionRequested, Tag("correction_requested")]
    | Annotated[CaseAccepted, Tag("case_accepted")]
    | Annotated[DeferredSupplied, Tag("deferred_supplied")]
    | Annotated[DeferralExtended, Tag("deferral_extended")]
    | Annotated[CaseNotAccepted, Tag("case_not_accepted")]
    | Annotated[CaseForwarded, Tag("case_forwarded")]
    | Annotated[CaseSentBack, Tag("case_sent_back")]
    | Annotated[CaseWithdrawn, Tag("case_withdrawn")]
    | Annotated[ClockStopped, Tag("clock_stopped")]
    | Annotated[ClockResumed, Tag("clock_resumed")]
    | Annotated[PeriodExtended, Tag("period_extended")]
    | Annotated[ResultArrived, Tag("result_arrived")]
    | Annotated[ApplicantCalled, Tag("applicant_called")]
    | Annotated[ResultDelivered, Tag("result_delivered")]
    | Annotated[CaseClosed, Tag("case_closed")]
    | Annotated[CaseRated, Tag("case_rated")]
    | Annotated[CaseArchived, Tag("case_archived")]
    | Annotated[PapersMoved, Tag("papers_moved")]
    | Annotated[EditionWanted, Tag("edition_wanted")]
    | Annotated[NoticeSeen, Tag("notice_seen")]
    | Annotated[CommandDone, Tag("command_done")]
    | Annotated[DayClosed, Tag("day_closed")]
    | Annotated[DayCompared, Tag("day_compared")]
    | Annotated[DeviceKeysRenewed, Tag("device_keys_renewed")]
    | Annotated[ScansListed, Tag("scans_listed")]
    | Annotated[EntryOffered, Tag("entry_offered")]
    | Annotated[EpochStarted, Tag("epoch_started")]
    | Annotated[AnswerReported, Tag("answer_reported")]
    | Annotated[UnknownBody, Tag("unknown")],
    Discriminator(_tag),
]


class Again(Kept):
    """Where an entry stood before its epoch was left (P8): the same act, once more."""

    epoch: Ordinal
    sequence: Ordinal
    entry_id: EntryId
    clocks: Clocks


class JournalEntry(Kept):
    """One gapless step of a device in an epoch, by one operator."""

    version: Ordinal = 1
    entry_id: EntryId
    device: DeviceId
    epoch: Ordinal
    sequence: Ordinal
    operator: OperatorId
    clocks: Clocks
    again: Again | None = None
    body: Body
