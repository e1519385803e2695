"""What a window records of a case, and what the district says of it.

Legal time starts when the paper is received at the window (`received_at`, T0):
it is set once, in `CaseReceived`, and no later entry has such a field.
All of it travels in journal entries and answers, so all of it is `Kept` (P10).
"""

from enum import StrEnum
from typing import Literal

from pydantic import Field, JsonValue

from schemas.applicant import Applicant
from schemas.base import Count, Kept, Ordinal, UtcTime
from schemas.ids import CaseNumber, ItemCode


class CaseState(StrEnum):
    """Where a case stands, as the window shows it."""

    RECEIVED = "received"
    AT_DISTRICT = "at_district"
    CORRECTION_REQUESTED = "correction_requested"
    RETURNED = "returned"
    RESUBMITTED = "resubmitted"
    ACCEPTED = "accepted"
    ACCEPTED_DEFERRED = "accepted_deferred"
    ACCEPTED_COMMITTED = "accepted_committed"
    FORWARDED = "forwarded"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"
    SENT_BACK = "sent_back"
    GRANTED = "granted"
    REFUSED = "refused"
    TO_DELIVER = "to_deliver"
    DELIVERED = "delivered"
    CLOSED = "closed"
    ARCHIVED = "archived"


class MaterialForm(StrEnum):
    """How one material of the item's list was handed over."""

    ORIGINAL = "original"
    COPY = "copy"
    ELECTRONIC = "electronic"
    DEFERRED = "deferred"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


class MaterialTaken(Kept):
    """One line of the material list: what, in which form, how many."""

    key: str = Field(min_length=1, max_length=40)
    form: MaterialForm
    copies: Count = 1
    note: str = Field(default="", max_length=200)
    valid_until: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$")


class Application(Kept):
    """What the applicant applies for: the part that a correction replaces.

    `form` holds answers by field name, in the canonical shapes of
    `schemas.forms.values` (no floats); it includes the common groups agent,
    delivery and consent. The applicant's own group is `applicant`.
    """

    item_code: ItemCode
    edition: Ordinal
    applicant: Applicant
    form: dict[str, JsonValue]
    materials: tuple[MaterialTaken, ...]


class BackEntry(Kept):
    """Why something was entered later than it happened; printed and shown.

    `control` is the number of the blank form that was filled in by hand meanwhile.
    """

    reason: str = Field(min_length=2, max_length=200)
    entered_at: UtcTime
    control: str = Field(default="", max_length=40)


class Visit(Kept):
    """Where papers were taken other than at the counter, and the visit's own number.

    `bag` is the numbered bag that the papers were put in there.
    """

    kind: Literal["village", "pier", "boat", "home"]
    place: str = Field(min_length=1, max_length=100)
    visit_id: str = Field(default="", max_length=40)
    bag: str = Field(default="", max_length=40)


class CaseReceived(Kept):
    """Journal body: an application was taken at the window (T0 = `received_at`)."""

    kind: Literal["case_received"] = "case_received"
    number: CaseNumber
    received_at: UtcTime
    application: Application
    back_entry: BackEntry | None = None
    visit: Visit | None = None
    batch: str | None = Field(default=None, max_length=40)


class CaseResubmitted(Kept):
    """Journal body: the applicant brought what the district had asked for."""

    kind: Literal["case_resubmitted"] = "case_resubmitted"
    number: CaseNumber
    revision: Ordinal
    reason: str = Field(min_length=2, max_length=500)
    resubmitted_at: UtcTime
    application: Application
    back_entry: BackEntry | None = None


class NumberVoided(Kept):
    """Journal body: a serial that no case bears, and why (gaps are explained)."""

    kind: Literal["number_voided"] = "number_voided"
    number: CaseNumber
    reason: str = Field(min_length=2, max_length=200)
    voided_at: UtcTime
    because: Literal["void", "test", "paper"] = "void"


class Received(Kept):
    """Answer: the district has filed the case; its own number when it has one."""

    kind: Literal["received"] = "received"
    official_number: str | None = Field(default=None, max_length=60)


class ReturnedForCorrection(Kept):
    """Answer: all that is missing, told at once (Administrative Licensing Law 32)."""

    kind: Literal["returned"] = "returned"
    what_is_missing: tuple[str, ...] = Field(min_length=1)
    reason: str = Field(min_length=2, max_length=1000)


class Granted(Kept):
    """Answer: granted, with the number of the licence or record."""

    kind: Literal["granted"] = "granted"
    licence_number: str = Field(min_length=1, max_length=60)
    valid_until: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    note: str = Field(default="", max_length=500)


class Refused(Kept):
    """Answer: refused, with its reason and the remedies that must be told."""

    kind: Literal["refused"] = "refused"
    reason: str = Field(min_length=2, max_length=1000)
    remedies: str = Field(min_length=2, max_length=1000)


Answer = Received | ReturnedForCorrection | Granted | Refused
