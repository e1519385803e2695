"""What the verbs hand to screens and the command line: frozen, ready to show.

Rule: no keys, no connections, no mutable state; times are UTC (local only in text).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import JsonValue

from schemas.case import Answer, Application, CaseState, MaterialTaken, Visit
from schemas.clock import What
from schemas.problems import Code

Role = Literal["clerk", "supervisor"]
Lamp = Literal["green", "amber", "red", "overdue", "none"]


@dataclass(frozen=True, slots=True)
class Session:
    """Who is at the desk now."""

    operator_id: str
    login: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """One line of the list of operators."""

    operator_id: str
    login: str
    name: str
    role: Role
    active: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """An application being typed: answers as they stand, complete or not.

    `applicant` holds kind, name, id_number or credit_code, phone, address;
    `form` holds answers by field name; `judged` the clerk's own yes or no on
    materials whose condition only a person can decide.
    """

    draft_id: str
    item_code: str
    applicant: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, JsonValue] = field(default_factory=dict)
    materials: tuple[MaterialTaken, ...] = ()
    updated_at: datetime | None = None
    answers_case: str | None = None
    """The case number that a resubmission in preparation belongs to."""


@dataclass(frozen=True, slots=True)
class DeadlineShown:
    """A legal day and how near it is; provisional beyond the loaded calendar."""

    what: What
    day: date
    working_days_left: int
    lamp: Lamp
    provisional: bool
    paused: bool = False


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of a case list."""

    number: str
    item_code: str
    item_name: str
    applicant_name: str
    id_masked: str
    received_at: datetime
    state: CaseState
    synced: bool
    deadline: DeadlineShown | None
    vessel: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of rows and how many there are in all."""

    rows: tuple[CaseRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """Something that happened to a case; `what` is a key of the text catalogue."""

    at: datetime
    what: str
    by: str
    detail: str
    synced: bool


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """A district's answer as it came."""

    position: int
    answered_at: datetime
    answered_by: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class CaseView:
    """All of one case."""

    row: CaseRow
    application: Application
    revision: int
    deadlines: tuple[DeadlineShown, ...]
    timeline: tuple[TimelineLine, ...]
    answers: tuple[AnswerShown, ...]
    official_number: str | None
    back_entry_reason: str | None
    allowed: tuple[str, ...] = ()
    """Steps that may be taken now by whoever looks (schemas.casework)."""
    effects: tuple[str, ...] = ()
    """What the law itself made of the case: deemed_accepted, deemed_renewed."""
    owed: tuple[str, ...] = ()
    """Keys of required materials that were not handed over."""
    deferred: Mapping[str, date] = field(default_factory=dict)
    """Materials that were deferred at acceptance and are still owed → their days."""
    papers: str = "town"
    bag: str = ""
    visit: Visit | None = None
    rated: bool = False
    scans: int = 0
    scans_at_district: int = 0
    """How many scans the case has, and how many the district has signed for."""
    scans_refused: int = 0


@dataclass(frozen=True, slots=True)
class CaseReceipt:
    """What the clerk hands over after acceptance."""

    number: str
    received_at: datetime
    notice_deadline: DeadlineShown
    pdf: bytes


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One line of the list of drafts."""

    draft_id: str
    item_code: str
    item_name: str
    applicant_name: str
    updated_at: datetime
    operator_name: str = ""
    """Who typed in it last; whoever is at the desk may go on with it."""


@dataclass(frozen=True, slots=True)
class RefusedBatch:
    """A batch that the district would not take: kept, with its reason (P3)."""

    digest: str
    first: int
    last: int
    code: Code


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """Where the conversation with the district stands."""

    enrolled: bool
    waiting: int
    in_flight: int
    oldest_waiting_at: datetime | None
    last_contact_at: datetime | None
    last_problem: Code | None
    next_try_at: datetime | None
    refused: tuple[RefusedBatch, ...]
    clock_off: timedelta | None = None
    """How far the PC's clock is ahead of proved time (negative: behind), if it is."""
    quarantined: int = 0
    """Entries that are a supervisor's task (`services.quarantining`)."""
    scans_waiting: int = 0
    scan_bytes_waiting: int = 0


@dataclass(frozen=True, slots=True)
class DaysOwed:
    """What the board says: days not yet agreed; `counted` is False while catching up.

    `unclosed` are days that nobody closed (or that a late entry reopened), `waiting`
    are closed and not agreed, `differing` the district found to differ.
    """

    unclosed: tuple[str, ...]
    waiting: tuple[str, ...]
    differing: tuple[str, ...]
    counted: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The first screen of the day."""

    today_received: int
    drafts: int
    due: tuple[CaseRow, ...]
    answered: tuple[CaseRow, ...]
    sync: SyncStatus
    calendar_complete_through: date
    days: DaysOwed


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `doctor` or `verify`: what was looked at, how it stands.

    `mend` names the words that say what to do: a problem's number, or a key of the text
    table. With `ok` it is advice.
    """

    what: str
    ok: bool
    detail: str
    mend: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict)
    """What fills the placeholders of a problem's words."""
