"""Take an application at the window: the number, T0, the journal entry, the receipt.

One transaction: the record, its audit line, its journal entry, and the draft gone.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pypinyin import Style, lazy_pinyin

from desk_app.services import journalling
from desk_app.services.catalogue import current_edition
from desk_app.services.drafting import application_of, get
from desk_app.services.hands import Workplace
from desk_app.services.shown import Draft
from desk_app.store import applicants, audit, cases, drafts, numbers, search, settings
from desk_app.store.vault import Transaction
from desk_app.text.words import CHINA
from schemas.applicant import identity_of
from schemas.base import utc_text
from schemas.case import (
    Application,
    BackEntry,
    CaseReceived,
    CaseResubmitted,
    CaseState,
)
from schemas.problems import Code, Problem

# A desk's clock may run a little behind the one a slip was written by.
_TOLERANCE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class When:
    """T0, and why it is entered only now if that is another day."""

    received_at: datetime | None = None
    reason: str | None = None


def receive_case(place: Workplace, draft_id: str, when: When) -> str:
    """Accept a draft as a case; returns its number.

    `Problem(FORM_HAS_FAULTS)`, `NOT_ENROLLED`, `RECEIVED_IN_FUTURE`,
    `BACK_ENTRY_NEEDS_REASON`: the draft stays in each.
    """
    draft = get(place, draft_id)
    now = place.hands.now()
    application = application_of(current_edition(place), draft, now=now)
    received_at = when.received_at or now
    back_entry = _back_entry(when, received_at, now)
    with place.vault.write() as tx:
        if drafts.get(tx, draft_id) is None:
            raise Problem(Code.DRAFT_UNKNOWN)
        terminal = settings.get(tx, "terminal")
        town = settings.get(tx, "town")
        if terminal is None or town is None:
            raise Problem(Code.NOT_ENROLLED)
        day = now.astimezone(CHINA).date()
        number = numbers.take(tx, town=town, terminal=terminal, day=day)
        body = CaseReceived(
            number=number,
            received_at=received_at,
            application=application,
            back_entry=back_entry,
        )
        kept = journalling.append(tx, place, body, number=number)
        record = cases.CaseRecord(
            number=number,
            item_code=application.item_code,
            applicant_name=application.applicant.name,
            identity=identity_of(application.applicant),
            phone=application.applicant.phone,
            received_at=utc_text(received_at),
            received_day=received_at.astimezone(CHINA).date().isoformat(),
            state=CaseState.RECEIVED,
            revision=0,
            last_epoch=kept.epoch,
            last_sequence=kept.sequence,
        )
        cases.add(tx, record, body=body.model_dump_json(), words=_words(application))
        _remember(tx, application, at=utc_text(now))
        drafts.remove(tx, draft_id)
        audit.note(tx, "case_received", number, operator=place.operator, now=now)
    return number


def _back_entry(when: When, received_at: datetime, now: datetime) -> BackEntry | None:
    if received_at > now + _TOLERANCE:
        raise Problem(Code.RECEIVED_IN_FUTURE)
    same_day = received_at.astimezone(CHINA).date() == now.astimezone(CHINA).date()
    if same_day and not when.reason:
        return None
    if not when.reason or len(when.reason.strip()) < 2:  # noqa: PLR2004 - a word
        raise Problem(Code.BACK_ENTRY_NEEDS_REASON)
    return BackEntry(reason=when.reason.strip(), entered_at=now)


def _words(application: Application) -> str:
    name = application.applicant.name
    form = application.form
    texts = [value for value in form.values() if isinstance(value, str)]
    vessel = form.get("vessel_name_no")
    return search.words_of(
        [
            name,
            _initials(name),
            _pinyin(name),
            application.applicant.address,
            vessel if isinstance(vessel, str) else "",
            *(text for text in texts if len(text) < 60),  # noqa: PLR2004 - no essays
        ]
    )


def _initials(name: str) -> str:
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore"))


def _pinyin(name: str) -> str:
    return "".join(lazy_pinyin(name, errors="ignore"))


def _remember(tx: Transaction, application: Application, *, at: str) -> None:
    person = application.applicant
    applicants.remember(
        tx,
        applicants.ApplicantRecord(
            identity=identity_of(person),
            body=person.model_dump_json(),
            name=person.name,
            initials=_initials(person.name),
            pinyin=_pinyin(person.name),
            phone=person.phone,
            used_at=at,
        ),
    )


def resubmit(place: Workplace, draft: Draft, *, reason: str) -> None:
    """Hand in again what the district returned: a new entry, T0 untouched.

    `Problem(CASE_NOT_RETURNED)` unless the district asked for a correction.
    """
    number = draft.answers_case or ""
    now = place.hands.now()
    if len(reason.strip()) < 2:  # noqa: PLR2004 - a word
        raise Problem(Code.REASON_MISSING)
    application = application_of(current_edition(place), draft, now=now)
    with place.vault.write() as tx:
        record = cases.get(tx, number)
        if record is None:
            raise Problem(Code.CASE_UNKNOWN, number=number)
        if record.state != CaseState.RETURNED:
            raise Problem(Code.CASE_NOT_RETURNED)
        body = CaseResubmitted(
            number=number,
            revision=record.revision + 1,
            reason=reason.strip(),
            resubmitted_at=now,
            application=application,
        )
        kept = journalling.append(tx, place, body, number=number)
        cases.add_revision(tx, number, body.revision, body.model_dump_json())
        cases.stepped(
            tx,
            replace(
                record,
                state=CaseState.RESUBMITTED,
                revision=body.revision,
                last_epoch=kept.epoch,
                last_sequence=kept.sequence,
            ),
        )
        drafts.remove(tx, draft.draft_id)
        audit.note(tx, "case_resubmitted", number, operator=place.operator, now=now)
