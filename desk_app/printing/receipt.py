"""The receipt for papers taken at the window (收件凭证).

It proves that papers were handed over; acceptance is another document.
"""

from dataclasses import dataclass

from desk_app.printing.paper import SMALL, Heading, Rows, Sheet, Table, Text, render
from desk_app.text.words import Words


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """One line of the list: what, in which form, how many."""

    name: str
    form: str
    copies: int


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
    back_entry_reason: str | None
    synced: bool
    copy: int
    authority: str
    season: str | None
    qr: str


def receipt_pdf(props: ReceiptProps) -> bytes:
    """Return the receipt as PDF bytes."""
    words = Words("print")
    rows = (
        ("official", props.official_number),
        ("item", props.item),
        ("applicant", props.applicant),
        ("identity", props.identity_masked),
        ("agent", props.agent),
        ("received_at", props.received_at),
        ("back_entry", props.back_entry_reason),
        ("printed_at", props.printed_at),
        ("receiver", props.receiver),
        ("notice", props.notice),
        ("promised", props.promised),
    )
    decides = words("receipt.decides", authority=props.authority)
    notes = (decides, props.season, words("receipt.keep"))
    return render(
        Sheet(
            title=words("receipt.title"),
            number=props.number,
            qr=props.qr,
            blocks=(
                Rows(tuple((words(f"receipt.{key}"), value) for key, value in rows)),
                Heading(words("receipt.materials")),
                Table(
                    tuple(words(f"receipt.column_{c}") for c in _COLUMNS),
                    (0.72, 0.16, 0.12),
                    tuple(
                        (f"{index}. {line.name}", line.form, str(line.copies))
                        for index, line in enumerate(props.materials, start=1)
                    ),
                ),
                *(Text(note, SMALL) for note in notes if note),
            ),
            foot=foot(words, synced=props.synced, copy=props.copy),
            page_of=words("receipt.page"),
            seal=words("receipt.seal"),
        )
    )


_COLUMNS = ("name", "form", "copies")


def foot(words: Words, *, synced: bool, copy: int) -> str:
    """Return what stands under every page: whether it was synced, which print."""
    mark = words("receipt.synced" if synced else "receipt.offline")
    return f"{mark}   {words('receipt.copy', copy=copy)}"
