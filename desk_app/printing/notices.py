"""The notices and certificates that the law or the window's practice asks for.

Each function makes the blocks of one document from frozen props; words come from the
print catalogue. The town's centre is never printed as the deciding authority.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from desk_app.printing.paper import (
    SMALL,
    Block,
    Heading,
    Rows,
    Sheet,
    Signatures,
    Table,
    Text,
    render,
)
from desk_app.printing.receipt import foot
from desk_app.text.words import Words


@dataclass(frozen=True, slots=True)
class PaperProps:
    """What every document may show; times and days are local texts.

    `values` fill the document's own sentences; `lines` its table, row by row.
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
    synced: bool
    copy: int
    qr: str
    values: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[tuple[str, ...], ...] = ()


def notice_pdf(kind: str, props: PaperProps) -> bytes:
    """Return a document as PDF bytes; `kind` is one of KINDS."""
    words = Words("print")
    blocks = KINDS[kind](words, props)
    return render(
        Sheet(
            title=words(f"{kind}.title"),
            number=props.number,
            qr=props.qr or None,
            blocks=(*_common(words, props), *blocks),
            foot=foot(words, synced=props.synced, copy=props.copy),
            page_of=words("receipt.page"),
            seal=words("paper.seal") if kind in _SEALED else None,
        )
    )


def _common(words: Words, props: PaperProps) -> tuple[Block, ...]:
    rows = (
        ("official", props.official),
        ("item", props.item),
        ("applicant", props.applicant),
        ("identity", props.identity_masked),
        ("agent", props.agent),
        ("vessel", props.vessel),
        ("received_at", props.received_at),
        ("back_entry", props.back_entry),
        ("visit", props.visit),
        ("printed_at", props.printed_at),
        ("receiver", props.receiver),
        ("authority", props.authority),
        ("due", props.next_day),
        ("desk_phone", props.desk_phone),
    )
    return (Rows(tuple((words(f"paper.{key}"), value) for key, value in rows)),)


def _body(words: Words, props: PaperProps, key: str) -> Text:
    return Text(words(key, **{"item": props.item, **props.values}))


def _table(words: Words, props: PaperProps, columns: Mapping[str, float]) -> Table:
    names = tuple(words(f"paper.column_{each}") for each in columns)
    return Table(names, tuple(columns.values()), props.lines)


def _numbered(words: Words, props: PaperProps) -> Table:
    return _table(words, props, {"index": 0.1, "missing": 0.9})


def _limits(words: Words, props: PaperProps) -> Rows:
    rows = ("accepted_at", "promised", "statutory")
    return Rows(tuple((words(f"paper.{key}"), props.values.get(key)) for key in rows))


def _remedies(words: Words) -> tuple[Block, ...]:
    return (Text(words("paper.remedies")), Text(words("paper.remedies_basis"), SMALL))


def _signed(words: Words, *keys: str) -> Signatures:
    return Signatures(tuple(words(f"paper.{key}") for key in keys))


def _told(words: Words, props: PaperProps) -> tuple[Block, ...]:
    columns = {"material": 0.46, "form": 0.24, "copies": 0.08, "note": 0.22}
    return (
        _body(words, props, "told.body"),
        _table(words, props, columns),
        _body(words, props, "told.limits"),
        *(
            Text(words(f"told.{key}", **props.values), SMALL)
            for key in ("basis", "fee", "notice")
        ),
    )


def _acceptance(words: Words, props: PaperProps) -> tuple[Block, ...]:
    mode = props.values["mode"]
    key = {"deferred": "body_deferred", "commitment": "body_committed"}.get(
        mode, "body"
    )
    owed = (_table(words, props, {"material": 0.7, "due": 0.3}),) if props.lines else ()
    return (
        _body(words, props, f"acceptance.{key}"),
        *owed,
        _limits(words, props),
        Text(words("acceptance.limits"), SMALL),
    )


def _correction(words: Words, props: PaperProps) -> tuple[Block, ...]:
    return (
        _body(words, props, "correction.body"),
        _numbered(words, props),
        _body(words, props, "correction.due"),
        Rows(((words("paper.reason"), props.values.get("reason")),)),
    )


