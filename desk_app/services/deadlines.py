"""The legal days of a case as screens show them: lamps by working days left."""

from datetime import date
from typing import Final

from desk_app.services import standing
from desk_app.services.shown import DeadlineShown, Lamp
from desk_app.store.cases import CaseRecord
from schemas.calendars import WorkingCalendar
from schemas.catalogue import Item
from schemas.clock import Deadline, deadlines, deemed_renewed, notice_lapsed

_RED: Final = 1
_AMBER: Final = 3


def deadlines_of(
    record: CaseRecord, item: Item | None, calendar: WorkingCalendar, *, today: date
) -> tuple[DeadlineShown, ...]:
    """Return the legal days that run now, the one that presses first."""
    facts = standing.facts_of(record, item)
    return tuple(_shown(each) for each in deadlines(facts, calendar, today=today))


def _shown(found: Deadline) -> DeadlineShown:
    return DeadlineShown(
        found.what,
        found.day,
        found.left,
        "none" if found.paused else lamp(found.left, past=found.past),
        found.provisional,
        found.paused,
    )


def effects_of_law(
    record: CaseRecord, item: Item | None, calendar: WorkingCalendar, *, today: date
) -> tuple[str, ...]:
    """Return what the law itself has made of the case: keys of the text catalogue."""
    facts = standing.facts_of(record, item)
    found = []
    lapsed = notice_lapsed(facts, calendar, today)
    if standing.read(record).deemed or (lapsed and not lapsed.provisional):
        found.append("deemed_accepted")
    elif lapsed:
        found.append("perhaps_accepted")
    if deemed_renewed(facts, today):
        found.append("deemed_renewed")
    if standing.read(record).true_received_on is not None:
        found.append("true_time")
    return tuple(found)


def lamp(working_days_left: int, *, past: bool = False) -> Lamp:
    """Return the lamp for so many working days left."""
    if past or working_days_left < 0:
        return "overdue"
    if working_days_left <= _RED:
        return "red"
    return "amber" if working_days_left <= _AMBER else "green"
