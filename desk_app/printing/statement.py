"""The day's statement on paper (日结单): figures, numbers, digest, both signatures."""

from dataclasses import dataclass
from typing import TypeAlias

from desk_app.printing.lines import SMALL
from desk_app.printing.paper import (
    Block,
    Heading,
    Rows,
    Sheet,
    Signatures,
    Table,
    Text,
    render,
)
from desk_app.text.words import Words

_GROUP = 8
Lines: TypeAlias = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class StatementProps:
    """All that a statement shows; times are local texts, lines are ready to print."""

    number: str
    desk: str
    terminal: str
    day: str
    version: str
    closed: str
    entries: str
    attachments: str
    editions: str
    calendar: str
    waiting: str
    root: str
    clerk_mark: str
    district_mark: str | None
    state: str
    items: tuple[tuple[str, str], ...]
    serials: tuple[tuple[str, str, str], ...]
    gaps: tuple[tuple[str, str, str], ...]
    differences: tuple[tuple[str, str, str], ...]
    copy: int
    qr: str


def grouped(digest: str) -> str:
    """Return a digest as people compare it: eight digits at a time."""
    return " ".join(
        digest[start : start + _GROUP] for start in range(0, len(digest), _GROUP)
    )


def statement_pdf(props: StatementProps) -> bytes:
    """Return the statement as PDF bytes."""
    words = Words("print")

    def table(
        name: str, columns: int, rows: tuple[tuple[str, ...], ...]
    ) -> list[Block]:
        """A table with its heading, or nothing where there is no row."""
        if not rows:
            return []
        heads = tuple(words(f"statement.{name}_{n}") for n in range(1, columns + 1))
        return [
            Heading(words(f"statement.{name}")),
            Table(heads, _WIDTHS[columns], rows),
        ]

    shown = (
        "desk", "terminal", "day", "version", "closed", "state", "entries",
        "attachments", "editions", "calendar", "waiting",
    )  # fmt: skip
    signs = (
        (words("statement.root"), grouped(props.root)),
        (words("statement.clerk_mark"), props.clerk_mark),
        (words("statement.district_mark"), props.district_mark),
    )
    blocks: list[Block] = [
        Rows(
            tuple((words(f"statement.{each}"), getattr(props, each)) for each in shown)
        ),
        *table("items", 2, props.items),
        *table("serials", 3, props.serials),
        *table("gaps", 3, props.gaps),
        *table("differences", 3, props.differences),
        Heading(words("statement.signs")),
        Rows(signs),
        Text(words("statement.explained"), SMALL),
        Signatures((words("statement.by"), words("statement.head"))),
    ]
    return render(
        Sheet(
            title=words("statement.title"),
            number=props.number,
            qr=props.qr,
            blocks=tuple(blocks),
            foot=words("statement.foot", state=props.state, copy=props.copy),
            page_of=words("receipt.page"),
        )
    )


_WIDTHS = {2: (0.42, 0.58), 3: (0.24, 0.3, 0.46)}
