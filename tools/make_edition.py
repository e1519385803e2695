"""Make catalogue edition 1 and the calendars from the research source.

Usage: python -m tools.make_edition [--check]. The source is
assets/catalogue/source/maritime_items.json; what is written is committed beside it,
and a test makes it again and compares.
"""

import json
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pypinyin import Style, lazy_pinyin

from schemas.catalogue import Edition

FOLDER = Path(__file__).parent.parent / "assets" / "catalogue"
ORGANISATIONS = ["company", "cooperative", "village", "institution", "other"]
APPLICANT_KINDS = ["person", *ORGANISATIONS]
KIND_WORDS = {
    "自然人": ["person"],
    "企业法人": ["company"],
    "合作社": ["cooperative"],
    "村集体": ["village"],
    "事业单位": ["institution"],
    "其他组织": ["other"],
    "金融机构": ["company", "other"],
}
PERSON = {"rule": "applicant_is", "kinds": ["person"]}
# Where a false commitment would endanger people at sea (domain notes 3.1): vessels and
# their registration, crew, dangerous cargo, reports of safety.
NO_COMMITMENT = ("HY03-", "HY04-", "HY08-05", "HY12-")
ORGANISATION = {"rule": "applicant_is", "kinds": ORGANISATIONS}
CATCHERS = ["捕捞船", "捕捞辅助船"]


def field_in(field: str, *values: str) -> dict[str, Any]:
    return {"rule": "field_in", "field": field, "values": list(values)}


# Condition text → rule, where the item's own questions decide it; a rule whose field
# or values the item does not have falls back to the clerk's judgement.
CONDITIONS: dict[str, list[dict[str, Any]]] = {
    "申请人为自然人时": [PERSON],
    "船舶所有人为自然人时": [PERSON],
    "自然人": [PERSON],
    "自然人（登记办法第十五条：户口簿或企业法人营业执照）": [PERSON],
    "申请人为企业法人、农民专业合作社或其他组织时": [ORGANISATION],
    "企业": [{"rule": "applicant_is", "kinds": ["company"]}],
    "由他人代办时": [{"rule": "by_agent"}],
    "首次申请和重新申请时": [{"rule": "always"}],
    "捕捞渔船和捕捞辅助船": [field_in("vessel_kind", *CATCHERS)],
    "捕捞渔船、捕捞辅助船": [field_in("vessel_kind", *CATCHERS)],
    "养殖渔船": [field_in("vessel_kind", "养殖船")],
    "船舶共有时": [{"rule": "field_answered", "field": "co_owners"}],
    "遗失、灭失时": [
        field_in("reason", "遗失补发", "灭失补发"),
        field_in("reason", "遗失"),
    ],
    "遗失时": [field_in("reason", "遗失补发"), field_in("reason", "遗失")],
    "污损时": [field_in("reason", "污损换发"), field_in("reason", "污损")],
    "损毁时": [field_in("reason", "损毁")],
    "补发时": [field_in("reason", "遗失补发", "损毁补发")],
    "变更、延期时": [field_in("reason", "变更", "延期")],
    "换发时交回": [field_in("reason", "有效期届满换发", "污损换发")],
}


