"""Every printed document of a case: which are due, what they say, numbered copies.

Making a document keeps its bytes in the vault, gives the copy a number and writes an
audit line. Ids are masked; what was made offline says so until it is receipted.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pydantic import BaseModel

from desk_app.printing.notices import KINDS, PaperProps, notice_pdf
from desk_app.printing.receipt import MaterialLine, ReceiptProps, receipt_pdf
from desk_app.printing.slip import SlipProps, slip_pdf
from desk_app.services import catalogue, slips
from desk_app.services.hands import Workplace
from desk_app.services.paper_values import (
    OF_STEP,
    given_materials,
    said,
    season_values,
    told_lines,
)
from desk_app.services.reading import view_case
from desk_app.services.shown import CaseView, DeadlineShown
from desk_app.services.standing import local_day
from desk_app.store import audit, documents, journal, settings, texts
from desk_app.text.words import Words, local_time
from schemas.base import utc_text
from schemas.case import BackEntry, CaseReceived, CaseState
from schemas.catalogue import Item
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem


@dataclass(frozen=True)
class _Case:
    """What a document is made from; `steps` are the last of each kind."""

    view: CaseView
    item: Item | None
    steps: dict[str, BaseModel]
    desk: str
    phone: str | None


def _load(place: Workplace, number: str) -> _Case:
    view = view_case(place, number)
    with place.vault.read() as tx:
        entries = journal.of_case(tx, number)
        desk = settings.get(tx, "desk_name") or ""
        phone = settings.get(tx, "desk_phone")
    steps: dict[str, BaseModel] = {}
    for kept in entries:
        body = JournalEntry.model_validate_json(kept.entry).body
        steps[body.kind] = body
    edition = catalogue.edition_of(place, view.application.edition)
    item = edition.item(view.row.item_code)
    return _Case(view, item, steps, desk, phone)


def available(place: Workplace, number: str) -> tuple[str, ...]:
    """Return the kinds of document that this case is due now."""
    return _available(_load(place, number))


def _available(case: _Case) -> tuple[str, ...]:
    found = ["receipt", "slip", "told"]
    accepted = case.steps.get("case_accepted")
    mode = str(getattr(accepted, "mode", ""))
    before = case.view.row.state in {
        CaseState.RECEIVED, CaseState.RESUBMITTED, CaseState.AT_DISTRICT
    }  # fmt: skip
    found += [kind for kind, step in OF_STEP.items() if step in case.steps]
    if mode == "deferred" or (before and case.view.owed):
        found.append("deferred")
    permitted = case.item is not None and case.item.commitment_permitted
    if mode == "commitment" or (before and permitted):
        found.append("commitment")
    if case.view.application.form.get("agent_used") is True:
        found.append("power")
    if case.item is not None and case.item.seasonal_rules:
        found.append("season")
    return tuple(found)


def document(place: Workplace, kind: str, number: str) -> bytes:
    """Make, number and keep one more copy; `Problem(DOCUMENT_NOT_DUE)`."""
    case = _load(place, number)
    if kind not in _available(case):
        raise Problem(Code.DOCUMENT_NOT_DUE)
    now = place.hands.now()
    with place.vault.read() as tx:
        copy = documents.next_copy(tx, number, kind)
    if kind == "slip":
        pdf = slip_pdf(_slip(place, case, copy=copy, now=now))
    elif kind == "receipt":
        pdf = receipt_pdf(_receipt(place, case, copy=copy, now=now))
    else:
        pdf = notice_pdf(kind, _notice(place, case, kind, copy=copy, now=now))
    with place.vault.write() as tx:
        documents.keep(
            tx, number, kind, pdf=pdf, at=utc_text(now), operator=place.operator
        )
        audit.note(
            tx, "document_printed", f"{number}/{kind}/{copy}", operator=place.operator,
            now=now,
        )  # fmt: skip
    return pdf


def _day(words: Words, shown: DeadlineShown) -> str:
    text = f"{words(f'next.{shown.what}')} {shown.day.isoformat()}"
    return text + (words("paper.provisional") if shown.provisional else "")


def _next_day(view: CaseView) -> str | None:
    words = Words("print")
    return next((_day(words, each) for each in view.deadlines if not each.paused), None)


def _limit(view: CaseView, what: str) -> str | None:
    words = Words("print")
    found = next((each for each in view.deadlines if each.what == what), None)
    if found is None:
        return None
    return found.day.isoformat() + (
        words("paper.provisional") if found.provisional else ""
    )


def _marked(back: BackEntry | None, at: datetime | None) -> str | None:
    """The visible mark of what was entered later: why, when really, when entered."""
    if back is None:
        return None
    words = Words("print")
    control = words("paper.control", control=back.control) if back.control else ""
    return words(
        "paper.back_entry_value", reason=back.reason, at=local_time(at) if at else "",
        entered=local_time(back.entered_at), control=control,
    )  # fmt: skip


def _received(case: _Case) -> CaseReceived | None:
    body = case.steps.get("case_received")
    return body if isinstance(body, CaseReceived) else None


def batch_of(place: Workplace, number: str) -> str:
    """Return the visit that a case belongs to, or an empty text."""
    body = _received(_load(place, number))
    return (body.batch or "") if body else ""


def _first_mark(case: _Case) -> str | None:
    body = _received(case)
    return _marked(body.back_entry, body.received_at) if body else None


def _visit(case: _Case) -> str | None:
    visit = case.view.visit
    if visit is None:
        return None
    bag = Words("print")("paper.bag", bag=visit.bag) if visit.bag else ""
    return f"{Words('desk')(f'visit.{visit.kind}')} {visit.place}{bag}"


def _agent(view: CaseView) -> str | None:
    agent = view.application.form.get("agent_name")
    used = view.application.form.get("agent_used") is True
    return agent if used and isinstance(agent, str) and agent else None


def _materials(case: _Case) -> tuple[MaterialLine, ...]:
    return tuple(
        MaterialLine(*line)
        for line in given_materials(case.view.application, case.item, case.view)
    )


def _receipt(
    place: Workplace, case: _Case, *, copy: int, now: datetime
) -> ReceiptProps:
    words, view = Words("print"), case.view
    notice, promised = _limit(view, "notice"), _limit(view, "promised")
    forward = _limit(view, "forward")
    until = words("receipt.promised_value", day=promised) if promised else None
    if forward:
        until = words("receipt.forward_value", day=forward)
    received = _received(case)
    return ReceiptProps(
        number=view.row.number,
        official_number=view.official_number,
        item=f"{view.row.item_name} {view.row.item_code}",
        applicant=view.application.applicant.name,
        identity_masked=view.row.id_masked,
        agent=_agent(view),
        received_at=local_time(view.row.received_at),
        printed_at=local_time(now),
        receiver=place.operator_name,
        notice=words("receipt.notice_value", day=notice) if notice else "",
        promised=until,
        materials=_materials(case),
        back_entry=_first_mark(case),
        synced=view.row.synced,
        copy=copy,
        authority=_authority(case),
        season=_season_reminder(case.item),
        qr=slips.slip_for(place, view),
        desk=case.desk,
        desk_phone=case.phone,
        vessel=view.row.vessel or None,
        visit=_visit(case),
        batch=received.batch if received else None,
    )


def _authority(case: _Case) -> str:
    if case.item is None:
        return ""
    return case.item.authority.organ or case.item.authority.decision_level


def _slip(place: Workplace, case: _Case, *, copy: int, now: datetime) -> SlipProps:
    view, name = case.view, case.view.row.applicant_name
    return SlipProps(
        number=view.row.number,
        official=view.official_number,
        item=f"{view.row.item_name} {view.row.item_code}",
        applicant_masked=f"{name[:1]}{'*' * (len(name) - 1)} {view.row.id_masked}",
        received_at=local_time(view.row.received_at),
        printed_at=local_time(now),
        deadline=_next_day(view),
        desk=case.desk,
        phone=case.phone,
        back_entry=_first_mark(case),
        synced=view.row.synced,
        copy=copy,
        qr=slips.slip_for(place, view),
    )


def _season_reminder(item: Item | None) -> str | None:
    rules = [rule.get("text") for rule in item.seasonal_rules] if item else []
    return "\n".join(text for text in rules if isinstance(text, str)) or None


def _notice(
    place: Workplace, case: _Case, kind: str, *, copy: int, now: datetime
) -> PaperProps:
    """What a notice says: the case, the step that it tells of, the limits."""
    view, item = case.view, case.item
    step = case.steps.get(OF_STEP.get(kind, ""))
    back = getattr(step, "back_entry", None)
    values, lines = said(kind, view, item, case.steps)
    if kind == "season":
        with place.vault.read() as tx:
            season = texts.newest(tx, "closed_seasons")
        seasons = season[1] if season else catalogue.shipped("closed_seasons")
        values |= season_values(seasons, year=local_day(now).year)
    if kind == "told":
        lines = told_lines(item, view.application)
    limits = {
        what: day for what in ("promised", "statutory") if (day := _limit(view, what))
    }
    props = PaperProps(
        number=view.row.number,
        official=view.official_number,
        item=f"{view.row.item_name} {view.row.item_code}",
        category=item.category if item else "",
        applicant=view.row.applicant_name,
        identity_masked=view.row.id_masked,
        agent=_agent(view),
        vessel=view.row.vessel or None,
        received_at=local_time(view.row.received_at),
        printed_at=local_time(now),
        receiver=place.operator_name,
        back_entry=_first_mark(case),
        visit=_visit(case),
        authority=_authority(case),
        desk_phone=case.phone,
        next_day=_next_day(view),
        synced=view.row.synced,
        copy=copy,
        qr=slips.slip_for(place, view),
        desk=case.desk,
        organ=item.authority.organ if item else None,
        seal=item.authority.seal if item else None,
        step_back_entry=_marked(back, getattr(step, "at", None)),
        materials=_materials(case),
    )
    return replace(props, values={**limits, **values}, lines=lines)


ALL_KINDS: Final = ("receipt", "slip", *KINDS)
