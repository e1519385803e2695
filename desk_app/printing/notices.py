"""The notices and certificates that the law or the window's practice asks for.

Each function makes the blocks of one document from frozen props; words come from the
print catalogue. The town's centre is never printed as the deciding authority.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from desk_app.printing.lines import BODY, SMALL
from desk_app.printing.paper import (
    Block,
    Rows,
    Sheet,
    Signatures,
    Table,
    Text,
    render,
)
from desk_app.printing.receipt import MaterialLine, foot, material_line
from desk_app.text.words import Words


@dataclass(frozen=True, slots=True)
class PaperProps:
    """What every document may show; times and days are local texts.

    `values` fill the document's own sentences; `lines` its table, row by row. `organ`
    and `seal` are whose document it is, None where the bureau has not said yet.
    """

    number: str
    official: str | None
    item: str
    category: str
    applicant: str
    identity_masked: str
    agent: str | None
    vessel: str | None
    received_at: str
    printed_at: str
    receiver: str
    back_entry: str | None
    visit: str | None
    authority: str
    desk_phone: str | None
    next_day: str | None
    synced: bool | None
    copy: int
    qr: str
    desk: str = ""
    organ: str | None = None
    seal: str | None = None
    step_back_entry: str | None = None
    materials: tuple[MaterialLine, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[tuple[str, ...], ...] = ()


def notice_pdf(kind: str, props: PaperProps) -> bytes:
    """Return a document as PDF bytes; `kind` is one of KINDS."""
    words = Words("print")
    blocks = KINDS[kind](words, props)
    sealed = kind in _SEALED
    organ = props.organ or words("paper.organ_blank")
    if props.materials and kind in _LISTING:
        # Above the signatures: what is signed for includes the list.
        signs = isinstance(blocks[-1], Signatures)
        told = words("receipt.materials"), material_line(words, props.materials)
        at = len(blocks) - signs
        blocks = (*blocks[:at], Rows((told,)), *blocks[at:])
    return render(
        Sheet(
            organ=organ if sealed else props.desk or None,
            title=words(f"{kind}.title"),
            number=props.number,
            qr=props.qr or None,
            caption=words("paper.qr"),
            blocks=(*_common(words, props), *blocks),
            foot=foot(words, synced=props.synced, copy=props.copy),
            page_of=words("receipt.page"),
            seal=_seal_words(words, props) if sealed else None,
        )
    )


def _seal_words(words: Words, props: PaperProps) -> str:
    seal = props.seal or words("paper.seal_default")
    return words("paper.seal", seal=seal)


def _common(words: Words, props: PaperProps) -> tuple[Block, ...]:
    rows = (
        ("official", props.official),
        ("item", props.item),
        ("category", props.category),
        ("applicant", props.applicant),
        ("identity", props.identity_masked),
        ("agent", props.agent),
        ("vessel", props.vessel),
        ("received_at", props.received_at),
        ("printed_at", props.printed_at),
        ("receiver", props.receiver),
        ("desk_phone", props.desk_phone),
        ("authority", props.authority),
        ("due", props.next_day),
        ("visit", props.visit),
        ("back_entry", props.back_entry),
        ("step_back_entry", props.step_back_entry),
    )
    return (Rows(tuple((words(f"paper.{key}"), value) for key, value in rows)),)


def _body(words: Words, props: PaperProps, key: str) -> Text:
    return Text(words(key, **{"item": props.item, **props.values}))


def _table(
    words: Words, props: PaperProps, columns: Mapping[str, float], *, size: float = BODY
) -> Table:
    names = tuple(words(f"paper.column_{each}") for each in columns)
    return Table(names, tuple(columns.values()), props.lines, size)


def _numbered(words: Words, props: PaperProps) -> Table:
    return _table(words, props, {"index": 0.1, "missing": 0.9})


def _limits(words: Words, props: PaperProps) -> Rows:
    rows = ("accepted_at", "promised", "statutory")
    return Rows(tuple((words(f"paper.{key}"), props.values.get(key)) for key in rows))


def _remedies(words: Words, props: PaperProps) -> tuple[Block, ...]:
    """What the refusal itself says of remedies, and the law's own periods."""
    said, law = props.values.get("remedies", ""), words("paper.remedies")
    told = (Text(said),) if said.strip() not in {"", law} else ()
    return (*told, Text(law), Text(words("paper.remedies_basis"), SMALL))


def _reason(words: Words, props: PaperProps) -> Rows:
    return Rows(((words("paper.reason"), props.values.get("reason")),))


def _signed(words: Words, *keys: str) -> Signatures:
    return Signatures(tuple(words(f"paper.{key}") for key in keys))


def _told(words: Words, props: PaperProps) -> tuple[Block, ...]:
    columns = {"material": 0.4, "form": 0.22, "copies": 0.08, "note": 0.3}
    if props.lines and len(props.lines[0]) > len(columns):
        columns = {**columns, "material": 0.36, "note": 0.22, "here": 0.12}
    return (
        _body(words, props, "told.body"),
        _table(words, props, columns, size=SMALL),
        _body(words, props, "told.limits"),
        *(
            Text(words(f"told.{key}", **props.values), SMALL)
            for key in ("basis", "fee", "remedy", "notice")
        ),
    )