def condition_of(text: str | None, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the first rule that the item's own fields can decide."""
    if text is None:
        return {"rule": "always"}
    for rule in CONDITIONS.get(text, []):
        field = fields.get(rule.get("field", ""))
        if "field" not in rule:
            return rule
        if field is None:
            continue
        options = field["options"]
        if "values" not in rule or set(rule["values"]) <= set(options or []):
            return rule
    return {"rule": "clerk_judges"}


def rules_of(field: dict[str, Any]) -> dict[str, Any]:
    """Return the typed rules of a field; what has no place is kept in `other`."""
    rules: dict[str, Any] = {}
    for name, value in field["validation"].items():
        match name, value:
            case "max", "today" | "now":
                rules["not_later_than"] = value
            case "after", _:
                rules["after_field"] = value
            case "rule" | "warn", str():
                rules["statement"] = value
            case "regex" | "warn_regex" | "min" | "max" | "scale" | "max_length", _:
                rules[name] = value
            case (
                (
                    "min_items"
                    | "max_items"
                    | "columns"
                    | "min_rows"
                    | "sum_equals"
                    | "max_days"
                    | "min_points"
                    | "warn_bbox"
                    | "warn_over"
                    | "warn_under"
                    | "derived_from"
                    | "factor"
                    | "if_true"
                    | "if_false"
                    | "no_self_intersection"
                ),
                _,
            ):
                rules[name] = value
            case _:
                rules.setdefault("other", {})[name] = value
    return rules


def field_of(source: dict[str, Any]) -> dict[str, Any]:
    plain = {k: v for k, v in source.items() if k != "validation"}
    return {**plain, "rules": rules_of(source)}


def item_of(source: dict[str, Any]) -> dict[str, Any]:
    fields = {field["name"]: field for field in source["fields"]}
    words = f"{source['name']}"
    kinds = {
        kind
        for text in source["applicant_types"]
        for word, given in KIND_WORDS.items()
        if word in text
        for kind in given
    }
    return {
        **source,
        "pinyin": "".join(lazy_pinyin(words, errors="ignore")),
        "initials": "".join(
            lazy_pinyin(words, style=Style.FIRST_LETTER, errors="ignore")
        ),
        "applicant_kinds": [kind for kind in APPLICANT_KINDS if kind in kinds],
        "forwarded": source["case_kind"] == "转报件",
        # Art. 50 of the Administrative Licensing Law is about licences.
        "renewal": source["category"] == "行政许可"
        and any(w in (source["situation"] or "") for w in ("延续", "换发", "续期")),
        "commitment_permitted": not source["code"].startswith(NO_COMMITMENT),
        "materials": [
            {**m, "when": condition_of(m["condition"], fields)}
            for m in source["materials"]
        ],
        "fields": [field_of(field) for field in source["fields"]],
    }


def edition_of(source: dict[str, Any]) -> Edition:
    """Return edition 1; raises when it does not validate."""
    lists = {
        name: value
        for name, value in source["dictionaries"].items()
        if isinstance(value, list) and all(isinstance(v, str) for v in value)
    }
    latest = source["dictionaries"]["special_species_by_year"]["2024"]
    groups = source["dictionaries"]["common_field_groups"]
    reference = (
        "vessel_name_rule",
        "geo",
        "region",
        "ports_note",
        "nanri_villages_note",
    )
    return Edition.model_validate_json(
        json.dumps(
            {
                "format": "island-desk/catalogue/1",
                "edition": 1,
                "effective_from": source["meta"]["generated_on"],
                "title": source["meta"]["title"],
                "official": source["meta"]["is_official_62_list"],
                "notice": source["meta"]["status"],
                "about": source["meta"],
                "field_groups": {
                    name: [field_of(field) for field in group]
                    for name, group in groups.items()
                },
                "dictionaries": {**lists, "special_species_by_year": latest},
                "reference": {k: source["dictionaries"][k] for k in reference},
                "items": [item_of(item) for item in source["items"]],
            }
        )
    )


def holidays_of(source: dict[str, Any]) -> dict[str, Any]:
    verified = source["dictionaries"]["holidays_verified"]
    off: list[str] = []
    work: list[str] = []
    for year in ("2025", "2026"):
        for span in verified[year]["off"]:
            first, _, last = span.partition("..")
            day, end = date.fromisoformat(first), date.fromisoformat(last or first)
            while day <= end:
                off.append(day.isoformat())
                day += timedelta(days=1)
        work += verified[year]["workdays_on_weekend"]
    return {
        "format": "island-desk/holidays/1",
        "source": verified["source"],
        "complete_from": "2025-01-01",
        "complete_through": "2026-12-31",
        "off": off,
        "workdays_on_weekend": work,
    }


def texts() -> dict[str, str]:
    """Return every file that this tool makes, by name."""
    source = json.loads((FOLDER / "source" / "maritime_items.json").read_text("utf-8"))
    seasons = {
        "format": "island-desk/closed-seasons/1",
        "seasons": source["dictionaries"]["closed_season"],
    }

    def pretty(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, indent=1) + "\n"

    return {
        "edition-1.json": pretty(edition_of(source).model_dump(mode="json")),
        "holidays.json": pretty(holidays_of(source)),
        "closed_seasons.json": pretty(seasons),
    }


def main() -> int:
    stale = False
    for name, text in texts().items():
        path = FOLDER / name
        if "--check" in sys.argv:
            stale |= path.read_text("utf-8") != text
        else:
            path.write_text(text, "utf-8")
    return int(stale)


if __name__ == "__main__":
    sys.exit(main())
