"""Take what the district gives out: editions, calendars, notices, commands.

Rule 1: all of it in the transaction that moves the feed's cursor.
Rule 2: nothing holds up the feed: what cannot be used is kept, said so, and an edition
        whose base is missing or whose text is broken is asked for whole.
Rule 3: numbers only go forward, and a text is put into use on its day, not before.
"""

import json
from typing import Final

from pydantic import TypeAdapter, ValidationError

from desk_app.services import journalling, standing
from desk_app.services.catalogue import shipped
from desk_app.services.hands import Workplace
from desk_app.services.journalling import require_setting
from desk_app.store import audit, former_keys, publications, texts
from desk_app.store.publications import CommandRecord, NoticeRecord, PublicationRecord
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.calendars import ClosedSeasons, Holidays
from schemas.catalogue import Edition
from schemas.editions import rule_faults
from schemas.encoding import base64_bytes
from schemas.enrolment import Charter
from schemas.feed import FeedBody
from schemas.problems import Code, Problem
from schemas.publications import (
    CalendarPublished,
    DeviceCommand,
    EditionPublished,
    EditionWanted,
    NoticePublished,
)
from sync.seal.enrolment import document_digest
from sync.seal.publications import edition_text, publication_is_genuine

KINDS: Final = (
    "edition_published",
    "calendar_published",
    "notice_published",
    "device_command",
)
_body: TypeAdapter[FeedBody] = TypeAdapter(FeedBody)


def take(place: Workplace, tx: Transaction, body: FeedBody, position: int) -> None:
    """Keep and use what the district gives out; other bodies are not for here."""
    match body:
        case EditionPublished():
            _edition(place, tx, body, position)
            put_into_use(place, tx)
        case CalendarPublished():
            _calendar(tx, body, position)
            put_into_use(place, tx)
        case NoticePublished():
            until = body.until.isoformat() if body.until else None
            notice = NoticeRecord(
                position, body.text, utc_text(body.published_at), body.published_by,
                until, (),
            )  # fmt: skip
            publications.add_notice(tx, notice)
        case DeviceCommand():
            arguments = json.dumps(body.arguments)
            publications.add_command(
                tx, CommandRecord(position, body.command, arguments, None)
            )
        case _:
            return


def _edition(
    place: Workplace, tx: Transaction, body: EditionPublished, position: int
) -> None:
    try:
        text = _checked_text(tx, body)
    except Problem as problem:
        lacking = problem.code is Code.KEY_MISSING
        _keep(tx, body, position, "lacking" if lacking else "refused", problem=problem)
        # A whole edition that is broken would come broken again: people must look.
        if body.base is not None and problem.code is not Code.SIGNATURE_INVALID:
            wanted = EditionWanted(
                edition=body.edition, digest=body.digest, position=position
            )
            journalling.append(tx, place, wanted, number="")
        return
    if text is None:
        _keep(tx, body, position, "passed")
    else:
        _keep(tx, body, position, "waiting", text=text)


def _checked_text(tx: Transaction, body: EditionPublished) -> str | None:
    """Return the text of an edition to use, None where a later one is here already.

    `Problem(SIGNATURE_INVALID)`, `Problem(KEY_MISSING)` without its base,
    `Problem(PUBLICATION_BROKEN)`, `Problem(EDITION_INVALID)`.
    """
    if not _is_genuine(tx, body):
        raise Problem(Code.SIGNATURE_INVALID)
    current = Edition.model_validate_json(_newest_text(tx, "edition"))
    waiting = publications.newest_number(tx, "edition")
    if body.edition <= max(current.edition, waiting):
        return None
    text = edition_text(body, base=_base(tx, body))
    try:
        edition = Edition.model_validate_json(text)
    except ValidationError as error:
        raise Problem(Code.EDITION_INVALID, count=error.error_count()) from error
    said = (body.edition, body.effective_from)
    faults = rule_faults(edition, current=current)
    if faults or (edition.edition, edition.effective_from) != said:
        raise Problem(Code.EDITION_INVALID, count=max(1, len(faults)))
    return text


