"""Sheets that belong to no single case: an item's own, bags, visits, blank forms.

Like a case's documents they are kept in the vault under their own number, every copy
counted and audited.
"""

from datetime import date

from desk_app.printing.lists import BlankProps, ListProps, blank_pdf, list_pdf
from desk_app.printing.notices import PaperProps, notice_pdf
from desk_app.services import catalogue
from desk_app.services.hands import Workplace
from desk_app.services.paper_values import about_item, listed_materials
from desk_app.services.reading import list_cases, view_case
from desk_app.services.standing import local_day
from desk_app.store import audit, blanks, cases, documents, settings
from desk_app.store.vault import Transaction
from desk_app.text.words import Words, local_time
from schemas.base import utc_text
from schemas.case import MaterialForm
from schemas.catalogue import Edition, Field, Item
from schemas.problems import Code, Problem

_MOST = 500
_MOST_BLANKS = 50
_ON_PAPER = {MaterialForm.ORIGINAL, MaterialForm.COPY}
_CHOICES_SHOWN = 8


def _item(place: Workplace, code: str) -> tuple[Edition, Item]:
    edition = catalogue.current_edition(place)
    item = edition.item(code)
    if item is None:
        raise Problem(Code.ITEM_UNKNOWN, item=code)
    return edition, item


def _desk(tx: Transaction) -> tuple[str, str | None]:
    return settings.get(tx, "desk_name") or "", settings.get(tx, "desk_phone")


def _next_copy(place: Workplace, subject: str, kind: str) -> int:
    with place.vault.read() as tx:
        return documents.next_copy(tx, subject, kind)


def _kept(place: Workplace, subject: str, kind: str, pdf: bytes) -> bytes:
    now = place.hands.now()
    with place.vault.write() as tx:
        copy = documents.keep(
            tx, subject, kind, pdf=pdf, at=utc_text(now), operator=place.operator
        )
        audit.note(
            tx, "document_printed", f"{subject}/{kind}/{copy}", operator=place.operator,
            now=now,
        )  # fmt: skip
    return pdf


def told_for_item(place: Workplace, code: str) -> bytes:
    """Return the sheet that the office must display and hand out, before any case."""
    _, item = _item(place, code)
    now = place.hands.now()
    with place.vault.read() as tx:
        desk, phone = _desk(tx)
    props = PaperProps(
        number=item.code, official=None, item=item.name, category=item.category,
        applicant="", identity_masked="", agent=None, vessel=None, received_at="",
        printed_at=local_time(now), receiver=place.operator_name, back_entry=None,
        visit=None, authority=item.authority.organ or item.authority.decision_level,
        desk_phone=phone, next_day=None, synced=None, qr="", desk=desk,
        copy=_next_copy(place, item.code, "told"),
        values={"item": item.name, **about_item(item)}, lines=listed_materials(item),
    )  # fmt: skip
    return _kept(place, item.code, "told", notice_pdf("told", props))


def handover_list(place: Workplace, bag: str) -> bytes:
    """Return the list of the cases in a bag; `Problem(DOCUMENT_NOT_DUE)` if empty."""
    bag = bag.strip()
    return _list(place, "handover", bag, cases.CaseFilter(bag=bag))


def batch_list(place: Workplace, batch: str) -> bytes:
    """Return the list of what one visit handed in for several vessels."""
    batch = batch.strip()
    return _list(place, "batch", batch, cases.CaseFilter(batch=batch))


def _list(place: Workplace, kind: str, subject: str, wanted: cases.CaseFilter) -> bytes:
    found = list_cases(place, wanted, page=0, page_size=_MOST)
    if not subject or not found.rows:
        raise Problem(Code.DOCUMENT_NOT_DUE)
    rows = []
    for row in reversed(found.rows):
        taken = view_case(place, row.number).application.materials
        count = sum(each.copies for each in taken if each.form in _ON_PAPER)
        who = "\n".join(filter(None, (row.applicant_name, row.vessel)))
        rows.append((row.number, who, f"{row.item_name} {row.item_code}", str(count)))
    with place.vault.read() as tx:
        desk, phone = _desk(tx)
    props = ListProps(
        kind="handover" if kind == "handover" else "batch",
        subject=subject,
        desk=desk,
        desk_phone=phone,
        printed_at=local_time(place.hands.now()),
        receiver=place.operator_name,
        synced=all(row.synced for row in found.rows),
        copy=_next_copy(place, subject, kind),
        rows=tuple(rows),
    )
    return _kept(place, subject, kind, list_pdf(props))


def blank_forms(place: Workplace, code: str, count: int) -> tuple[bytes, ...]:
    """Return numbered blank forms of an item, each noted as issued.

    `Problem(NUMBER_OUT_OF_RANGE)` for none or too many at once.
    """
    if not 1 <= count <= _MOST_BLANKS:
        raise Problem(Code.NUMBER_OUT_OF_RANGE, min=1, max=_MOST_BLANKS)
    edition, item = _item(place, code)
    now = place.hands.now()
    made = []
    with place.vault.write() as tx:
        desk, phone = _desk(tx)
        prefix = _control_prefix(tx, local_day(now))
        serial = blanks.last(tx, prefix)
        for number in range(serial + 1, serial + 1 + count):
            control = f"{prefix}{number:04d}"
            blanks.issue(tx, control, at=utc_text(now), operator=place.operator)
            made.append(control)
        audit.note(
            tx, "blanks_printed", f"{prefix}+{count}", operator=place.operator, now=now
        )
    sections = _sections(edition, item)
    materials = tuple(row[:2] + row[3:4] for row in listed_materials(item))
    return tuple(
        blank_pdf(
            BlankProps(
                item=f"{item.name} {item.code}",
                control=control,
                desk=desk,
                desk_phone=phone,
                printed_at=local_time(now),
                sections=sections,
                materials=tuple((a, b, c) for a, b, c in materials),
                qr=f"IDB|{control}|{item.code}",
            )
        )
        for control in made
    )


def _sections(
    edition: Edition, item: Item
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """What the window asks, in the window's order."""
    words = Words("print")
    groups = [(g, edition.field_groups[g]) for g in item.common_field_groups]
    named = [(words(f"blank.group_{name}"), fields) for name, fields in groups]
    first, rest = named[:1], named[1:]
    return tuple(
        (
            heading,
            tuple((_label(f), _choices(edition, f)) for f in fields if _by_hand(f)),
        )
        for heading, fields in (*first, (words("blank.group_item"), item.fields), *rest)
    )


def _by_hand(field: Field) -> bool:
    return field.type not in {"derived", "signature"}


def _label(field: Field) -> str:
    return f"{field.label}{'*' if field.required else ''}"


def _choices(edition: Edition, field: Field) -> str:
    """Boxes to tick where there are few choices; else room to write, and the unit."""
    words = Words("print")
    if field.type == "bool":
        return words("blank.yes_no")
    options = edition.options(field)
    if 0 < len(options) <= _CHOICES_SHOWN:
        return "  ".join(words("blank.box", choice=each) for each in options)
    return words("blank.unit", unit=field.unit) if field.unit else ""


def _control_prefix(tx: Transaction, day: date) -> str:
    terminal = settings.get(tx, "terminal") or "00"
    return f"K{terminal}-{day:%Y%m%d}-"
