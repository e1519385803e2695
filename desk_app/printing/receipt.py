"""The receipt for papers taken at the window (收件凭证).

It proves that papers were handed over; acceptance is another document.
"""

from dataclasses import dataclass

from desk_app.printing.lines import SMALL
from desk_app.printing.paper import Heading, Rows, Sheet, Table, Text, render
from desk_app.text.words import Words


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """One line of the list: what, in which form, how many, and what to mind."""

    name: str
    form: str
    copies: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptProps:
    """All that a receipt shows; times and days are local texts."""

    number: str
    official_number: str | None
    item: str
    applicant: str
    identity_masked: str
    agent: str | None
    received_at: str
    printed_at: str
    receiver: str
    notice: str
    promised: str | None
    materials: tuple[MaterialLine, ...]
    back_entry: str | None
    synced: bool
    copy: int
    authority: str
    season: str | None
    qr: str
    desk: str = ""
    desk_phone: str | None = None
    vessel: str | None = None
    visit: str | None = None
    batch: str | None = None


def receipt_pdf(props: ReceiptProps) -> bytes:
    """Return the receipt as PDF bytes."""
    words = Words("print")
    rows = (
        ("official", props.official_number),
        ("item", props.item),
        ("applicant", props.applicant),
        ("identity", props.identity_masked),
        ("agent", props.agent),
        ("vessel", props.vessel),
        ("received_at", props.received_at),
        ("printed_at", props.printed_at),
        ("receiver", props.receiver),
        ("phone", props.desk_phone),
        ("visit", props.visit),
        ("batch", props.batch),
        ("back_entry", props.back_entry),
        ("notice", props.notice),
        ("promised", props.promised),
    )
    decides = words("receipt.decides", authority=props.authority)
    notes = (decides, props.season, words("receipt.keep"))
    return render(
        Sheet(
            organ=props.desk or None,
            title=words("receipt.title"),
            number=props.number,
            qr=props.qr,
            caption=words("paper.qr"),
            blocks=(
                Rows(tuple((words(f"receipt.{key}"), value) for key, value in rows)),
                Heading(words("receipt.materials")),
                _material_table(words, props.materials),
                *(Text(note, SMALL) for note in notes if note),
            ),
            foot=foot(words, synced=props.synced, copy=props.copy),
            page_of=words("receipt.page"),
            seal=words("receipt.seal"),
        )
    )


def material_line(words: Words, materials: tuple[MaterialLine, ...]) -> str:
    """Return the list of materials as a sentence, for what is no receipt."""
    lines = []
    for index, line in enumerate(materials, start=1):
        count = words("paper.listed_count", copies=line.copies) if line.copies else ""
        note = words("paper.listed_note", note=line.note) if line.note else ""
        lines.append(
            words(
                "paper.listed", index=index, name=line.name, form=line.form,
                count=count, note=note,
            )
        )  # fmt: skip
    return words("paper.list_end").join(lines)


def _material_table(words: Words, materials: tuple[MaterialLine, ...]) -> Table:
    return Table(
        tuple(words(f"receipt.column_{c}") for c in ("name", "form", "copies", "note")),
        (0.52, 0.14, 0.08, 0.26),
        tuple(
            (f"{index}. {line.name}", line.form, str(line.copies or ""), line.note)
            for index, line in enumerate(materials, start=1)
        ),
        9.5,
    )


def foot(words: Words, *, synced: bool | None, copy: int) -> str:
    """Return what stands under every page: whether it was synced, which print.

    None where nothing is to be synced: the sheet belongs to no case.
    """
    mark = words("receipt.synced" if synced else "receipt.offline")
    copied = words("receipt.copy", copy=copy)
    return copied if synced is None else f"{mark}   {copied}"