def _base(tx: Transaction, body: EditionPublished) -> str | None:
    if body.base is None:
        return None
    here = (
        *(each.text for each in publications.waiting(tx) if each.text is not None),
        *texts.all_of(tx, "edition"),
        shipped("edition"),
    )
    for text in here:
        if document_digest(text) == body.base:
            return text
    raise Problem(Code.KEY_MISSING, key=body.base[:8])


def _calendar(tx: Transaction, body: CalendarPublished, position: int) -> None:
    state, problem = "waiting", None
    model = Holidays if body.calendar == "holidays" else ClosedSeasons
    try:
        if not _is_genuine(tx, body) or document_digest(body.text) != body.digest:
            raise Problem(Code.SIGNATURE_INVALID)
        model.model_validate_json(body.text)
    except Problem as found:
        state, problem = "refused", found
    except ValidationError:
        state = "refused"
        problem = Problem(Code.PUBLICATION_BROKEN, number=body.number)
    if state == "waiting" and body.number <= publications.newest_number(
        tx, body.calendar
    ):
        state = "passed"
    text = body.text if state == "waiting" else None
    _keep(tx, body, position, state, text=text, problem=problem)


def _keep(
    tx: Transaction,
    body: EditionPublished | CalendarPublished,
    position: int,
    state: str,
    *,
    text: str | None = None,
    problem: Problem | None = None,
) -> None:
    publications.add(
        tx,
        PublicationRecord(
            position=position,
            kind="edition" if isinstance(body, EditionPublished) else body.calendar,
            number=body.edition if isinstance(body, EditionPublished) else body.number,
            effective_from=body.effective_from.isoformat(),
            digest=body.digest,
            text=text,
            state=state,
            problem=int(problem.code) if problem else None,
        ),
    )


def _is_genuine(tx: Transaction, body: EditionPublished | CalendarPublished) -> bool:
    charter = Charter.model_validate_json(require_setting(tx, "charter"))
    # While the district changes keys, both the former and the present are believed.
    believed = (base64_bytes(charter.answers_key), *former_keys.of(tx, "answers"))
    return any(publication_is_genuine(body, each) for each in believed)


def _newest_text(tx: Transaction, kind: str) -> str:
    newest = texts.newest(tx, kind)
    return newest[1] if newest else shipped(kind)


def put_into_use(place: Workplace, tx: Transaction) -> int:
    """Put what waits and whose day has come into use; returns how many."""
    now = place.hands.now()
    today = standing.local_day(now)
    used = 0
    for each in publications.waiting(tx, today.isoformat()):
        if each.text is None:
            continue
        newest = texts.newest(tx, each.kind)
        number = newest[0] + 1 if newest else 1
        state = "in_use"
        if each.kind == "edition":
            current = Edition.model_validate_json(_newest_text(tx, "edition"))
            number = each.number
            # One that was loaded by hand meanwhile may be later.
            state = "in_use" if each.number > current.edition else "passed"
        if state == "in_use":
            texts.keep(tx, each.kind, number, each.text, at=utc_text(now))
            what = "edition_loaded" if each.kind == "edition" else "calendar_loaded"
            subject = f"{each.kind} {each.number}"
            audit.note(tx, what, subject, operator=None, now=now)
            used += 1
        publications.settle(tx, each.position, state, at=utc_text(now))
    return used


def catch_up(place: Workplace) -> int:
    """Use what an older program kept unread, and what holds from today on.

    Called when the desk is unlocked and by the clock; returns how many texts changed.
    """
    with place.vault.read() as tx:
        unread = publications.unread_kinds(tx, KINDS)
        due = publications.waiting(
            tx, standing.local_day(place.hands.now()).isoformat()
        )
    if not unread and not due:
        return 0
    with place.vault.write() as tx:
        # Another process may have been first.
        for position, text in publications.unread_kinds(tx, KINDS):
            take(place, tx, _body.validate_json(text), position)
        return put_into_use(place, tx)
