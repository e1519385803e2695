"""Find everything that is wrong with a form at once, so that it is told once.

Pure: today and now come in as arguments. A fault names its field and a number; the
words are in the text catalogue.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import JsonValue

from schemas.applicant import ApplicantKind
from schemas.case import MaterialForm, MaterialTaken
from schemas.catalogue import Edition, Field, Item, Material
from schemas.conditions import Verdict, evaluate
from schemas.forms.faults import FieldFault
from schemas.forms.kinds import fault_of_kind
from schemas.forms.values import as_date, as_moment, is_empty
from schemas.problems import Code


@dataclass(frozen=True, slots=True)
class Moment:
    """When a form is judged: the local day, and the instant (local, aware)."""

    today: date
    now: datetime


@dataclass(frozen=True, slots=True)
class MaterialDue:
    """A material of the item and whether it is due in this case."""

    material: Material
    verdict: Verdict


def check_form(
    item: Item, edition: Edition, form: Mapping[str, JsonValue], *, at: Moment
) -> tuple[FieldFault, ...]:
    """Return every fault of the item's and the common groups' answers."""
    fields = edition.form_fields(item)
    known = {field.name for field in fields}
    faults = [fault for field in fields for fault in _faults(field, edition, form, at)]
    faults += [
        FieldFault(name, Code.FIELD_FROM_OTHER_EDITION)
        for name in form
        if name not in known
    ]
    faults += _agent_faults(form)
    return tuple(faults)


def _faults(
    field: Field, edition: Edition, form: Mapping[str, JsonValue], at: Moment
) -> Iterator[FieldFault]:
    value = form.get(field.name)
    if field.type in {"derived", "signature"}:
        # Derived values follow from others; the printed form is signed by hand.
        return
    if is_empty(value):
        if field.required:
            yield FieldFault(field.name, Code.ANSWER_MISSING)
        return
    yield from fault_of_kind(field, value, options=edition.options(field))
    yield from _date_faults(field, value, form, at)
    if field.rules.statement:
        rule = field.rules.statement
        yield FieldFault(field.name, Code.RULE_TO_MIND, {"rule": rule})
    said = field.rules.if_true if value is True else None
    said = field.rules.if_false if value is False else said
    if said:
        yield FieldFault(field.name, Code.RULE_TO_MIND, {"rule": said})


def _date_faults(
    field: Field, value: JsonValue, form: Mapping[str, JsonValue], at: Moment
) -> Iterator[FieldFault]:
    rules = field.rules
    given = as_moment(value)
    if field.type == "datetime" and rules.not_later_than and given is not None:
        given = given if given.tzinfo else given.replace(tzinfo=at.now.tzinfo)
        if given > at.now:
            yield FieldFault(field.name, Code.DATE_TOO_LATE)
    day = as_date(value)
    if field.type != "date" or day is None:
        return
    if rules.not_later_than and day > at.today:
        yield FieldFault(field.name, Code.DATE_TOO_LATE)
    other = as_date(form.get(rules.after_field)) if rules.after_field else None
    if other and day <= other:
        yield FieldFault(field.name, Code.DATE_ORDER)
    if other and rules.max_days and (day - other).days > rules.max_days:
        span: dict[str, str | int] = {"min": 1, "max": rules.max_days}
        yield FieldFault(field.name, Code.NUMBER_OUT_OF_RANGE, span)


def _agent_faults(form: Mapping[str, JsonValue]) -> list[FieldFault]:
    if form.get("agent_used") is not True:
        return []
    return [
        FieldFault(name, Code.ANSWER_MISSING)
        for name in ("agent_name", "agent_id", "agent_relation")
        if is_empty(form.get(name))
    ]


def materials_due(
    item: Item, *, applicant: ApplicantKind | None, form: Mapping[str, JsonValue]
) -> tuple[MaterialDue, ...]:
    """Return the item's materials, each with whether it is due."""
    return tuple(
        MaterialDue(material, evaluate(material.when, applicant=applicant, form=form))
        for material in item.materials
    )


def check_materials(
    due: tuple[MaterialDue, ...],
    taken: tuple[MaterialTaken, ...],
    *,
    today: date | None = None,
) -> tuple[FieldFault, ...]:
    """Return what is missing or has expired; fields are `material.<key>`."""
    given = {each.key: each.form for each in taken}
    faults = [
        FieldFault(
            f"material.{each.key}", Code.MATERIAL_EXPIRED, {"until": each.valid_until}
        )
        for each in taken
        if today and each.valid_until and each.valid_until < today.isoformat()
    ]
    for line in due:
        material, name = line.material, f"material.{line.material.key}"
        form = given.get(material.key)
        if form is MaterialForm.DEFERRED and not material.deferrable:
            faults.append(FieldFault(name, Code.MATERIAL_NOT_DEFERRABLE))
        elif not material.required or line.verdict == "does_not":
            continue
        elif line.verdict == "ask" and form is None:
            faults.append(FieldFault(name, Code.MATERIAL_UNJUDGED))
        elif line.verdict == "applies" and form in {None, MaterialForm.NOT_APPLICABLE}:
            faults.append(FieldFault(name, Code.MATERIAL_NOT_TAKEN))
        elif form is MaterialForm.MISSING:
            # The window may not turn people away: it takes what there is, says what
            # is missing, and the receipt lists it (Administrative Licensing Law 32).
            faults.append(FieldFault(name, Code.MATERIAL_OWED))
    listed = {line.material.key for line in due}
    faults += [
        FieldFault(f"material.{key}", Code.MATERIAL_NOT_LISTED)
        for key in given
        if key not in listed
    ]
    return tuple(faults)
