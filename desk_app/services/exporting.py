"""A list as a file that the clerk asked for: xlsx or CSV, masked, audited, cancellable.

The file leaves the vault in the clear, by somebody's wish: the audit says whose.
"""

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import Final

import xlsxwriter

from desk_app.config.durable import write_durably
from desk_app.services.finding import looking
from desk_app.services.hands import Workplace
from desk_app.services.reading import Reader, reader
from desk_app.services.shown import CaseRow
from desk_app.store import audit, cases
from desk_app.text.words import Words, local_time
from schemas.problems import Code, Problem
from schemas.progress import Progress

_CHUNK: Final = 500
_COLUMNS: Final = (
    "number", "state", "item", "applicant", "identity", "vessel", "received", "deadline"
)  # fmt: skip


def export_list(
    place: Workplace, wanted: cases.CaseFilter, path: Path, *, progress: Progress
) -> int:
    """Write all cases of a list; returns how many, or -1 when it was cancelled.

    `Problem(FILE_NOT_WRITABLE)`. Nothing is left behind when it was cancelled.
    """
    look = reader(place)
    rows: list[tuple[str, ...]] = []
    for row in _rows(place, look, wanted):
        rows.append(_cells(row))
        if len(rows) % _CHUNK == 0 and not progress(len(rows)):
            return -1
    content = _csv(rows) if path.suffix.lower() == ".csv" else _xlsx(rows)
    if not progress(len(rows)):
        return -1
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, content)
    except OSError as error:
        raise Problem(Code.FILE_NOT_WRITABLE, file=str(path)) from error
    with place.vault.write() as tx:
        audit.note(
            tx, "list_exported", f"{path.name}:{len(rows)}", operator=place.operator,
            now=place.hands.now(),
        )  # fmt: skip
    return len(rows)


def _rows(
    place: Workplace, look: Reader, wanted: cases.CaseFilter
) -> Iterator[CaseRow]:
    offset = 0
    while True:
        with looking(place) as tx:
            records, _ = cases.page(tx, wanted, limit=_CHUNK, offset=offset)
            shown = [look.row(tx, each) for each in records]
        yield from shown
        if len(shown) < _CHUNK:
            return
        offset += _CHUNK


def _cells(row: CaseRow) -> tuple[str, ...]:
    words = Words("desk")
    return (
        row.number,
        words(f"state.{row.state}"),
        f"{row.item_code} {row.item_name}",
        row.applicant_name,
        row.id_masked,
        row.vessel,
        local_time(row.received_at),
        row.deadline.day.isoformat() if row.deadline else "",
    )


def _heads() -> list[str]:
    words = Words("desk")
    return [words(f"cases.{each}") for each in _COLUMNS]


def _csv(rows: list[tuple[str, ...]]) -> bytes:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(_heads())
    # A cell that begins like a formula would be run by a spreadsheet.
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    # The mark lets spreadsheets on Windows read it as UTF-8.
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell


def _xlsx(rows: list[tuple[str, ...]]) -> bytes:
    out = BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        # Otherwise its sheets lie readable in the system's temporary folder (P2).
        "in_memory": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, _heads(), book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
        sheet.set_column(0, 0, 30)
        sheet.set_column(2, 2, 44)
        sheet.freeze_panes(1, 0)
    return out.getvalue()
