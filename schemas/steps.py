"""The steps of a case after it was received, each a journal entry of the window.

Rule 1: a step says when it was taken (`at`) and never changes an earlier one; T0 has no
        step of its own, since it is never edited.
Rule 2: what was done earlier than it was entered (a notice by hand during a power cut)
        says so in `back_entry`, with the reason and when it was entered.
Rule 3: a notice that the law requires carries what the law requires it to say.
"""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from schemas.base import Kept, Ordinal, UtcTime
from schemas.case import Application, BackEntry
from schemas.ids import CaseNumber

Words = Field(min_length=2, max_length=1000)
Day = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")


class CaseStep(Kept):
    """What every step has."""

    kind: str
    number: CaseNumber
    at: UtcTime
    back_entry: BackEntry | None = None


class CorrectedOnSpot(CaseStep):
    """Small errors put right at the counter (Administrative Licensing Law 32(1)(3))."""

    kind: Literal["corrected_on_spot"] = "corrected_on_spot"
    revision: Ordinal
    what: str = Words
    application: Application


class CorrectionRequested(CaseStep):
    """All that is missing, told once (32(1)(4)); `due` is the day to bring it by."""

    kind: Literal["correction_requested"] = "correction_requested"
    missing: tuple[str, ...] = Field(min_length=1, max_length=40)
    due: str = Day
    reason: str = Field(default="", max_length=1000)


class Acceptance(StrEnum):
    """How a case was accepted (受理)."""

    FULL = "full"
    DEFERRED = "deferred"
    COMMITMENT = "commitment"


class Owed(Kept):
    """A deferred material and the day it is due (容缺)."""

    material: str = Field(min_length=1, max_length=40)
    due: str = Day


class CaseAccepted(CaseStep):
    """The legal act of acceptance (32(1)(5)), in one of three ways.

    `deemed`: the law had accepted the case from T0 already, since nobody told what was
    missing within five days (32(1)(4)); the limits run from T0 then.
    """

    kind: Literal["case_accepted"] = "case_accepted"
    mode: Acceptance
    owed: tuple[Owed, ...] = ()
    commitment: str = Field(default="", max_length=1000)
    deemed: bool = False


class DeferredSupplied(CaseStep):
    """Deferred materials came in; `still_owed` did not yet."""

    kind: Literal["deferred_supplied"] = "deferred_supplied"
    materials: tuple[str, ...] = Field(min_length=1)
    still_owed: tuple[str, ...] = ()


class DeferralExtended(CaseStep):
    """Later days for deferred materials, once, for a reason."""

    kind: Literal["deferral_extended"] = "deferral_extended"
    owed: tuple[Owed, ...] = Field(min_length=1)
    reason: str = Words


class NotAcceptedBecause(StrEnum):
    """Why a case is not accepted."""

    NOT_NEEDED = "not_needed"
    NOT_COMPETENT = "not_competent"
    NOT_PERMITTED = "not_permitted"


class CaseNotAccepted(CaseStep):
    """A written refusal to accept (不予受理), with authority and remedies."""

    kind: Literal["case_not_accepted"] = "case_not_accepted"
    because: NotAcceptedBecause
    reason: str = Words
    apply_to: str = Field(default="", max_length=200)
    remedies: str = Words


class CaseForwarded(CaseStep):
    """Sent upward with all materials (art. 35): the town promises no result."""

    kind: Literal["case_forwarded"] = "case_forwarded"
    to: str = Field(min_length=2, max_length=200)
    opinion: str = Field(default="", max_length=1000)


class CaseSentBack(CaseStep):
    """Papers given back: what was asked for did not come in time (退件)."""

    kind: Literal["case_sent_back"] = "case_sent_back"
    reason: str = Words


class CaseWithdrawn(CaseStep):
    """The applicant takes the application back."""

    kind: Literal["case_withdrawn"] = "case_withdrawn"
    reason: str = Words


class StopReason(StrEnum):
    """The procedures that stop the clock by law (art. 45), and no others."""

    HEARING = "hearing"
    AUCTION = "auction"
    INSPECTION = "inspection"
    TESTING = "testing"
    QUARANTINE = "quarantine"
    APPRAISAL = "appraisal"
    EXPERT_REVIEW = "expert_review"


class ClockStopped(CaseStep):
    """A special procedure began; the applicant is told in writing (art. 45)."""

    kind: Literal["clock_stopped"] = "clock_stopped"
    procedure: StopReason
    days: Ordinal
    reason: str = Field(default="", max_length=500)


class ClockResumed(CaseStep):
    """The special procedure ended."""

    kind: Literal["clock_resumed"] = "clock_resumed"
    result: str = Field(default="", max_length=500)


class PeriodExtended(CaseStep):
    """Ten days more, approved by the head, with reasons told (art. 42)."""

    kind: Literal["period_extended"] = "period_extended"
    reason: str = Words
    approved_by: str = Field(min_length=2, max_length=60)


class ResultArrived(CaseStep):
    """The licence or decision is at the window, ready to be handed over."""

    kind: Literal["result_arrived"] = "result_arrived"
    what: str = Words


class ApplicantCalled(CaseStep):
    """Somebody telephoned the applicant."""

    kind: Literal["applicant_called"] = "applicant_called"
    outcome: Literal["reached", "not_reached", "wrong_number"]
    note: str = Field(default="", max_length=200)


class DeliveryWay(StrEnum):
    """Six ways to deliver (送达)."""

    WINDOW = "window"
    AGENT = "agent"
    MAIL = "mail"
    VILLAGE = "village"
    DOOR = "door"
    E_LICENCE = "e_licence"


class ResultDelivered(CaseStep):
    """What was handed over, to whom, how; refused or left behind with a witness."""

    kind: Literal["result_delivered"] = "result_delivered"
    way: DeliveryWay
    what: str = Words
    signer: str = Field(min_length=1, max_length=60)
    signer_id_tail: str = Field(default="", pattern=r"^([0-9A-Z]{4})?$")
    tracking: str = Field(default="", max_length=60)
    witness: str = Field(default="", max_length=60)
    refused: bool = False
    """Not signed for: left behind in the witness's presence."""


class CaseClosed(CaseStep):
    """Nothing more is to be done (办结)."""

    kind: Literal["case_closed"] = "case_closed"


class CaseRated(CaseStep):
    """The applicant's voluntary rating, one a case, five levels (好差评)."""

    kind: Literal["case_rated"] = "case_rated"
    stars: int = Field(ge=1, le=5)
    words: str = Field(default="", max_length=500)
    by: Literal["screen", "paper"] = "screen"


class CaseArchived(CaseStep):
    """Filed away (归档)."""

    kind: Literal["case_archived"] = "case_archived"
    place: str = Field(min_length=1, max_length=100)


class PapersAt(StrEnum):
    """Where the originals are."""

    TOWN = "town"
    BAG = "bag"
    DISTRICT = "district"
    RETURNED = "returned"


class PapersMoved(CaseStep):
    """The case's papers went somewhere; a bag has a number."""

    kind: Literal["papers_moved"] = "papers_moved"
    to: PapersAt
    bag: str = Field(default="", max_length=40)


STEPS = (
    CorrectedOnSpot, CorrectionRequested, CaseAccepted, DeferredSupplied,
    DeferralExtended, CaseNotAccepted, CaseForwarded, CaseSentBack, CaseWithdrawn,
    ClockStopped, ClockResumed, PeriodExtended, ResultArrived, ApplicantCalled,
    ResultDelivered, CaseClosed, CaseRated, CaseArchived, PapersMoved,
)  # fmt: skip
"""Every step, in the order in which a case usually meets them."""
