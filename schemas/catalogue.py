"""The catalogue of items: data with an edition, an effective date and its sources.

Every claim keeps how certain it is and where it comes from. Nothing in code knows an
item by name; `code` is the stable key, and retired items stay.
"""

from datetime import date
from typing import Literal

from pydantic import Field as Bounds
from pydantic import JsonValue

from schemas.applicant import ApplicantKind
from schemas.base import Frozen, Ordinal
from schemas.conditions import Condition
from schemas.ids import ItemCode

FieldType = Literal[
    "vessel_no",
    "text",
    "select",
    "decimal",
    "int",
    "date",
    "multiselect",
    "table",
    "bool",
    "textarea",
    "daterange",
    "id_or_uscc",
    "money",
    "id_number",
    "phone",
    "coord_list",
    "datetime",
    "coord_point",
    "uscc",
    "derived",
    "signature",
]
Certainty = Literal["certain", "likely", "illustrative"]


class FieldRules(Frozen):
    """What an answer must keep to; every rule is optional.

    `warn_*` rules warn and never block; `statement` is a rule in words that is shown.
    """

    regex: str | None = None
    warn_regex: str | None = None
    min: float | None = None
    max: float | None = None
    scale: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    columns: tuple[str, ...] = ()
    min_rows: int | None = None
    sum_equals: dict[str, float] = {}
    not_later_than: Literal["today", "now"] | None = None
    after_field: str | None = None
    max_days: int | None = None
    min_points: int | None = None
    no_self_intersection: bool = False
    warn_bbox: tuple[float, float, float, float] | None = None
    warn_over: float | None = None
    warn_under: float | None = None
    derived_from: str | None = None
    factor: float | None = None
    if_true: str | None = None
    if_false: str | None = None
    statement: str | None = None
    other: dict[str, JsonValue] = {}


class Field(Frozen):
    """One question of a form; `options` are values or `dict:name`."""

    name: str
    label: str
    type: FieldType
    unit: str | None
    required: bool
    rules: FieldRules
    options: tuple[str, ...] | str | None
    sensitive: bool
    note: str | None


class Material(Frozen):
    """One line of an item's list of materials."""

    key: str
    name: str
    form: str
    copies: int
    required: bool
    condition: str | None
    when: Condition
    source: str | None
    deferrable: bool
    e_licence: str | None
    note: str | None


class Basis(Frozen):
    """A law the item stands on; an article that could not be checked is None."""

    law: str
    version: str | None
    article: str | None
    text_status: str
    note: str | None


class Authority(Frozen):
    """Who decides, and what the town does; with its certainty.

    `organ` is the name that documents are issued in, `seal` the seal's; None until the
    bureau says so: the town's centre is no organ of its own and never stands in.
    """

    decision_level: str
    town_role: str
    note: str | None
    confidence: Certainty
    organ: str | None = None
    seal: str | None = None


class StatutoryLimit(Frozen):
    """The limit by law in working days; None where none was found."""

    days: int | None
    unit: str | None
    basis: str | None
    excluded_time: str | None
    excluded_time_note: str | None


class PromisedLimit(Frozen):
    """The promised limit in working days; all are illustrative in edition 1."""

    days: int | None
    unit: str | None
    configurable: bool
    confidence: Certainty


class Fee(Frozen):
    """Whether a fee is charged; None where unknown."""

    charged: bool | None
    note: str | None
    basis: str | None
    confidence: Certainty


class Item(Frozen):
    """One of the 62 ways to apply."""

    seq: Ordinal
    code: ItemCode
    retired: bool
    parent_code: str
    parent_name: str
    parent_name_en: str
    name: str
    name_en: str
    pinyin: str
    initials: str
    situation: str | None
    category: str
    official_impl_code: str | None
    official_biz_item_code: str | None
    national_list_entry: str | None
    source: dict[str, JsonValue]
    confidence: dict[str, Certainty]
    legal_basis: tuple[Basis, ...]
    authority: Authority
    applicant_types: tuple[str, ...]
    applicant_kinds: tuple[ApplicantKind, ...]
    case_kind: str
    forwarded: bool = False
    """Only forwarded to whoever decides above: the town promises no result."""
    renewal: bool = False
    """Renews a licence: undecided when the old one ends, it counts as granted."""
    commitment_permitted: bool = False
    """May be accepted on the applicant's commitment; never where lives hang on it."""
    statutory_limit: StatutoryLimit
    promised_limit: PromisedLimit
    fee: Fee
    result_document: str | None
    validity: str | None
    renewal_lead: str | None
    materials: tuple[Material, ...]
    common_field_groups: tuple[str, ...]
    fields: tuple[Field, ...]
    seasonal_rules: tuple[dict[str, JsonValue], ...]
    desk: dict[str, JsonValue]
    notes: str | None

    def material(self, key: str) -> Material | None:
        """Return the material with this key, if the item lists it."""
        return next((each for each in self.materials if each.key == key), None)


class Edition(Frozen):
    """A whole catalogue, as loaded; `notice` says that it is not the official list."""

    format: Literal["island-desk/catalogue/1"]
    edition: Ordinal
    effective_from: date
    title: str
    official: bool
    notice: str = Bounds(min_length=1)
    about: dict[str, JsonValue]
    field_groups: dict[str, tuple[Field, ...]]
    dictionaries: dict[str, tuple[str, ...]]
    reference: dict[str, JsonValue]
    items: tuple[Item, ...]

    def item(self, code: str) -> Item | None:
        """Return the item with this code, retired ones too."""
        return next((each for each in self.items if each.code == code), None)

    def form_fields(self, item: Item) -> tuple[Field, ...]:
        """Return all questions of an item but the applicant's own group."""
        groups = (g for g in item.common_field_groups if g != "applicant")
        common = tuple(f for g in groups for f in self.field_groups[g])
        return (*item.fields, *common)

    def options(self, field: Field) -> tuple[str, ...]:
        """Return the choices of a field; empty where the dictionary has none yet."""
        if isinstance(field.options, str):
            return self.dictionaries.get(field.options.removeprefix("dict:"), ())
        return field.options or ()


def search_items(edition: Edition, text: str) -> tuple[Item, ...]:
    """Find items by code, Chinese words, pinyin or initials; best first.

    All words typed must be found; retired items are left out.
    """
    words = text.lower().split()

    def rank(item: Item) -> int:
        scores = [_match(item, word) for word in words]
        return min(scores) if scores else 1

    found = [(rank(item), item) for item in edition.items if not item.retired]
    hits = [(score, item) for score, item in found if score > 0]
    hits.sort(key=lambda pair: (-pair[0], pair[1].seq))
    return tuple(item for _, item in hits)


def _match(item: Item, word: str) -> int:
    if word in item.code.lower() or word in item.code.lower().replace("-", ""):
        return 4
    if word in item.name:
        return 3
    # Clerks drop letters: `bhzhx` should find the renewal of the fishing licence.
    if word in item.initials or _in_order(word, item.initials):
        return 2 if word in item.initials else 1
    return 1 if word in item.pinyin else 0


def _in_order(letters: str, text: str) -> bool:
    if not letters.isascii() or not letters.isalpha():
        return False
    rest = iter(text)
    return all(letter in rest for letter in letters)
