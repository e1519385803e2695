"""The page of what could not be filed: where it stands, which case it is about, why.

Rule: an entry that can be opened names its case, its item and its applicant (masked);
one that cannot says so by empty fields, never by a guess.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Response

from schemas.applicant import identity_of
from schemas.case import CaseReceived, CaseResubmitted
from schemas.catalogue import Edition
from schemas.identity import masked
from schemas.quarantine import EntryOffered
from sync.district.config.words import words
from sync.district.console.pages import ConsoleParts, Pages
from sync.district.console.sessions import ConsoleSession
from sync.district.ledger.record import EntryFiled, Record
from sync.district.ledger.sealed import SealedLedger
from sync.district.reconcile.bridging import supplied
from sync.district.reconcile.rules import read_entry


@dataclass(frozen=True, slots=True)
class RowShown:
    """One entry as staff see it; `filed` says that its case has a page to go to.

    `settled` is the place of what healed it: the desk has offered it again, or what it
    missed has come; empty while people must look.
    """

    desk: str
    epoch: int
    sequence: int
    number: str
    filed: bool
    item: str
    applicant: str
    problem: int
    title: str
    reason: str
    settled: str


def add_quarantine_page(
    app: FastAPI,
    pages: Pages,
    parts: ConsoleParts,
    signed_in: Callable[..., ConsoleSession],
    edition: Edition,
) -> None:
    """Put the page into the console."""
    who = Annotated[ConsoleSession, Depends(signed_in)]

    @app.get("/quarantine")
    def quarantine(session: who) -> Response:
        return pages.show(
            "quarantine.html",
            session,
            rows=rows_shown(parts.sealed, parts.record, edition),
        )


def rows_shown(
    sealed: SealedLedger, record: Record, edition: Edition
) -> tuple[RowShown, ...]:
    """Return everything that was set aside, as staff see it."""
    desks = {
        each.device: f"{each.desk_name} {each.terminal or ''}".strip()
        for each in sealed.devices()
    }
    return tuple(
        _row(each, record, edition, desk=desks.get(each.device, each.device[:8]))
        for each in (*record.journals.quarantined(), *record.journals.healed())
    )


def _row(kept: EntryFiled, record: Record, edition: Edition, *, desk: str) -> RowShown:
    entry = read_entry(kept.entry)
    body = entry.body if entry else None
    if isinstance(body, EntryOffered) and entry is not None:
        inner = supplied(entry)
        body = inner.body if inner else None
    number = kept.number or getattr(body, "number", None)
    number = number if isinstance(number, str) else ""
    case = record.case(number) if number else None
    code, name, identity = "", "", ""
    if isinstance(body, CaseReceived | CaseResubmitted):
        applicant = body.application.applicant
        code, name = body.application.item_code, applicant.name
        identity = identity_of(applicant)
    elif case is not None:
        code, name, identity = case.item_code, case.applicant_name, case.identity
    item = edition.item(code) if code else None
    return RowShown(
        desk=desk,
        epoch=kept.epoch,
        sequence=kept.sequence,
        number=number,
        filed=case is not None,
        item=item.name if item else code,
        applicant=masked_applicant(name, identity),
        problem=kept.problem or 0,
        title=words("problems").get(f"p{kept.problem}.title", ""),
        reason=kept.reason,
        settled="/".join(map(str, kept.healed_by or ())),
    )


def masked_applicant(name: str, identity: str) -> str:
    """Return a name and number of which the middle is not shown."""
    if not name:
        return ""
    stars = "*" * max(1, len(name) - 1)
    return f"{name[:1]}{stars} {masked(identity)}".strip()
