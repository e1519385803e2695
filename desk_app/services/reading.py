"""Look at cases: lists, one case whole, the board."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel

from desk_app.services import days, finding, standing
from desk_app.services.catalogue import current_calendar, current_edition
from desk_app.services.deadlines import deadlines_of, effects_of_law
from desk_app.services.hands import Workplace
from desk_app.services.shown import (
    AnswerShown,
    Board,
    CasePage,
    CaseRow,
    CaseView,
    DeadlineShown,
    SyncStatus,
    TimelineLine,
)
from desk_app.services.stepping import known, may
from desk_app.services.steps import latest_application, owed_materials
from desk_app.store import (
    cases,
    drafts,
    feed,
    journal,
    operators,
    outbox,
    scans,
)
from desk_app.store.vault import Transaction
from desk_app.text.words import CHINA, Words, local_time
from schemas.calendars import WorkingCalendar
from schemas.case import CaseReceived, CaseState
from schemas.casework import allowed
from schemas.catalogue import Edition
from schemas.feed import CaseAnswered
from schemas.identity import masked
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem

_BOARD_ROWS = 20
_TELLING = ("what", "reason", "signer", "bag", "outcome", "to", "words")


@dataclass(frozen=True)
class Reader:
    """What rows are made with: the edition, the calendar, today."""

    edition: Edition
    calendar: WorkingCalendar
    today: date

    def row(self, tx: Transaction, record: cases.CaseRecord) -> CaseRow:
        """Return one line of a list."""
        item = self.edition.item(record.item_code)
        running = (each for each in self.deadlines(record) if not each.paused)
        return CaseRow(
            number=record.number,
            item_code=record.item_code,
            item_name=item.name if item else record.item_code,
            applicant_name=record.applicant_name,
            id_masked=masked(record.identity),
            received_at=datetime.fromisoformat(record.received_at),
            state=CaseState(record.state),
            synced=outbox.is_receipted(
                tx, epoch=record.last_epoch, sequence=record.last_sequence
            ),
            deadline=next(running, None),
            vessel=record.vessel,
            phone=record.phone,
        )

    def deadlines(self, record: cases.CaseRecord) -> tuple[DeadlineShown, ...]:
        """Return the legal days of a case."""
        item = self.edition.item(record.item_code)
        return deadlines_of(record, item, self.calendar, today=self.today)


def reader(place: Workplace) -> Reader:
    """Return a reader for now."""
    today = place.hands.now().astimezone(CHINA).date()
    return Reader(current_edition(place), current_calendar(place), today)


def list_cases(
    place: Workplace, wanted: cases.CaseFilter, *, page: int, page_size: int
) -> CasePage:
    """Return one page of a list."""
    look = reader(place)
    with finding.looking(place) as tx:
        records, total = cases.page(
            tx, wanted, limit=page_size, offset=page * page_size
        )
        return CasePage(tuple(look.row(tx, each) for each in records), total)


def view_case(place: Workplace, number: str) -> CaseView:
    """Return all of one case; `Problem(CASE_UNKNOWN)`."""
    look = reader(place)
    with place.vault.read() as tx:
        record = known(tx, number)
        application = latest_application(tx, record)
        first = _receipt_of(tx, number)
        row = look.row(tx, record)
        answers = tuple(_answers(tx, number))
        carried = scans.of_case(tx, number)
        timeline = [*_steps(tx, number), *map(_answer_line, answers)]
    item = look.edition.item(record.item_code)
    return CaseView(
        row=row,
        application=application,
        revision=record.revision,
        deadlines=look.deadlines(record),
        timeline=tuple(sorted(timeline, key=lambda line: line.at)),
        answers=answers,
        official_number=record.official_number,
        back_entry_reason=first.back_entry.reason if first.back_entry else None,
        allowed=tuple(
            kind
            for kind in allowed(
                standing.standing_of(record, item, look.calendar, day=look.today)
            )
            if may(place, kind, record) is None
        ),
        effects=effects_of_law(record, item, look.calendar, today=look.today),
        owed=owed_materials(place, application),
        deferred=standing.read(record).owed,
        papers=record.papers,
        bag=record.bag,
        visit=first.visit,
        rated=standing.read(record).rated,
        scans=carried.every,
        scans_at_district=carried.at_district,
        scans_refused=carried.refused,
    )


def _answers(tx: Transaction, number: str) -> list[AnswerShown]:
    found: dict[str, AnswerShown] = {}
    for position, body in feed.of_case(tx, number):
        if json.loads(body).get("kind") == "case_answered":
            said = CaseAnswered.model_validate_json(body)
            # A district that was put back may say the same thing once more.
            found.setdefault(
                said.model_dump_json(exclude={"salt"}),
                AnswerShown(position, said.answered_at, said.answered_by, said.answer),
            )
    return list(found.values())


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
        detail, at = detail_of(body), entry.clocks.wall
        late = getattr(body, "back_entry", None)
        if late is not None:
            at = _happened_at(body) or at
            mark = Words("desk")(
                "timeline.back_entry", reason=late.reason,
                at=local_time(late.entered_at),
            )  # fmt: skip
            detail = "；".join(filter(None, (detail, mark)))
        steps.append(
            TimelineLine(
                at,
                body.kind,
                names.get(entry.operator, entry.operator),
                detail,
                synced=outbox.is_receipted(
                    tx, epoch=kept.epoch, sequence=kept.sequence
                ),
            )
        )
    return steps


def _happened_at(body: BaseModel) -> datetime | None:
    names = ("at", "received_at", "resubmitted_at")
    found = (getattr(body, name, None) for name in names)
    return next((at for at in found if isinstance(at, datetime)), None)


def detail_of(body: BaseModel) -> str:
    """Return what a step says in its own words, for the time line."""
    told = getattr(body, "missing", ())
    parts = [*told, *(str(getattr(body, name, "")) for name in _TELLING)]
    return "；".join(part for part in parts if part)


def board(place: Workplace, sync: SyncStatus) -> Board:
    """Return the first screen of the day: what presses first comes first."""
    look = reader(place)
    owed = days.owed(place)
    with place.vault.read() as tx:
        due = tuple(look.row(tx, each) for each in cases.due(tx, limit=_BOARD_ROWS))
        answered = cases.answered(tx, limit=_BOARD_ROWS)
        return Board(
            today_received=cases.count_on(tx, look.today.isoformat()),
            drafts=drafts.count(tx),
            due=due,
            answered=tuple(look.row(tx, each) for each in answered),
            sync=sync,
            calendar_complete_through=look.calendar.holidays.complete_through,
            days=owed,
        )


def _receipt_of(tx: Transaction, number: str) -> CaseReceived:
    entry = journal.entry_of(tx, number, ("case_received",), 0)
    if entry is None:
        raise Problem(Code.VAULT_DAMAGED)
    return CaseReceived.model_validate(json.loads(entry)["body"])
