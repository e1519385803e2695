"""What a document's own sentences say, from a case's steps and the catalogue."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from pydantic import BaseModel, JsonValue

from desk_app.services.shown import CaseView
from desk_app.text.words import CHINA, Words, local_time
from schemas.calendars import ClosedSeasons
from schemas.case import Application, MaterialForm
from schemas.catalogue import Item
from schemas.conditions import ByAgent
from schemas.identity import masked

OF_STEP: Final = {
    "acceptance": "case_accepted",
    "correction": "correction_requested",
    "not_accepted": "case_not_accepted",
    "extension": "period_extended",
    "special": "clock_stopped",
    "delivery": "result_delivered",
    "sent_back": "case_sent_back",
    "forwarded": "case_forwarded",
}
"""Document → the step that it tells of."""
_ROOM_TO_WRITE: Final = "＿" * 24
Lines = tuple[tuple[str, ...], ...]


def said(
    kind: str, view: CaseView, item: Item | None, steps: Mapping[str, BaseModel]
) -> tuple[dict[str, str], Lines]:
    """Return the values of a document's sentences, and its table's rows."""
    body = steps.get(OF_STEP.get(kind, ""))
    given = body.model_dump(mode="json") if body is not None else {}
    values = {name: value for name, value in given.items() if isinstance(value, str)}
    values["item"] = view.row.item_name
    if "at" in values:
        at = local_time(datetime.fromisoformat(values["at"]))
        values |= {"accepted_at": at, "delivered_at": at}
    if "days" in given:
        values["days"] = str(given["days"])
    if values.get("signer_id_tail"):
        values["signer_id"] = values["signer_id_tail"]
    if given.get("refused"):
        values["refused"] = "yes"
    if kind == "told":
        values |= about_item(item)
    if kind == "commitment":
        accepted = steps.get("case_accepted")
        values["commitment"] = getattr(accepted, "commitment", "") or _ROOM_TO_WRITE
    if kind == "acceptance":
        values |= _acceptance(view, given)
    if kind == "sent_back":
        values["body"] = "body_deferred" if "case_accepted" in steps else "body"
    if kind == "power":
        values |= _power(view, item)
    return values, _lines(kind, view, item, steps)


def _acceptance(view: CaseView, given: Mapping[str, object]) -> dict[str, str]:
    day = f"{view.row.received_at.astimezone(CHINA).date()}"
    bodies = {"deferred": "body_deferred", "commitment": "body_committed"}
    body = bodies.get(str(given.get("mode")), "body")
    return {"body": "body_deemed" if given.get("deemed") else body, "received_on": day}


def _power(view: CaseView, item: Item | None) -> dict[str, str]:
    words, form = Words("print"), view.application.form
    blank = words("paper.by_hand")
    agent_id = form.get("agent_id")
    papers = (
        {m.key for m in item.materials if isinstance(m.when, ByAgent)} if item else ()
    )
    until = [m.valid_until for m in view.application.materials if m.key in papers]
    return {
        "principal": f"{view.row.applicant_name} {view.row.id_masked}",
        "agent_name": str(form.get("agent_name") or blank),
        "agent_id": masked(agent_id) if isinstance(agent_id, str) else blank,
        "relation": str(form.get("agent_relation") or blank),
        "until": next(filter(None, until), None) or words("power.until_done"),
    }


def _lines(
    kind: str, view: CaseView, item: Item | None, steps: Mapping[str, BaseModel]
) -> Lines:
    if kind == "correction":
        told = getattr(steps.get("correction_requested"), "missing", ())
        return tuple((str(n), text) for n, text in enumerate(told, start=1))
    if kind in {"acceptance", "deferred"}:
        return _owed(view, item, steps)
    return ()


def _owed(view: CaseView, item: Item | None, steps: Mapping[str, BaseModel]) -> Lines:
    accepted = steps.get("case_accepted")
    if accepted is not None:
        owed = accepted.model_dump(mode="json").get("owed") or []
        later = getattr(steps.get("deferral_extended"), "owed", ())
        days = {each.material: each.due for each in later}
        return tuple(
            (
                material_name(item, each["material"]),
                days.get(each["material"], each["due"]),
            )
            for each in owed
        )
    blank = Words("print")("paper.day_by_hand")
    return tuple(
        (found.name, blank)
        for key in view.owed
        if item and (found := item.material(key)) and found.deferrable
    )


def material_name(item: Item | None, key: str) -> str:
    """Return a material's name; its key where another edition named it."""
    material = item.material(key) if item else None
    return material.name if material else key


