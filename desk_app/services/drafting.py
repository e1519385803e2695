"""Drafts: kept at every field, checked as a whole, never lost to a fault."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError

from desk_app.services.hands import Workplace
from desk_app.services.shown import Draft
from desk_app.store import audit, drafts
from desk_app.store.vault import Transaction
from desk_app.text.rare import with_rare
from desk_app.text.words import CHINA
from schemas.applicant import Applicant, ApplicantKind, Organisation, Person
from schemas.base import utc_text
from schemas.case import Application, MaterialTaken
from schemas.catalogue import Edition, Item
from schemas.forms.check import (
    MaterialDue,
    Moment,
    check_form,
    check_materials,
    materials_due,
)
from schemas.forms.faults import FieldFault
from schemas.forms.values import tidy
from schemas.problems import Code, Problem

_applicant: TypeAdapter[Person | Organisation] = TypeAdapter(Applicant)
_FIELD_CODES = {
    "id_number": Code.ID_CHECK_DIGIT,
    "credit_code": Code.CREDIT_CODE_CHECK,
    "phone": Code.PHONE_SHAPE,
}


class _DraftBody(BaseModel):
    """The JSON of a draft; as typed, so nothing is validated here."""

    applicant: dict[str, str] = {}
    form: dict[str, JsonValue] = {}
    materials: tuple[MaterialTaken, ...] = ()
    answers_case: str | None = None


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All that is wrong or worth minding, and which materials are due."""

    faults: tuple[FieldFault, ...]
    materials: tuple[MaterialDue, ...]

    @property
    def can_accept(self) -> bool:
        """Say whether nothing blocks acceptance."""
        return not any(fault.blocks for fault in self.faults)


def require_item(edition: Edition, code: str) -> Item:
    """Return an item that can be applied for; the `Problem` says why not."""
    item = edition.item(code)
    if item is None:
        raise Problem(Code.ITEM_UNKNOWN, item=code)
    if item.retired:
        raise Problem(Code.ITEM_RETIRED, item=code)
    return item


def save(place: Workplace, draft: Draft) -> Draft:
    """Write a draft down as it stands; durable when this returns (P1)."""
    now = place.hands.now()
    applicant = dict(draft.applicant)
    if "name" in applicant:
        applicant["name"] = with_rare(applicant["name"])
    draft = dataclasses.replace(draft, applicant=applicant)
    body = _DraftBody(
        applicant=applicant,
        form=dict(draft.form),
        materials=draft.materials,
        answers_case=draft.answers_case,
    )
    record = drafts.DraftRecord(
        draft.draft_id,
        draft.item_code,
        body.model_dump_json(),
        utc_text(now),
        place.operator,
    )
    with place.vault.write() as tx:
        drafts.save(tx, record)
    return dataclasses.replace(draft, updated_at=now)


def confirm(place: Workplace, draft: Draft, *, witness: str) -> Draft:
    """Note that the applicant read the answers back and stands by them."""
    form = {**draft.form, "notice_read": True, "commit_true": True}
    kept = save(place, dataclasses.replace(draft, form=form))
    with place.vault.write() as tx:
        subject = f"{draft.draft_id} {witness.strip()}".strip()
        now = place.hands.now()
        audit.note(tx, "draft_confirmed", subject, operator=place.operator, now=now)
    return kept


def load(record: drafts.DraftRecord) -> Draft:
    """Return a kept draft."""
    body = _DraftBody.model_validate_json(record.body)
    return Draft(
        draft_id=record.draft_id,
        item_code=record.item_code,
        applicant=body.applicant,
        form=body.form,
        materials=body.materials,
        updated_at=datetime.fromisoformat(record.updated_at),
        answers_case=body.answers_case,
    )


def get(place: Workplace, draft_id: str) -> Draft:
    """Return one draft; `Problem(DRAFT_UNKNOWN)` where there is none."""
    with place.vault.read() as tx:
        return get_in(tx, draft_id)


