"""What a document's own sentences say, from a case's steps and the catalogue."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from pydantic import BaseModel

from desk_app.services.shown import CaseView
from desk_app.text.words import Words, local_time
from schemas.calendars import ClosedSeasons
from schemas.catalogue import Item

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
    if kind == "told":
        values |= about_item(item)
    if kind == "commitment":
        accepted = steps.get("case_accepted")
        values["commitment"] = getattr(accepted, "commitment", "") or _ROOM_TO_WRITE
    return values, _lines(kind, view, item, steps)


def _lines(
    kind: str, view: CaseView, item: Item | None, steps: Mapping[str, BaseModel]
) -> Lines:
    if kind == "told":
        return listed_materials(item)
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
        return tuple(
            (material_name(item, each["material"]), each["due"]) for each in owed
        )
    blank = Words("print")("paper.unknown")
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


def season_values(text: str, *, year: int) -> dict[str, str]:
    """Return what is known of a year's closed season, with how certain it is."""
    known = []
    for season in ClosedSeasons.model_validate_json(text).seasons:
        rules = season.get("rules")
        if not str(season.get("id", "")).startswith(str(year)) or not rules:
            continue
        listed = rules if isinstance(rules, list) else []
        known += [
            f"{season.get('area')} {rule.get('gear')} {rule.get('start')}"
            f"\u2014{rule.get('end')}\uff08{season.get('confidence')}\uff09"
            for rule in listed
            if isinstance(rule, dict)
        ]
    return {"year": str(year), "text": "\n".join(known)}