def about_item(item: Item | None) -> dict[str, str]:
    """Return basis, fee and limits of an item."""
    words = Words("print")
    unknown = words("paper.unknown")
    if item is None:
        return {}
    basis = "；".join(f"{b.law}（{b.version or ''}）{b.article or ''}"
                      for b in item.legal_basis)  # fmt: skip

    def days(count: int | None) -> str:
        return words("told.days", days=count) if count is not None else unknown

    return {
        "basis": basis or unknown,
        "fee": item.fee.note or unknown,
        "statutory": days(item.statutory_limit.days),
        "promised": days(item.promised_limit.days),
    }


def listed_materials(item: Item | None) -> Lines:
    """Return an item's materials as a table: name, form, copies, when."""
    words = Words("print")
    if item is None:
        return ()
    return tuple(
        (
            material.name,
            material.form,
            str(material.copies),
            " ".join(
                filter(
                    None,
                    (
                        material.condition,
                        words("paper.deferrable") if material.deferrable else None,
                    ),
                )
            ),
        )
        for material in item.materials
    )


def told_lines(item: Item | None, application: Application) -> Lines:
    """Return an item's materials, and how each stands in a case."""
    words = Words("print")
    given = {each.key: each.form for each in application.materials}
    here = {key: words(f"form.{form}") for key, form in given.items()}
    return tuple(
        (*line, here.get(material.key, words("form.missing")))
        for line, material in zip(
            listed_materials(item), item.materials if item else (), strict=True
        )
    )


def given_materials(
    application: Application, item: Item | None, view: CaseView
) -> tuple[tuple[str, str, int, str], ...]:
    """Return what was handed over: name, form, copies, what to mind."""
    words = Words("print")
    lines = []
    for each in application.materials:
        if each.form is MaterialForm.NOT_APPLICABLE:
            continue
        notes = []
        if each.key in view.deferred:
            due = view.deferred[each.key].isoformat()
            notes.append(words("paper.deferred_until", day=due))
        if each.valid_until:
            notes.append(words("paper.valid_until", day=each.valid_until))
        notes += [each.note] if each.note else []
        form = "deferred" if each.key in view.deferred else str(each.form)
        copies = each.copies if each.form in _HANDED_OVER else 0
        name, how = material_name(item, each.key), words(f"form.{form}")
        lines.append((name, how, copies, words("paper.list_end").join(notes)))
    return tuple(lines)


_HANDED_OVER: Final = {
    MaterialForm.ORIGINAL, MaterialForm.COPY, MaterialForm.ELECTRONIC
}  # fmt: skip
_CERTAIN: Final = "certain"


def season_values(text: str, *, year: int) -> dict[str, str]:
    """Return what is known of a year's closed season, with how certain it is."""
    words, known = Words("print"), []
    for season in ClosedSeasons.model_validate_json(text).seasons:
        years = season.get("years")
        listed = years if isinstance(years, list) else []
        named = str(season.get("id", "")).startswith(f"{year}-")
        rules = season.get("rules")
        if not isinstance(rules, list) or not (year in listed if listed else named):
            continue
        certain = season.get("confidence") == _CERTAIN
        sure = words("season.sure" if certain else "season.unsure")
        source, area = str(season.get("source", "")), str(season.get("area", ""))
        known += [
            words(
                "season.rule", area=area, gear=str(rule.get("gear", "")), sure=sure,
                span=_span(rule, year) or str(rule.get("note", "")), source=source,
            )
            for rule in rules
            if isinstance(rule, dict)
        ]  # fmt: skip
    return {"year": str(year), "text": "\n".join(known)}


def _span(rule: Mapping[str, JsonValue], year: int) -> str:
    """From and to, whether the rule names its year or returns every year."""
    ends = []
    for end in ("start", "end"):
        day = rule.get(end)
        every = rule.get(f"{end}_md")
        day = day if isinstance(day, str) else every and f"{year}-{every}"
        if not isinstance(day, str):
            return ""
        ends.append(day.replace("T", " "))
    return "—".join(ends)