def get_in(tx: Transaction, draft_id: str) -> Draft:
    """Return one draft, within a transaction that is under way."""
    record = drafts.get(tx, draft_id)
    if record is None:
        raise Problem(Code.DRAFT_UNKNOWN)
    return load(record)


def discard(place: Workplace, draft_id: str, *, reason: str) -> None:
    """Throw a draft away, with a reason in the audit trail."""
    if not reason.strip():
        raise Problem(Code.REASON_MISSING)
    with place.vault.write() as tx:
        if drafts.get(tx, draft_id) is None:
            raise Problem(Code.DRAFT_UNKNOWN)
        drafts.remove(tx, draft_id)
        who, now = place.operator, place.hands.now()
        audit.note(tx, "draft_discarded", draft_id, operator=who, now=now)


def tidy_form(
    edition: Edition, item: Item, form: Mapping[str, JsonValue]
) -> dict[str, JsonValue]:
    """Return the answers in their canonical shapes; unknown fields stay."""
    fields = {field.name: field for field in edition.form_fields(item)}
    return {
        name: tidy(fields[name], value) if name in fields else value
        for name, value in form.items()
    }


def read_applicant(
    given: Mapping[str, str], item: Item
) -> Person | Organisation | tuple[FieldFault, ...]:
    """Return the applicant, or every fault of what was typed."""
    kind = given.get("kind", "")
    if kind not in set(ApplicantKind) or kind not in set(item.applicant_kinds):
        return (FieldFault("applicant.kind", Code.NOT_AN_OPTION),)
    unwanted = "credit_code" if kind == ApplicantKind.PERSON else "id_number"
    fields = {name: text for name, text in given.items() if name != unwanted}
    try:
        return _applicant.validate_python(fields)
    except ValidationError as error:
        faults = []
        for each in error.errors():
            name = str(each["loc"][-1])
            missing = each["type"] == "missing" or not str(each["input"]).strip()
            code = _FIELD_CODES.get(name, Code.ANSWER_WRONG_SHAPE)
            code = Code.ANSWER_MISSING if missing else code
            faults.append(FieldFault(f"applicant.{name}", code))
        return tuple(faults)


@dataclass(frozen=True, slots=True)
class _Read:
    """A draft as read: its item, its answers in shape, its applicant, its faults."""

    item: Item
    form: dict[str, JsonValue]
    applicant: Person | Organisation | tuple[FieldFault, ...]
    report: CheckReport


def check(edition: Edition, draft: Draft, *, now: datetime) -> CheckReport:
    """Return everything that is wrong with a draft, at once."""
    return _read(edition, draft, now=now).report


def _read(edition: Edition, draft: Draft, *, now: datetime) -> _Read:
    item = require_item(edition, draft.item_code)
    form = tidy_form(edition, item, draft.form)
    local = now.astimezone(CHINA)
    applicant = read_applicant(draft.applicant, item)
    kind = draft.applicant.get("kind", "")
    due = materials_due(
        item,
        applicant=ApplicantKind(kind) if kind in set(ApplicantKind) else None,
        form=form,
    )
    faults = applicant if isinstance(applicant, tuple) else ()
    faults += check_form(item, edition, form, at=Moment(local.date(), local))
    faults += check_materials(due, draft.materials, today=local.date())
    return _Read(item, form, applicant, CheckReport(faults, due))


def application_of(edition: Edition, draft: Draft, *, now: datetime) -> Application:
    """Return a draft as an application; `Problem(FORM_HAS_FAULTS)` if it is not one."""
    read = _read(edition, draft, now=now)
    if isinstance(read.applicant, tuple) or not read.report.can_accept:
        count = sum(fault.blocks for fault in read.report.faults)
        raise Problem(Code.FORM_HAS_FAULTS, count=count)
    return Application(
        item_code=read.item.code,
        edition=edition.edition,
        applicant=read.applicant,
        form=read.form,
        materials=draft.materials,
    )
