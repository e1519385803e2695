"""Look at an entry's times: what cannot be, and what is unusual.

Nothing is refused for its clock (P9): what is found is for people to look into. What is
proved: the entry was written before its batch was received, and after the last district
time that its desk had verified.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from schemas.base import utc_text
from schemas.calendars import Holidays, WorkingCalendar
from schemas.case import CaseReceived
from schemas.journal import JournalEntry
from schemas.statement import CHINA_TIME
from sync.district.ledger.findings import Finding
from sync.district.ledger.record import Record
from sync.district.reconcile.comparing import Said
from sync.district.reconcile.noticing import found_in, noticed
from sync.protocol.anchors import TOLERANCE
from sync.protocol.habit import CLOSES, OPENS

# Found once a day and desk: the first names the case, the others say no more.
_ONCE_A_DAY: Final = frozenset({"clock_off", "outside_office_hours"})
# Somebody who came before closing is still served, and the first waits at the door.
_MARGIN: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Heard:
    """When the district received an entry, and by which calendar offices work."""

    received_at: datetime
    calendar: WorkingCalendar


def time_findings(entry: JournalEntry, heard: Heard) -> tuple[Finding, ...]:
    """Return what is to be looked into about an entry's times."""
    clocks, body = entry.clocks, entry.body
    anchored = clocks.anchored_at
    found = []
    if isinstance(body, CaseReceived):
        t0 = body.received_at
        if t0 > heard.received_at + TOLERANCE:
            found.append(_finding(entry, "t0_after_receipt", t0, heard))
        early = anchored is not None and t0 < anchored - TOLERANCE
        if early and body.back_entry is None:
            found.append(_finding(entry, "t0_before_trusted", t0, heard))
        at_desk = body.back_entry is None and body.visit is None
        if at_desk and not _in_office_hours(t0, heard.calendar):
            found.append(_finding(entry, "outside_office_hours", t0, heard))
    fast = clocks.wall > heard.received_at + TOLERANCE
    slow = anchored is not None and clocks.wall < anchored - TOLERANCE
    if fast or slow:
        found.append(_finding(entry, "clock_off", clocks.wall, heard))
    return tuple(found)


@cache
def working_calendar() -> WorkingCalendar:
    """Return the working days that the district was shipped with."""
    return _read(
        files("assets").joinpath("catalogue", "holidays.json").read_text("utf-8")
    )


@lru_cache(maxsize=4)
def _read(text: str) -> WorkingCalendar:
    return WorkingCalendar(Holidays.model_validate_json(text))


def calendar_in_force(record: Record, day: date) -> WorkingCalendar:
    """Return the working days that hold on a day: what was given out, or was shipped.

    The same that the desks count by, so that neither side finds fault with the other.
    """
    given = record.publications.in_force("holidays", day)
    return working_calendar() if given is None else _read(given.body)


def with_times(
    said: Said, entry: JournalEntry, heard: Heard, record: Record, *, now: datetime
) -> Said:
    """Return what follows from an entry, with the findings on its times."""
    found = [
        each
        for each in time_findings(entry, heard)
        if each.kind not in _ONCE_A_DAY or not _known(record, each)
    ]
    if not found:
        return said

    return noticed(said, found, now=now)


def _known(record: Record, finding: Finding) -> bool:
    same_day = record.findings.of(device=finding.device, day=finding.day)
    return any(each.finding.kind == finding.kind for each in same_day)


def _in_office_hours(moment: datetime, calendar: WorkingCalendar) -> bool:
    local = moment.astimezone(CHINA_TIME)
    day = local.date()
    opens = datetime.combine(day, OPENS, CHINA_TIME) - _MARGIN
    closes = datetime.combine(day, CLOSES, CHINA_TIME) + _MARGIN
    return calendar.is_working_day(day) and opens <= local < closes


def _finding(entry: JournalEntry, kind: str, moment: datetime, heard: Heard) -> Finding:
    anchored = entry.clocks.anchored_at
    return found_in(
        entry, kind, moment, number=str(getattr(entry.body, "number", "")),
        at=utc_text(moment), wall=utc_text(entry.clocks.wall),
        anchored_at=utc_text(anchored) if anchored else None,
        received_at=utc_text(heard.received_at),
    )  # fmt: skip
