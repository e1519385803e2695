"""Give out editions, calendars, notices and commands; each desk is sent each once.

Rule 1: numbers only go forward; an edition drops no item and says since when it holds.
Rule 2: what a desk lacks follows from the record alone, so that a desk that joined
        later, or a pass that was cut short, is sent what is missing by the next pass.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import Final

from pydantic import ValidationError

from schemas.calendars import ClosedSeasons, Holidays
from schemas.catalogue import Edition
from schemas.editions import rule_faults
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem
from schemas.publications import (
    CalendarKind,
    DeviceCommand,
    EditionWanted,
    NoticePublished,
)
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.publications import Publication
from sync.district.ledger.record import Record
from sync.district.ledger.sealed import SealedLedger
from sync.seal.enrolment import document_digest
from sync.seal.publications import Published, publish_calendar, publish_edition

COMMANDS: Final = ("make_backup", "send_statement", "lock_when_idle")
_CALENDARS: Final[Mapping[CalendarKind, type[Holidays] | type[ClosedSeasons]]] = {
    "holidays": Holidays,
    "closed_seasons": ClosedSeasons,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of an edition: where, and what."""

    place: str
    what: str


def shipped_edition() -> str:
    """Return the text of the edition that came with the program."""
    return files("assets").joinpath("catalogue", "edition-1.json").read_text("utf-8")


def newest_edition(record: Record) -> str:
    """Return the text of the edition given out last, or of the shipped one."""
    number = record.publications.newest_number("edition")
    found = record.publications.numbered("edition", number) if number else None
    return found.body if found else shipped_edition()


def publish_new_edition(
    record: Record, text: str, *, by: str, now: datetime
) -> tuple[Fault, ...]:
    """Give an edition out, or return its faults and change nothing.

    `Problem(EDITION_NOT_NEWER)` for one that is not above the last.
    """
    try:
        edition = Edition.model_validate_json(text)
    except ValidationError as error:
        return tuple(
            Fault("/".join(map(str, each["loc"])), each["msg"])
            for each in error.errors()
        )
    current = Edition.model_validate_json(newest_edition(record))
    faults = rule_faults(edition, current=current)
    if faults:
        return tuple(Fault(each.place, f"{each.kind} {each.name}") for each in faults)
    if edition.edition <= current.edition:
        raise Problem(
            Code.EDITION_NOT_NEWER, edition=edition.edition, current=current.edition
        )
    record.publications.publish(
        "edition", text, number=edition.edition,
        effective_from=edition.effective_from, by=by, now=now,
    )  # fmt: skip
    record.note(by, "edition_published", str(edition.edition), now=now)
    return ()


def publish_new_calendar(
    record: Record, text: str, *, effective_from: date, by: str, now: datetime
) -> str:
    """Give holidays or closed seasons out; returns which of the two it was.

    `Problem(CALENDAR_INVALID)` for a text that is neither.
    """
    reason = ""
    for kind, model in _CALENDARS.items():
        try:
            model.model_validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            if first["loc"] != ("format",):
                reason = f"{'/'.join(map(str, first['loc']))} {first['msg']}"
            continue
        record.publications.publish(
            kind, text, effective_from=effective_from, by=by, now=now
        )
        record.note(by, "calendar_published", kind, now=now)
        return kind
    raise Problem(Code.CALENDAR_INVALID, what="format", detail=reason[:200])


def publish_notice(
    record: Record,
    text: str,
    *,
    until: date | None,
    by: str,
    today: date,
    now: datetime,
) -> None:
    """Give words out to every clerk; `Problem(ANSWER_INCOMPLETE)` without any."""
    try:
        notice = NoticePublished(
            text=text.strip(), published_at=now, published_by=by, until=until
        )
    except ValidationError as error:
        raise Problem(Code.ANSWER_INCOMPLETE, field="text") from error
    record.publications.publish(
        "notice", notice.model_dump_json(), effective_from=today, by=by, now=now
    )
    record.note(by, "notice_published", notice.text[:40], now=now)


def order_command(
    record: Record, device: str, command: str, *, arguments: Mapping[str, str],
    by: str, today: date, now: datetime,
) -> None:  # fmt: skip
    """Tell one desk to do something; `Problem(COMMAND_UNKNOWN)`."""
    if command not in COMMANDS:
        raise Problem(
            Code.COMMAND_UNKNOWN, command=command[:40], known=", ".join(COMMANDS)
        )
    body = DeviceCommand(
        command=command, arguments=dict(arguments), ordered_at=now, ordered_by=by
    )
    record.publications.publish(
        "command", body.model_dump_json(), device=device, effective_from=today,
        by=by, now=now,
    )  # fmt: skip
    record.note(by, f"command_{command}", device, now=now)


def deliver_publications(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys
) -> int:
    """Put what each granted desk was not sent yet into its feed; returns how many."""
    delivered = 0
    for device in sealed.devices():
        if device.state != "granted":
            continue
        for publication in record.publications.undelivered(device.device):
            message = _message(publication, device.device, sealed, record, keys)
            record.publications.deliver(publication.id, device.device, message)
            delivered += 1
    return delivered


def _message(
    publication: Publication, device: str, sealed: SealedLedger, record: Record,
    keys: ReconcileKeys,
) -> str:  # fmt: skip
    published = Published(
        publication.number, publication.effective_from, publication.body
    )
    if publication.kind == "edition":
        base = _held_edition(device, sealed, record)
        edition = publish_edition(published, base=base, answers=keys.answers)
        return edition.model_dump_json()
    if publication.kind in _CALENDARS:
        calendar = publish_calendar(
            published, calendar=publication.kind, answers=keys.answers
        )
        return calendar.model_dump_json()
    return publication.body


def _held_edition(device: str, sealed: SealedLedger, record: Record) -> str | None:
    """Return the text of the edition that this desk was given last."""
    last = record.publications.last_delivered(device, "edition")
    if last is not None:
        return last.body
    package = sealed.package(device)
    if package is None:
        return None
    texts = [each.text for each in package.documents if each.kind == "edition"]
    return texts[0] if texts else None


def whole_edition(
    entry: JournalEntry | None, record: Record, keys: ReconcileKeys
) -> str | None:
    """Return the edition that a desk asks for, whole; None for any other entry."""
    if entry is None or not isinstance(entry.body, EditionWanted):
        return None
    wanted = record.publications.numbered("edition", entry.body.edition)
    if wanted is None or document_digest(wanted.body) != entry.body.digest:
        return None
    published = Published(wanted.number, wanted.effective_from, wanted.body)
    return publish_edition(published, base=None, answers=keys.answers).model_dump_json()


def summary(publication: Publication) -> str:
    """Return what a list shows of a publication: the words, or the title."""
    if publication.kind == "edition":
        return str(json.loads(publication.body).get("title", ""))[:80]
    if publication.kind == "notice":
        return NoticePublished.model_validate_json(publication.body).text[:80]
    if publication.kind == "command":
        return DeviceCommand.model_validate_json(publication.body).command
    return ""
