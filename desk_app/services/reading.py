"""Look at cases: lists, one case whole, the board."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import TypeAdapter

from desk_app.services.catalogue import current_calendar, current_edition
from desk_app.services.deadlines import deadlines_of, running
from desk_app.services.hands import Workplace
from desk_app.services.shown import (
    AnswerShown,
    Board,
    CasePage,
    CaseRow,
    CaseView,
    SyncStatus,
    TimelineLine,
)
from desk_app.store import cases, drafts, feed, journal, operators, outbox
from desk_app.store.vault import Transaction
from desk_app.text.words import CHINA
from schemas.calendars import WorkingCalendar
from schemas.case import CaseReceived, CaseResubmitted, CaseState
from schemas.catalogue import Edition
from schemas.feed import CaseAnswered
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem

_LAST_BOARD_ROWS = 20
_DUE_LOOKED_AT = 500
_revision: TypeAdapter[CaseReceived | CaseResubmitted] = TypeAdapter(
    CaseReceived | CaseResubmitted
)


@dataclass(frozen=True)
class Reader:
    """What rows are made with: the edition, the calendar, today."""

    edition: Edition
    calendar: WorkingCalendar
    today: date

    def row(self, tx: Transaction, record: cases.CaseRecord) -> CaseRow:
        """Return one line of a list."""
        item = self.edition.item(record.item_code)
        received_at = datetime.fromisoformat(record.received_at)
        state = CaseState(record.state)
        shown = (
            deadlines_of(item, received_at, self.calendar, today=self.today)
            if item
            else ()
        )
        return CaseRow(
            number=record.number,
            item_code=record.item_code,
            item_name=item.name if item else record.item_code,
            applicant_name=record.applicant_name,
            id_masked=masked(record.identity),
            received_at=received_at,
            state=state,
            synced=outbox.is_receipted(
                tx, epoch=record.last_epoch, sequence=record.last_sequence
            ),
            deadline=running(state, shown),
        )


def masked(identity: str) -> str:
    """Return an id with its middle hidden: first 6 and last 4 stay (catalogue)."""
    return f"{identity[:6]}{'*' * (len(identity) - 10)}{identity[-4:]}"


def reader(place: Workplace) -> Reader:
    """Return a reader for now."""
    today = place.hands.now().astimezone(CHINA).date()
    return Reader(current_edition(place), current_calendar(place), today)


def list_cases(
    place: Workplace, wanted: cases.CaseFilter, *, page: int, page_size: int
) -> CasePage:
    """Return one page of a list."""
    look = reader(place)
    with place.vault.read() as tx:
        records, total = cases.page(
            tx, wanted, limit=page_size, offset=page * page_size
        )
        return CasePage(tuple(look.row(tx, each) for each in records), total)


def view_case(place: Workplace, number: str) -> CaseView:
    """Return all of one case; `Problem(CASE_UNKNOWN)`."""
    look = reader(place)
    with place.vault.read() as tx:
        record = cases.get(tx, number)
        if record is None:
            raise Problem(Code.CASE_UNKNOWN, number=number)
        latest = _revision.validate_json(
            cases.revision(tx, number, record.revision) or ""
        )
        first = CaseReceived.model_validate_json(cases.revision(tx, number, 0) or "")
        row = look.row(tx, record)
        answers = tuple(_answers(tx, number))
        timeline = [*_steps(tx, number), *map(_answer_line, answers)]
    item = look.edition.item(record.item_code)
    return CaseView(
        row=row,
        application=latest.application,
        revision=record.revision,
        deadlines=deadlines_of(item, row.received_at, look.calendar, today=look.today)
        if item
        else (),
        timeline=tuple(sorted(timeline, key=lambda line: line.at)),
        answers=answers,
        official_number=record.official_number,
        back_entry_reason=first.back_entry.reason if first.back_entry else None,
    )


def _answers(tx: Transaction, number: str) -> list[AnswerShown]:
    found = []
    for position, body in feed.of_case(tx, number):
        if json.loads(body).get("kind") == "case_answered":
            said = CaseAnswered.model_validate_json(body)
            found.append(
                AnswerShown(position, said.answered_at, said.answered_by, said.answer)
            )
    return found


def _answer_line(shown: AnswerShown) -> TimelineLine:
    kind = shown.answer.kind
    return TimelineLine(
        shown.answered_at, f"answer_{kind}", shown.answered_by, "", synced=True
    )


def _steps(tx: Transaction, number: str) -> list[TimelineLine]:
    names = {each.operator_id: each.name for each in operators.all_of(tx)}
    steps = []
    for kept in journal.of_case(tx, number):
        entry = JournalEntry.model_validate_json(kept.entry)
        body = entry.body
        detail = body.reason if isinstance(body, CaseResubmitted) else ""
        steps.append(
            TimelineLine(
                entry.clocks.wall,
                body.kind,
                names.get(entry.operator, entry.operator),
                detail,
                synced=outbox.is_receipted(
                    tx, epoch=kept.epoch, sequence=kept.sequence
                ),
            )
        )
    return steps


def board(place: Workplace, sync: SyncStatus) -> Board:
    """Return the first screen of the day: what presses first comes first."""
    look = reader(place)
    with place.vault.read() as tx:
        open_cases, _ = cases.page(
            tx, cases.CaseFilter(open_only=True), limit=_DUE_LOOKED_AT, offset=0
        )
        rows = [look.row(tx, each) for each in open_cases]
        answered, _ = cases.page(
            tx, cases.CaseFilter(answered_only=True), limit=_LAST_BOARD_ROWS, offset=0
        )
        today = cases.CaseFilter(day=look.today.isoformat())
        _, today_received = cases.page(tx, today, limit=1, offset=0)
        waiting_drafts = len(drafts.all_of(tx))
        answered_rows = tuple(look.row(tx, each) for each in answered)
    rows.sort(key=lambda row: row.deadline.day if row.deadline else date.max)
    return Board(
        today_received=today_received,
        drafts=waiting_drafts,
        due=tuple(rows[:_LAST_BOARD_ROWS]),
        answered=answered_rows,
        sync=sync,
        calendar_complete_through=look.calendar.holidays.complete_through,
    )
