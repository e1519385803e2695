"""Decide what becomes of one opened entry: pure, no I/O.

An entry is filed, or set aside with a number and a reason (never dropped, P3). What a
window took by law is not refused for a fault in a form: that is for people to judge.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import ValidationError

from schemas.applicant import identity_of
from schemas.base import utc_text
from schemas.case import CaseReceived, CaseResubmitted, CaseState
from schemas.casework import Standing, after_step
from schemas.ids import read_case_number
from schemas.journal import JournalEntry
from schemas.problems import Code
from schemas.steps import CaseStep, CorrectedOnSpot, DeferredSupplied
from sync.district.ledger.record import CaseFiled


@dataclass(frozen=True, slots=True)
class Origin:
    """What the district knows of the desk that an entry came from."""

    device: str
    town: str
    terminal: str


@dataclass(frozen=True, slots=True)
class Filed:
    """The entry belongs to the record; `case` is the case after it, if any."""

    number: str | None
    case: CaseFiled | None


@dataclass(frozen=True, slots=True)
class SetAside:
    """The entry cannot be filed as it is; a person must look."""

    code: Code
    reason: str
    number: str | None = None


def read_entry(raw: bytes) -> JournalEntry | None:
    """Return an entry, or None where the bytes are not one."""
    try:
        return JournalEntry.model_validate_json(raw)
    except ValidationError:
        return None


def decide(
    entry: JournalEntry, origin: Origin, known: CaseFiled | None, *, now: datetime
) -> Filed | SetAside:
    """Return what becomes of an entry; `known` is the case of its number, if filed."""
    body = entry.body
    if isinstance(body, CaseReceived):
        return _received(body, origin, known, now=now)
    if isinstance(body, CaseResubmitted):
        return _resubmitted(body, origin, known)
    if isinstance(body, CaseStep):
        return _stepped(body, origin, known)
    # Voided numbers and kinds of newer versions are kept and shown, nothing more.
    return Filed(getattr(body, "number", None), None)


def _received(
    body: CaseReceived, origin: Origin, known: CaseFiled | None, *, now: datetime
) -> Filed | SetAside:
    parts = read_case_number(body.number)
    if (parts.town, parts.terminal) != (origin.town, origin.terminal):
        return SetAside(Code.CHAIN_FORKED, "number of another desk", body.number)
    if known is not None:
        return SetAside(Code.CHAIN_FORKED, "number was used before", body.number)
    application = body.application
    return Filed(
        body.number,
        CaseFiled(
            number=body.number,
            device=origin.device,
            item_code=application.item_code,
            applicant_name=application.applicant.name,
            identity=identity_of(application.applicant),
            received_at=utc_text(body.received_at),
            filed_at=utc_text(now),
            state=CaseState.RECEIVED,
            revision=0,
            official_number=None,
            application=application.model_dump_json(),
        ),
    )


def _resubmitted(
    body: CaseResubmitted, origin: Origin, known: CaseFiled | None
) -> Filed | SetAside:
    if known is None or known.device != origin.device:
        return SetAside(Code.CHAIN_BROKEN, "no such case from this desk", body.number)
    if body.revision != known.revision + 1:
        return SetAside(Code.CHAIN_BROKEN, "revision out of order", body.number)
    return Filed(
        body.number,
        replace(
            known,
            state=CaseState.RESUBMITTED,
            revision=body.revision,
            applicant_name=body.application.applicant.name,
            identity=identity_of(body.application.applicant),
            application=body.application.model_dump_json(),
        ),
    )


def _stepped(
    body: CaseStep, origin: Origin, known: CaseFiled | None
) -> Filed | SetAside:
    if known is None or known.device != origin.device:
        return SetAside(Code.CHAIN_BROKEN, "no such case from this desk", body.number)
    # What the window may do once (tell, extend, rate) it has checked itself; here only
    # the state counts, since the record keeps no more of a case's standing.
    owed: frozenset[str] = frozenset()
    if isinstance(body, DeferredSupplied):
        owed = frozenset((*body.materials, *body.still_owed))
    standing = Standing(
        CaseState(known.state),
        forwarded_only=True,
        clock_stopped=body.kind == "clock_resumed",
        owed_overdue=True,
        owed=owed,
    )
    after = after_step(standing, body)
    if isinstance(after, Code):
        return SetAside(after, f"{body.kind} in state {known.state}", body.number)
    case = replace(known, state=after.state)
    if isinstance(body, CorrectedOnSpot):
        case = replace(
            case,
            revision=body.revision,
            applicant_name=body.application.applicant.name,
            identity=identity_of(body.application.applicant),
            application=body.application.model_dump_json(),
        )
    return Filed(body.number, case)
