"""Take an application at the window: the number, T0, the journal entry, the receipt.

One transaction: the record, its audit line, its journal entry, and the draft gone.
It holds what must be durable and nothing that can be read again from it: what the case
is found by is written afterwards (desk_app.services.finding).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desk_app.services import (
    applications,
    finding,
    freezing,
    journalling,
    listing,
    registering,
    standing,
    stepping,
)
from desk_app.services.catalogue import current_edition, in_use_in
from desk_app.services.drafting import application_of, get_in, require_item
from desk_app.services.hands import Workplace
from desk_app.services.shown import Draft
from desk_app.store import (
    audit,
    blanks,
    cases,
    drafts,
    numbers,
    pages,
    settings,
)
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.case import (
    Application,
    BackEntry,
    CaseReceived,
    CaseResubmitted,
    Visit,
)
from schemas.casework import MOVES
from schemas.catalogue import Edition
from schemas.problems import Code, Problem

# A desk's clock may run a little behind the one a slip was written by.
_TOLERANCE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class When:
    """T0, why it is entered only now if that is another day, and where it was.

    `batch` names the visit of one applicant with several vessels.
    """

    received_at: datetime | None = None
    reason: str | None = None
    visit: Visit | None = None
    batch: str | None = None
    control: str | None = None
    """The control number of the blank form that was filled in during a power cut."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft that can be a case: read, checked, its legal day counted.

    `record` lacks what only the save can give: a number and a place in the journal.
    """

    draft_id: str
    application: Application
    received_at: datetime
    back_entry: BackEntry | None
    when: When
    record: cases.CaseRecord
    now: datetime


def receive_case(place: Workplace, draft_id: str, when: When) -> str:
    """Accept a draft as a case; returns its number.

    `Problem(FORM_HAS_FAULTS)`, `NOT_ENROLLED`, `RECEIVED_IN_FUTURE`,
    `BACK_ENTRY_NEEDS_REASON`, `NUMBERING_FROZEN`: the draft stays in each.
    """
    return save(place, checked(place, draft_id, when))


def checked(place: Workplace, draft_id: str, when: When) -> Checked:
    """Return what a draft says, if nothing forbids to accept it; writes nothing."""
    now = place.hands.now()
    with place.vault.read() as tx:
        draft = get_in(tx, draft_id)
        edition, calendar = in_use_in(tx)
    application = application_of(edition, draft, now=now)
    item = require_item(edition, application.item_code)
    received_at = when.received_at or now
    record = applications.row_of(
        application, item, received_at=received_at, by=place.operator,
        visit=when.visit, batch=when.batch,
    )  # fmt: skip
    return Checked(
        draft_id=draft_id,
        application=application,
        received_at=received_at,
        back_entry=_back_entry(when, received_at, now),
        when=when,
        record=standing.with_due(record, item, calendar, today=standing.local_day(now)),
        now=now,
    )


def save(place: Workplace, given: Checked) -> str:
    """Give the number and write the case down, durable when this returns (P1)."""
    when, now = given.when, given.now
    control = given.back_entry.control if given.back_entry else ""
    with place.vault.write() as tx:
        if not drafts.remove(tx, given.draft_id):
            # Another window was faster.
            raise Problem(Code.DRAFT_UNKNOWN)
        town, terminal = settings.several(tx, "town", "terminal")
        if town is None or terminal is None:
            raise Problem(Code.NOT_ENROLLED)
        freezing.require_numbers(tx, now=now)
        day = standing.local_day(now)
        number = numbers.take(tx, town=town, terminal=terminal, day=day)
        body = CaseReceived(
            number=number,
            received_at=given.received_at,
            application=given.application,
            back_entry=given.back_entry,
            visit=when.visit,
            batch=when.batch,
        )
        kept = journalling.append(tx, place, body, number=number)
        record = replace(
            given.record,
            number=number,
            last_epoch=kept.epoch,
            last_sequence=kept.sequence,
        )
        cases.add(tx, record)
        if pages.move(tx, given.draft_id, number):
            listing.list_scans(tx, place, number)
        if control and not blanks.used(tx, control, number):
            raise Problem(Code.BLANK_UNKNOWN, control=control)
        audit.note(tx, "case_received", number, operator=place.operator, now=now)
    return number


def _back_entry(when: When, received_at: datetime, now: datetime) -> BackEntry | None:
    """What is dated earlier than now is back-entered: with a reason, and marked."""
    if received_at > now + _TOLERANCE:
        raise Problem(Code.RECEIVED_IN_FUTURE)
    if received_at >= now - _TOLERANCE and not (when.reason or when.control):
        return None
    if not when.reason or len(when.reason.strip()) < 2:  # noqa: PLR2004 - a word
        raise Problem(Code.BACK_ENTRY_NEEDS_REASON)
    control = (when.control or "").strip().upper()
    return BackEntry(reason=when.reason.strip(), entered_at=now, control=control)


def revised(
    tx: Transaction,
    record: cases.CaseRecord,
    application: Application,
    *,
    edition: Edition,
    at: str,
) -> cases.CaseRecord:
    """Show a corrected application as the next revision; returns the case with it.

    What it says of the applicant, the agent and the vessel is recalled from now on.
    """
    item = require_item(edition, application.item_code)
    revised_record = applications.revised(
        record, application, revision=record.revision + 1
    )
    finding.catch_up_in(tx)
    cases.words_changed(tx, revised_record, finding.words_of(application))
    registering.remember(tx, application, item, number=record.number, at=at)
    return revised_record


def resubmit(place: Workplace, draft: Draft, *, reason: str) -> None:
    """Hand in again what the district returned: a new entry, T0 untouched.

    `Problem(CASE_NOT_RETURNED)` unless the district asked for a correction.
    """
    number = draft.answers_case or ""
    now = place.hands.now()
    if len(reason.strip()) < 2:  # noqa: PLR2004 - a word
        raise Problem(Code.REASON_MISSING)
    edition = current_edition(place)
    application = application_of(edition, draft, now=now)
    with place.vault.write() as tx:
        record = cases.get(tx, number)
        if record is None:
            raise Problem(Code.CASE_UNKNOWN, number=number)
        if record.state not in MOVES["case_resubmitted"][0]:
            raise Problem(Code.CASE_NOT_RETURNED)
        at, back_entry = stepping.taken_at(place, record, now)
        body = CaseResubmitted(
            number=number,
            revision=record.revision + 1,
            reason=reason.strip(),
            resubmitted_at=at,
            application=application,
            back_entry=back_entry,
        )
        again = revised(tx, record, application, edition=edition, at=utc_text(now))
        stepping.resubmitted(place, tx, again, body)
        drafts.remove(tx, draft.draft_id)
        if pages.move(tx, draft.draft_id, number):
            listing.list_scans(tx, place, number)
        audit.note(tx, "case_resubmitted", number, operator=place.operator, now=now)
