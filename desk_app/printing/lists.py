"""Sheets that belong to several cases or to none: bags, visits, blank forms."""

from dataclasses import dataclass
from typing import Final, Literal

from reportlab.lib.units import mm

from desk_app.printing.lines import SMALL
from desk_app.printing.paper import (
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

_HAND: Final = 8.5 * mm
_SIGNED: Final = {
    "handover": ("given", "given_on", "carried", "taken", "taken_on", "sealed"),
    "batch": ("given", "taken", "taken_on"),
}


@dataclass(frozen=True, slots=True)
class ListProps:
    """A bag from town to district, or one visit with several vessels: its cases."""

    kind: Literal["handover", "batch"]
    subject: str
    """The bag's or the visit's own number."""
    desk: str
    desk_phone: str | None
    printed_at: str
    receiver: str
    synced: bool
    copy: int
    rows: tuple[tuple[str, str, str, str], ...]
    """Number, applicant or vessel, item, how many papers."""

    @property
    def papers(self) -> int:
        """How many papers in all."""
        return sum(int(row[-1]) for row in self.rows)


def list_pdf(props: ListProps) -> bytes:
    """Return the list that travels with a bag, or that a visit goes home with."""
    words, kind = Words("print"), props.kind
    columns = ("number", "applicant", "item", "pages")
    return render(
        Sheet(
            organ=props.desk or None,
            title=words(f"{kind}.title"),
            number=props.subject,
            qr=f"IDL|{kind}|{props.subject}",
            caption=words(f"{kind}.qr"),
            blocks=(
                Rows(
                    (
                        (words("paper.printed_at"), props.printed_at),
                        (words("paper.receiver"), props.receiver),
                        (words("paper.desk_phone"), props.desk_phone),
                    )
                ),
                Text(
                    words(
                        f"{kind}.body", subject=props.subject, count=len(props.rows),
                        papers=props.papers,
                    )
                ),
                Table(
                    tuple(words(f"handover.column_{each}") for each in columns),
                    (0.34, 0.2, 0.36, 0.1),
                    props.rows,
                    9.5,
                ),
                Text(words(f"{kind}.note"), SMALL),
                Signatures(tuple(words(f"handover.{each}") for each in _SIGNED[kind])),
            ),
            foot=foot(words, synced=props.synced, copy=props.copy),
            page_of=words("receipt.page"),
        )
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class BlankProps:
    """A blank form of an item for a day without power, with its control number."""

    item: str
    control: str
    desk: str
    desk_phone: str | None
    printed_at: str
    sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """Heading, and its questions: label, choices or unit."""
    materials: tuple[tuple[str, str, str], ...]
    """Name, form, when it is needed."""
    qr: str


def blank_pdf(props: BlankProps) -> bytes:
    """Return a blank form: what the window asks, in the same order, with a stub."""
    words = Words("print")
    asked = tuple(
        block
        for heading, fields in props.sections
        for block in (
            Heading(heading),
            Table(
                (words("blank.column_field"), words("blank.column_answer")),
                (0.34, 0.66),
                tuple((label, choices) for label, choices in fields),
                9,
                _HAND,
            ),
        )
    )
    columns = ("material", "form", "note", "given")
    return render(
        Sheet(
            organ=props.desk or None,
            title=words("blank.title"),
            number=props.control,
            qr=props.qr,
            caption=words("blank.control"),
            blocks=(
                Rows(
                    (
                        (words("paper.item"), props.item),
                        (words("paper.printed_at"), props.printed_at),
                        (words("paper.desk_phone"), props.desk_phone),
                        (words("blank.received_at"), words("blank.by_hand")),
                    )
                ),
                Text(words("blank.body"), SMALL),
                *asked,
                Heading(words("receipt.materials")),
                Table(
                    tuple(words(f"paper.column_{each}") for each in columns),
                    (0.4, 0.22, 0.24, 0.14),
                    tuple((*row, words("blank.tick")) for row in props.materials),
                    SMALL,
                ),
                Text(words("blank.true"), SMALL),
                Signatures(
                    tuple(
                        words(f"paper.{each}")
                        for each in ("signed", "signed_on", "clerk", "thumb")
                    )
                ),
                Heading(words("blank.stub"), keep=72 * mm, cut=True),
                Rows(
                    (
                        (words("blank.control"), props.control),
                        (words("paper.item"), props.item),
                        (words("blank.received_at"), words("blank.by_hand")),
                        (words("paper.desk_phone"), props.desk_phone),
                    )
                ),
                Text(words("blank.stub_body"), SMALL),
                Signatures((words("paper.clerk"), words("paper.signed_on"))),
            ),
            foot=words("blank.once"),
            page_of=words("receipt.page"),
        )
    )