def _not_accepted(words: Words, props: PaperProps) -> tuple[Block, ...]:
    return (
        _body(words, props, f"not_accepted.body_{props.values['because']}"),
        Rows(((words("paper.reason"), props.values.get("reason")),)),
        *_remedies(words),
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
    return (
        _body(words, props, "power.body"),
        Text(words("power.scope")),
        _signed(words, "signed", "agent_signed", "signed_on", "thumb"),
    )


def _extension(words: Words, props: PaperProps) -> tuple[Block, ...]:
    return (
        _body(words, props, "extension.body"),
        Text(props.values["reason"]),
        _limits(words, props),
    )


def _special(words: Words, props: PaperProps) -> tuple[Block, ...]:
    procedure = words(f"special.{props.values['procedure']}")
    values = {**props.values, "procedure": procedure, "item": props.item}
    return (
        Text(words("special.body", **values)),
        Rows(((words("paper.reason"), props.values.get("reason")),)),
    )


def _delivery(words: Words, props: PaperProps) -> tuple[Block, ...]:
    value = props.values
    way = words(f"delivery.{value['way']}")
    rows = (
        ("what", value["what"]), ("way", way), ("signer", value["signer"]),
        ("signer_id", value.get("signer_id")), ("tracking", value.get("tracking")),
        ("delivered_at", value["delivered_at"]), ("witness", value.get("witness")),
    )  # fmt: skip
    return (
        Heading(words("delivery.title")),
        Rows(tuple((words(f"delivery.{key}"), text) for key, text in rows)),
        _signed(words, "signed", "signed_on", "clerk", "thumb"),
    )


def _sent_back(words: Words, props: PaperProps) -> tuple[Block, ...]:
    return (
        _body(words, props, "sent_back.body"),
        Rows(((words("paper.reason"), props.values.get("reason")),)),
        _signed(words, "signed", "signed_on"),
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
    return (_body(words, props, "forwarded.body"),)


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
    {"acceptance", "correction", "not_accepted", "extension", "special", "sent_back"}
)


@dataclass(frozen=True, slots=True)
class HandoverProps:
    """One bag of papers from town to district: its cases."""

    bag: str
    printed_at: str
    receiver: str
    rows: tuple[tuple[str, str, str, str], ...]
    """Number, applicant, item, how many materials."""


def handover_pdf(props: HandoverProps) -> bytes:
    """Return the list that travels with a bag."""
    words = Words("print")
    count = len(props.rows)
    columns = ("number", "applicant", "item", "pages")
    return render(
        Sheet(
            title=words("handover.title"),
            number=props.bag,
            blocks=(
                Text(words("handover.body", bag=props.bag, count=count)),
                Table(
                    tuple(words(f"handover.column_{each}") for each in columns),
                    (0.36, 0.18, 0.36, 0.1),
                    props.rows,
                ),
                Signatures(
                    tuple(
                        words(f"handover.{each}")
                        for each in ("given", "carried", "taken", "taken_on")
                    )
                ),
            ),
            foot=f"{words('paper.printed_at')} {props.printed_at} {props.receiver}",
            page_of=words("receipt.page"),
        )
    )


def blank_pdf(item: str, control: str, fields: tuple[str, ...], qr: str) -> bytes:
    """Return a blank form for a day without power."""
    words = Words("print")
    return render(
        Sheet(
            title=words("blank.title"),
            number=control,
            qr=qr,
            blocks=(
                Heading(item),
                Text(words("blank.body")),
                Table(
                    (words("blank.column_field"), words("blank.column_answer")),
                    (0.42, 0.58),
                    tuple((each, "") for each in fields),
                ),
                Signatures(
                    tuple(
                        words(f"paper.{each}")
                        for each in ("signed", "signed_on", "clerk", "thumb")
                    )
                ),
            ),
            foot=words("blank.control"),
            page_of=words("receipt.page"),
        )
    )
