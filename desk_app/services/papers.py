"""Every printed document of the window: which are due, what they say, numbered copies.

Making a document keeps its bytes in the vault, gives the copy a number and writes an
audit line. Ids are masked; what was made offline says so until it is receipted.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from pydantic import BaseModel

from desk_app.printing.notices import (
    KINDS,
    HandoverProps,
    PaperProps,
    blank_pdf,
    handover_pdf,
    notice_pdf,
)
from desk_app.printing.receipt import MaterialLine, ReceiptProps, receipt_pdf
from desk_app.printing.slip import SlipProps, slip_pdf
from desk_app.services import catalogue, slips
from desk_app.services.hands import Workplace
from desk_app.services.paper_values import (
    OF_STEP,
    about_item,
    listed_materials,
    material_name,
    said,
    season_values,
)
from desk_app.services.reading import list_cases, view_case
from desk_app.services.shown import CaseView, DeadlineShown
from desk_app.services.standing import local_day
from desk_app.store import audit, blanks, cases, documents, journal, settings, texts
from desk_app.store.vault import Transaction
from desk_app.text.words import Words, local_time
from schemas.base import utc_text
from schemas.case import CaseState
from schemas.catalogue import Edition, Item
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem

_PAGE = 500


@dataclass(frozen=True)
class _Case:
    """What a document is made from."""

    view: CaseView
    item: Item | None
    steps: dict[str, BaseModel]


def _load(place: Workplace, number: str) -> _Case:
    view = view_case(place, number)
    with place.vault.read() as tx:
        entries = journal.of_case(tx, number)
    steps: dict[str, BaseModel] = {}
    for kept in entries:
        body = JournalEntry.model_validate_json(kept.entry).body
        steps[body.kind] = body
    item = catalogue.current_edition(place).item(view.row.item_code)
    return _Case(view, item, steps)


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
    if mode == "commitment" or before:
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
        season = texts.newest(tx, "closed_seasons")
        phone = settings.get(tx, "desk_phone")
    if kind == "slip":
        pdf = slip_pdf(_slip(place, case, copy=copy, now=now))
    elif kind == "receipt":
        pdf = receipt_pdf(_receipt(place, case, copy=copy, now=now))
    else:
        seasons = season[1] if season else catalogue.shipped("closed_seasons")
        props = _props(place, case, copy=copy, now=now, phone=phone)
        values, lines = said(kind, case.view, case.item, case.steps)
        if kind == "season":
            values |= season_values(seasons, year=local_day(now).year)
        limits = {
            what: day
            for what in ("promised", "statutory")
            if (day := _limit(case.view, what))
        }
        identity = {"applicant": props.applicant, "identity": props.identity_masked}
        values = {**limits, **values, **identity, "agent": props.agent or ""}
        pdf = notice_pdf(kind, replace(props, values=values, lines=lines))
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


def _receipt(
    place: Workplace, case: _Case, *, copy: int, now: datetime
) -> ReceiptProps:
    words, view = Words("print"), case.view
    agent = view.application.form.get("agent_name")
    notice, promised = _limit(view, "notice"), _limit(view, "promised")
    return ReceiptProps(
        number=view.row.number,
        official_number=view.official_number,
        item=f"{view.row.item_name} {view.row.item_code}",
        applicant=view.application.applicant.name,
        identity_masked=view.row.id_masked,
        agent=agent if isinstance(agent, str) and agent else None,
        received_at=local_time(view.row.received_at),
        printed_at=local_time(now),
        receiver=place.operator_name,
        notice=words("receipt.notice_value", day=notice) if notice else "",
        promised=words("receipt.promised_value", day=promised) if promised else None,
        materials=tuple(
            MaterialLine(
                material_name(case.item, each.key),
                words(f"form.{each.form}"),
                each.copies,
            )
            for each in view.application.materials
        ),
        back_entry_reason=view.back_entry_reason,
        synced=view.row.synced,
        copy=copy,
        authority=case.item.authority.decision_level if case.item else "",
        season=_season_reminder(case.item),
        qr=slips.slip_for(place, view),
    )


def _slip(place: Workplace, case: _Case, *, copy: int, now: datetime) -> SlipProps:
    view = case.view
    with place.vault.read() as tx:
        desk = settings.get(tx, "desk_name") or ""
        phone = settings.get(tx, "desk_phone") or ""
    name = view.row.applicant_name
    return SlipProps(
        number=view.row.number,
        item=view.row.item_name,
        applicant_masked=f"{name[:1]}{'*' * (len(name) - 1)} {view.row.id_masked}",
        received_at=local_time(view.row.received_at),
        printed_at=local_time(now),
        deadline=_next_day(view),
        desk=f"{desk} {phone}".strip(),
        synced=view.row.synced,
        copy=copy,
        qr=slips.slip_for(place, view),
    )


def _season_reminder(item: Item | None) -> str | None:
    rules = [rule.get("text") for rule in item.seasonal_rules] if item else []
    return "\n".join(text for text in rules if isinstance(text, str)) or None


def _props(
    place: Workplace, case: _Case, *, copy: int, now: datetime, phone: str | None
) -> PaperProps:
    view = case.view
    agent = view.application.form.get("agent_name")
    visit = view.visit
    return PaperProps(
        number=view.row.number,
        official=view.official_number,
        item=f"{view.row.item_name} {view.row.item_code}",
        category=case.item.category if case.item else "",
        applicant=view.row.applicant_name,
        identity_masked=view.row.id_masked,
        agent=agent if isinstance(agent, str) and agent else None,
        vessel=view.row.vessel or None,
        received_at=local_time(view.row.received_at),
        printed_at=local_time(now),
        receiver=place.operator_name,
        back_entry=view.back_entry_reason,
        visit=f"{Words('desk')(f'visit.{visit.kind}')} {visit.place}"
        if visit
        else None,
        authority=case.item.authority.decision_level if case.item else "",
        desk_phone=phone,
        next_day=_next_day(view),
        synced=view.row.synced,
        copy=copy,
        qr=slips.slip_for(place, view),
    )


def told_for_item(place: Workplace, code: str) -> bytes:
    """Return the sheet that the office must display and hand out, before any case."""
    edition: Edition = catalogue.current_edition(place)
    item = edition.item(code)
    if item is None:
        raise Problem(Code.ITEM_UNKNOWN, item=code)
    now = place.hands.now()
    with place.vault.read() as tx:
        phone = settings.get(tx, "desk_phone")
    props = PaperProps(
        number=item.code, official=None, item=item.name, category=item.category,
        applicant="", identity_masked="", agent=None, vessel=None, received_at="",
        printed_at=local_time(now), receiver=place.operator_name, back_entry=None,
        visit=None, authority=item.authority.decision_level, desk_phone=phone,
        next_day=None, synced=True, copy=1, qr="",
        values={"item": item.name, **about_item(item)}, lines=listed_materials(item),
    )  # fmt: skip
    return notice_pdf("told", props)


def handover_list(place: Workplace, bag: str) -> bytes:
    """Return the list of the cases in a bag; `Problem(DOCUMENT_NOT_DUE)` if empty."""
    found = list_cases(place, cases.CaseFilter(bag=bag), page=0, page_size=_PAGE)
    if not found.rows:
        raise Problem(Code.DOCUMENT_NOT_DUE)
    rows = []
    for row in found.rows:
        taken = view_case(place, row.number).application.materials
        count = sum(each.copies for each in taken if each.form in {"original", "copy"})
        rows.append((row.number, row.applicant_name, row.item_name, str(count)))
    now = place.hands.now()
    return handover_pdf(
        HandoverProps(bag, local_time(now), place.operator_name, tuple(rows))
    )


def blank_forms(place: Workplace, code: str, count: int) -> tuple[bytes, ...]:
    """Return numbered blank forms of an item, each noted as issued."""
    edition = catalogue.current_edition(place)
    item = edition.item(code)
    if item is None:
        raise Problem(Code.ITEM_UNKNOWN, item=code)
    labels = [f.label for f in edition.field_groups["applicant"]]
    labels += [f.label for f in item.fields]
    labels += [material.name for material in item.materials]
    now = place.hands.now()
    made = []
    with place.vault.write() as tx:
        prefix = _control_prefix(tx, local_day(now))
        serial = blanks.last(tx, prefix)
        for number in range(serial + 1, serial + 1 + count):
            control = f"{prefix}{number:04d}"
            blanks.issue(tx, control, at=utc_text(now), operator=place.operator)
            made.append(control)
        audit.note(
            tx, "blanks_printed", f"{prefix}+{count}", operator=place.operator, now=now
        )
    title = f"{item.name} {item.code}"
    return tuple(
        blank_pdf(title, control, tuple(labels), f"IDB|{control}|{item.code}")
        for control in made
    )


def _control_prefix(tx: Transaction, day: date) -> str:
    terminal = settings.get(tx, "terminal") or "00"
    return f"K{terminal}-{day:%Y%m%d}-"


ALL_KINDS: Final = ("receipt", "slip", *KINDS)
