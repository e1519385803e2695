"""Make a case again from its history: what the desk has and what came back (P8).

The journal is the truth and a case is its projection. A step that was taken once is
taken as it was: the machine is asked what it leads to, not whether it may be.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import TypeAlias

from desk_app.services import finding, journalling, registering, reporting, standing
from desk_app.services.answers import show_answer
from desk_app.services.applications import revised, revision_of, row_of
from desk_app.services.catalogue import in_use_in
from desk_app.services.hands import Workplace
from desk_app.store import cases, journal
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.calendars import WorkingCalendar
from schemas.case import Application, CaseReceived, CaseResubmitted, CaseState
from schemas.casework import MOVES, after_step
from schemas.catalogue import Item
from schemas.feed import CaseAnswered
from schemas.journal import JournalEntry
from schemas.problems import Code
from schemas.steps import CaseStep, CorrectedOnSpot, PapersMoved

Kept: TypeAlias = tuple[journal.KeptEntry, JournalEntry]
"""An entry as kept, and as read."""


def rebuild(place: Workplace, tx: Transaction, number: str) -> None:
    """Show a case as its whole history says; nothing where it has no beginning."""
    entries = _each_act_once(journal.of_case(tx, number))
    answers = [said for said, _ in reporting.reports_of(tx, number)]
    first = next((e for _, e in entries if isinstance(e.body, CaseReceived)), None)
    if first is None:
        return
    edition, calendar = in_use_in(tx)
    today = standing.local_day(place.hands.now())
    item = edition.item(_application(first).item_code)
    record: cases.CaseRecord | None = None
    for moment in in_order(entries, answers):
        if isinstance(moment, CaseAnswered):
            if record is not None:
                record = show_answer(record, moment) or record
            continue
        where, entry = moment
        if isinstance(entry.body, CaseReceived):
            record = _by_proof(tx, _received(entry, item))
        elif record is not None:
            record = _stepped(record, entry, item, calendar)
        if record is not None:
            record = replace(
                record,
                last_epoch=where.epoch if where.own else 0,
                last_sequence=where.sequence if where.own else 0,
            )
    if record is None:
        return
    record = standing.with_due(record, item, calendar, today=today)
    application = revision_of(tx, number, record.revision)
    finding.shown_again(tx, record, application)
    if item is not None:
        at = utc_text(place.hands.now())
        registering.remember(tx, application, item, number=number, at=at)


def _each_act_once(kept: tuple[journal.KeptEntry, ...]) -> list[Kept]:
    """Read a case's entries; an act may have come back from two places."""
    acts: dict[str, Kept] = {}
    for each in kept:
        entry = JournalEntry.model_validate_json(each.entry)
        acts.setdefault(journalling.original_id(entry), (each, entry))
    return list(acts.values())


def in_order(
    entries: list[Kept], answers: list[CaseAnswered]
) -> list[Kept | CaseAnswered]:
    """Put answers between entries by their times; entries keep their own order.

    An answer never comes before the revision that it speaks of. Answers that a district
    had lost may have come after later ones: they stand in the order they were given in.
    """
    left = sorted(answers, key=lambda said: (said.revision, said.answered_at))
    merged: list[Kept | CaseAnswered] = []
    revision = -1
    for kept in entries:
        entry = kept[1]
        at = entry.again.clocks.wall if entry.again else entry.clocks.wall
        while left and left[0].answered_at <= at and left[0].revision <= revision:
            merged.append(left.pop(0))
        merged.append(kept)
        revision = _revision_after(entry, revision)
    return [*merged, *left]


def _revision_after(entry: JournalEntry, revision: int) -> int:
    match entry.body:
        case CaseReceived():
            return 0
        case CaseResubmitted(revision=new) | CorrectedOnSpot(revision=new):
            return new
        case _:
            return revision


def _application(entry: JournalEntry) -> Application:
    body = entry.body
    if not isinstance(body, CaseReceived | CaseResubmitted | CorrectedOnSpot):
        raise TypeError(body.kind)
    return body.application


def _received(entry: JournalEntry, item: Item | None) -> cases.CaseRecord:
    body = entry.body
    if not isinstance(body, CaseReceived):
        raise TypeError(body.kind)
    record = row_of(
        body.application, item, received_at=body.received_at, by=entry.operator,
        visit=body.visit, batch=body.batch,
    )  # fmt: skip
    return replace(record, number=body.number)


def _by_proof(tx: Transaction, record: cases.CaseRecord) -> cases.CaseRecord:
    """Keep the day of T0 that anchors have proved; a case's own steps do not say it."""
    shown = cases.get(tx, record.number)
    day = standing.read(shown).true_received_on if shown else None
    return record if day is None else standing.truly_received(record, day)


def _stepped(
    record: cases.CaseRecord, entry: JournalEntry, item: Item | None,
    calendar: WorkingCalendar,
) -> cases.CaseRecord:  # fmt: skip
    body = entry.body
    if not isinstance(body, CaseStep | CaseResubmitted):
        return record
    day = _day_of(body, entry)
    before = standing.standing_of(record, item, calendar, day=day)
    forced = replace(before, state=MOVES[body.kind][1] or before.state)
    after = forced
    if isinstance(body, CaseResubmitted):
        after = replace(before, state=CaseState.RESUBMITTED)
    else:
        found = after_step(before, body)
        after = forced if isinstance(found, Code) else found
    kept = standing.with_step(
        standing.read(record), after, body, day=day,
        received_on=standing.received_on(record),
    )  # fmt: skip
    record = replace(record, state=after.state, standing=kept.model_dump_json())
    if isinstance(body, CaseResubmitted | CorrectedOnSpot):
        record = revised(record, body.application, revision=body.revision)
    if isinstance(body, PapersMoved):
        record = replace(record, papers=body.to, bag=body.bag)
    return record


def _day_of(body: CaseStep | CaseResubmitted, entry: JournalEntry) -> date:
    at: datetime = entry.clocks.wall
    if isinstance(body, CaseResubmitted):
        at = body.resubmitted_at
    elif isinstance(body, CaseStep):
        at = body.at
    return standing.local_day(at)
