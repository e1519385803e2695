"""Invented applications for any item: valid shapes, recognisably nobody's.

Names come from a fixed list, ids have valid check digits on a sample region and date,
phones are 1390000xxxx, vessels 闽秀渔999xx.
"""

from typing import Any

from stdnum.cn import ric, uscc

from schemas.catalogue import Edition, Field, Item

NAMES = ("林海生", "陈阿妹", "黄志强", "郑丽珠", "吴金水", "许秀英", "林阿宝", "蔡文龙")
_SQUARE = (
    ("119.50", "25.20"),
    ("119.51", "25.20"),
    ("119.51", "25.21"),
    ("119.50", "25.21"),
)


def person_id(seed: int) -> str:
    """Return an invented resident id with a valid check digit."""
    body = f"110105{1950 + seed % 50}{seed % 12 + 1:02d}15{seed % 999 + 1:03d}"
    return body + str(ric.calc_check_digit(body + "0"))


def credit_code(seed: int) -> str:
    """Return an invented credit code with a valid check character."""
    body = f"93350300MA99{seed % 99999:05d}"
    return body + str(uscc.calc_check_digit(body))


def sample_applicant(item: Item, *, seed: int) -> dict[str, str]:
    """Return an applicant of a kind that the item admits."""
    kind = item.applicant_kinds[seed % len(item.applicant_kinds)]
    name = NAMES[seed % len(NAMES)]
    common = {
        "kind": str(kind),
        "phone": f"1390000{seed % 10000:04d}",
        "address": "福建省莆田市秀屿区南日镇（示例地址）",
    }
    if kind == "person":
        return {**common, "name": name, "id_number": person_id(seed)}
    return {**common, "name": f"示例{name}合作社", "credit_code": credit_code(seed)}


def sample_form(item: Item, edition: Edition, *, seed: int) -> dict[str, Any]:
    """Return answers that pass every check of the item's form."""
    form: dict[str, Any] = {}
    for field in edition.form_fields(item):
        if field.name.startswith("agent_") and field.name != "agent_used":
            continue
        if field.required or seed % 2:
            value = _answer(field, edition, seed)
            if value is not None:
                form[field.name] = value
    form["agent_used"] = False
    return form


def _answer(field: Field, edition: Edition, seed: int) -> Any:
    rules = field.rules
    options = edition.options(field)
    match field.type:
        case "vessel_no":
            return f"闽秀渔99{seed % 1000:03d}"
        case "select":
            return options[seed % len(options)] if options else "示例港"
        case "multiselect":
            return list(options[: max(1, rules.min_items or 1)])
        case "decimal" | "money":
            low = int(rules.min or 0) + 1
            high = rules.max if rules.max is not None else 1000
            return f"{min(low + seed % 5, int(high))}"
        case "int":
            low = int(rules.min or 0)
            high = int(rules.max if rules.max is not None else 100)
            return min(low + 1 + seed % 3, high)
        case "date":
            return _date_answer(field, seed)
        case "datetime":
            return "2026-06-01T08:30"
        case "daterange":
            return {"from": "2026-12-01", "to": "2026-12-31"}
        case "bool":
            return True
        case "id_number":
            return person_id(seed + 7)
        case "uscc":
            return credit_code(seed)
        case "id_or_uscc":
            return person_id(seed + 11)
        case "phone":
            return f"1390000{(seed + 3) % 10000:04d}"
        case "table":
            row = dict.fromkeys(rules.columns, "示例")
            row.update(
                {column: f"{total:g}" for column, total in rules.sum_equals.items()}
            )
            return [row]
        case "coord_point":
            return {"lon": "119.5000000", "lat": "25.2000000", "as_given": "119.5,25.2"}
        case "coord_list":
            return [{"lon": x, "lat": y, "as_given": f"{x},{y}"} for x, y in _SQUARE]
        case "derived" | "signature":
            return None
        case _:
            return _text_answer(field, seed)


def _date_answer(field: Field, seed: int) -> str:
    if field.rules.after_field:
        return f"2026-07-{seed % 28 + 1:02d}"
    return f"2026-06-{seed % 28 + 1:02d}"


def _text_answer(field: Field, seed: int) -> str:
    known = {
        "^41[234]\\d{6}$": f"412{seed % 10**6:06d}",
        "^\\d{10,16}$": f"3503{seed % 10**8:08d}",
        "^\\d{12,30}$": f"6222{seed % 10**12:012d}",
        "^\\d{5,10}$": f"{seed % 10**5 + 100000}",
    }
    return known.get(field.rules.regex or "", "示例内容")[
        : field.rules.max_length or 40
    ]


def sample_materials(item: Item) -> list[dict[str, Any]]:
    """Return every material of the item as handed over."""
    return [
        {"key": each.key, "form": "original", "copies": each.copies}
        for each in item.materials
    ]