def _acceptance(words: Words, props: PaperProps) -> tuple[Block, ...]:
    owed = (_table(words, props, {"material": 0.7, "due": 0.3}),) if props.lines else ()
    return (
        _body(words, props, f"acceptance.{props.values['body']}"),
        *owed,
        _limits(words, props),
        Text(words("acceptance.limits"), SMALL),
    )


def _correction(words: Words, props: PaperProps) -> tuple[Block, ...]:
    return (
        _body(words, props, "correction.body"),
        _numbered(words, props),
        _body(words, props, "correction.due"),
        Text(words("correction.late"), SMALL),
        _reason(words, props),
    )


def _not_accepted(words: Words, props: PaperProps) -> tuple[Block, ...]:
    return (
        _body(words, props, f"not_accepted.body_{props.values['because']}"),
        _reason(words, props),
        *_remedies(words, props),
    )


def _deferred(words: Words, props: PaperProps) -> tuple[Block, ...]:
    return (
        _body(words, props, "deferred.body"),
        _table(words, props, {"material": 0.7, "due": 0.3}),
        _signed(words, "signed", "signed_on", "thumb", "witness"),
    )


def _commitment(words: Words, props: PaperProps) -> tuple[Block, ...]:
    return (
        Text(words("commitment.told")),
        _body(words, props, "commitment.body"),
        Text(words("commitment.true")),
        _signed(words, "signed", "signed_on", "thumb", "witness"),
    )


def _power(words: Words, props: PaperProps) -> tuple[Block, ...]:
    rows = ("principal", "agent_name", "agent_id", "relation", "until")
    return (
        _body(words, props, "power.body"),
        Rows(tuple((words(f"power.{key}"), props.values.get(key)) for key in rows)),
        Text(words("power.scope")),
        Text(words("power.id_card"), SMALL),
        _signed(words, "signed", "agent_signed", "signed_on", "thumb"),
    )


def _extension(words: Words, props: PaperProps) -> tuple[Block, ...]:
    return (
        _body(words, props, "extension.body"),
        _reason(words, props),
        _limits(words, props),
    )


def _special(words: Words, props: PaperProps) -> tuple[Block, ...]:
    procedure = words(f"special.{props.values['procedure']}")
    values = {"item": props.item, **props.values, "procedure": procedure}
    return (
        Text(words("special.body", **values)),
        _reason(words, props),
    )


def _delivery(words: Words, props: PaperProps) -> tuple[Block, ...]:
    value = props.values
    refused = value.get("refused")
    rows = (
        ("what", value["what"]), ("way", words(f"delivery.{value['way']}")),
        ("signer", value["signer"]), ("signer_id", value.get("signer_id")),
        ("tracking", value.get("tracking")), ("delivered_at", value["delivered_at"]),
        ("refused", words("delivery.left_behind") if refused else None),
        ("witness", value.get("witness")),
    )  # fmt: skip
    return (
        Rows(tuple((words(f"delivery.{key}"), text) for key, text in rows)),
        Text(words("delivery.ways"), SMALL),
        _signed(words, "recipient", "signed_on", "clerk", "thumb", "witness"),
    )


def _sent_back(words: Words, props: PaperProps) -> tuple[Block, ...]:
    return (
        _body(words, props, f"sent_back.{props.values['body']}"),
        _reason(words, props),
        _signed(words, "recipient", "signed_on"),
    )


def _season(words: Words, props: PaperProps) -> tuple[Block, ...]:
    text = props.values.get("text", "")
    known = (
        words("season.known", text=text)
        if text
        else words("season.none", year=props.values["year"])
    )
    return (Text(words("season.body")), Text(known))


def _forwarded(words: Words, props: PaperProps) -> tuple[Block, ...]:
    return (
        _body(words, props, "forwarded.body"),
        Rows(((words("paper.opinion"), props.values.get("opinion")),)),
        Text(words("forwarded.basis"), SMALL),
    )


KINDS: Final[dict[str, Callable[[Words, PaperProps], tuple[Block, ...]]]] = {
    "told": _told,
    "acceptance": _acceptance,
    "correction": _correction,
    "not_accepted": _not_accepted,
    "deferred": _deferred,
    "commitment": _commitment,
    "power": _power,
    "extension": _extension,
    "special": _special,
    "delivery": _delivery,
    "sent_back": _sent_back,
    "season": _season,
    "forwarded": _forwarded,
}
"""Documents of one case; the receipt, the hand-over list and the slip have modules."""

_SEALED: Final = frozenset(
    {
        "acceptance", "correction", "not_accepted", "extension", "special",
        "sent_back", "forwarded", "delivery",
    }
)  # fmt: skip
"""Issued in the authority's name, with the place of its seal."""

_LISTING: Final = frozenset(
    {
        "acceptance", "correction", "not_accepted", "deferred", "commitment",
        "sent_back", "forwarded",
    }
)  # fmt: skip
"""Documents that say which papers were handed over, in which form."""
