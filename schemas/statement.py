"""A day's statement (日结单), how its differences are found, and what is said of it.

Rule 1: a statement is computed, never typed: both sides make it from the entries they
        hold by the same pure function (`sync.protocol.statement`).
Rule 2: nothing here is changed later: a late change makes another version, a difference
        is a finding that stays, an agreement is a signed document of its own.
"""

from datetime import timedelta, timezone
from typing import Final, Literal

from pydantic import Field, JsonValue

from schemas.base import Count, Digest, Kept, KeyId, Ordinal, UtcTime
from schemas.ids import DeviceId, OperatorId

CHINA_TIME: Final = timezone(timedelta(hours=8))
"""Days are counted as windows read them; there is no summer time since 1991."""

Day = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")


class Place(Kept):
    """Where an entry stands in its device's journal; places order as (epoch, n)."""

    epoch: Ordinal
    sequence: Ordinal


class Leaf(Kept):
    """One record of a day: its place, the digest of its bytes, its case for people."""

    epoch: Ordinal
    sequence: Ordinal
    digest: Digest
    number: str = Field(default="", max_length=40)


class Range(Kept):
    """What one side holds after one place up to another (both open where None).

    `records` names them one by one where they are few; else the digest stands for all.
    """

    after: Place | None = None
    upto: Place | None = None
    count: Count
    digest: Digest
    records: tuple[Leaf, ...] | None = None


class Tally(Kept):
    """How many, and how many bytes."""

    count: Count
    size: Count


class ItemDay(Kept):
    """What was done in one item: step kind → how often.

    Of the cases received, `back_entered` says how many were entered on a later day;
    `entered_late` are those that this day entered for an earlier one.
    """

    item: str
    steps: dict[str, Count]


class Gap(Kept):
    """Serials that no case bears, in a row, and why."""

    first: Ordinal
    last: Ordinal
    why: str
    reason: str = ""


class SerialUse(Kept):
    """How one terminal's serials of the day were used; they count from 1."""

    terminal: str
    last: Ordinal
    cases: Count
    gaps: tuple[Gap, ...] = ()


class Statement(Kept):
    """One device's day, as one side holds it.

    `before` is the place of the closing entry: what was written earlier counts. `root`
    is the digest of the range of all the day's records; equal roots, equal records.
    """

    format: Literal["island-desk/statement/1"] = "island-desk/statement/1"
    device: DeviceId
    day: str = Day
    version: Ordinal
    before: Place
    entries: Tally
    attachments: Tally
    items: tuple[ItemDay, ...]
    serials: tuple[SerialUse, ...]
    editions: tuple[Ordinal, ...]
    root: Digest


class DayClosed(Kept):
    """Journal body: a day is closed; the entry is its clerk's signature.

    The entry names the operator who was unlocked; its place in the chained journal is
    inside the batch that the device signs, so the statement cannot be changed, moved
    or taken back later without breaking that signature. `late` are the entries that
    reopened the day; `waiting` had no receipt when it was closed.
    """

    kind: Literal["day_closed"] = "day_closed"
    statement: Statement
    operator_name: str = Field(max_length=60)
    closed_at: UtcTime
    late: tuple[Place, ...] = ()
    waiting: Count = 0
    pressing: Count = 0
    calendar_through: str = ""


class DayQuestion(Kept):
    """Feed body: the day differs; the desk is asked what it holds in these ranges."""

    kind: Literal["day_question"] = "day_question"
    day: str = Day
    version: Ordinal
    before: Place
    round: Ordinal
    ranges: tuple[Range, ...]


class DayCompared(Kept):
    """Journal body: the desk's own ranges where its digest is another one."""

    kind: Literal["day_compared"] = "day_compared"
    day: str = Day
    version: Ordinal
    before: Place
    round: Ordinal
    ranges: tuple[Range, ...]


class RecordDifference(Kept):
    """One record on which the sides differ, by its place; digests as each has it."""

    what: Literal["missing_at_district", "missing_at_desk", "changed"]
    epoch: Ordinal
    sequence: Ordinal
    desk: Digest | None = None
    district: Digest | None = None
    number: str = Field(default="", max_length=40)


class RuledDifference(Kept):
    """A difference that people looked into, and what they found."""

    difference: RecordDifference
    ruling: str = Field(min_length=2, max_length=1000)
    ruled_by: str
    ruled_at: UtcTime


class StatementAgreed(Kept):
    """Feed body: the countersigned statement (an `Agreement` with its signature)."""

    kind: Literal["statement_agreed"] = "statement_agreed"
    day: str = Day
    version: Ordinal
    document: dict[str, JsonValue]


class StatementDiffers(Kept):
    """Feed body: the very records on which the sides differ."""

    kind: Literal["statement_differs"] = "statement_differs"
    day: str = Day
    version: Ordinal
    before: Place
    found_at: UtcTime
    rounds: Count
    differences: tuple[RecordDifference, ...]


class Agreement(Kept):
    """What the district countersigns, by its answers key.

    The district's own statement, the place of the clerk's entry (the other signature),
    and the differences that people ruled on, if any.
    """

    format: Literal["island-desk/agreement/1"] = "island-desk/agreement/1"
    answers_key: KeyId
    statement: Statement
    closed: Place
    operator: OperatorId
    operator_name: str
    agreed_at: UtcTime
    exceptions: tuple[RuledDifference, ...] = ()
    signature: str = ""
