"""Commands on days: close, list, show, print."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from desk_app.boot.session import Json, Login, out, show, unlocked, write_bytes
from desk_app.services import close_day, day_paper, days
from desk_app.services.days import DayRow, DayView
from desk_app.services.desk import Desk
from desk_app.text.words import Words, local_time

day_app = typer.Typer(help="Close a day, and see how days stand with the district.")
Day = Annotated[str, typer.Argument(help="2026-11-23; today where it is left out.")]


def _or_today(desk: Desk, day: str) -> str:
    return day or desk.today().isoformat()


@day_app.command("close")
def day_close(
    context: typer.Context, day: Day = "", login: Login = None, as_json: Json = False
) -> None:
    """Close a day, or close it again after a late change."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        closed = close_day.close_day(desk.place, _or_today(desk, day))
        show(
            closed.model_dump(mode="json"),
            as_json=as_json,
            lines=[
                words(
                    "days.closed_line",
                    day=closed.statement.day,
                    version=closed.statement.version,
                    entries=closed.statement.entries.count,
                )
            ],
        )


@day_app.command("list")
def day_list(
    context: typer.Context, login: Login = None, as_json: Json = False
) -> None:
    """List the latest days and how each stands."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        rows = days.list_days(desk.place)
        show([_row(row) for row in rows], as_json=as_json,
             lines=[_line(row, words) for row in rows])  # fmt: skip


def _row(row: DayRow) -> JsonValue:
    return {
        "day": row.day,
        "state": row.state,
        "entries": row.entries,
        "version": row.version,
        "late": row.late,
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
        "closed_by": row.closed_by,
        "sent": row.sent,
    }


def _line(row: DayRow, words: Words) -> str:
    closed = f"{local_time(row.closed_at)} {row.closed_by}" if row.closed_at else "-"
    return (
        f"{row.day}  {words(f'days.state_{row.state}')}  "
        f"{words('days.entries', count=row.entries)}  v{row.version}  {closed}"
    )


@day_app.command("show")
def day_show(
    context: typer.Context, day: Day = "", login: Login = None, as_json: Json = False
) -> None:
    """Show a day: its statement, its closings, what the district said."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        view = days.view_day(desk.place, _or_today(desk, day))
        edition = desk.edition()
        statement = view.statement
        lines = [
            _line(view.row, words),
            *(f"{n}  {s}" for n, s in day_paper.item_lines(statement, edition, words)),
            *("  ".join(x) for x in day_paper.serial_lines(statement, words)),
            *("  ".join(x) for x in day_paper.gap_lines(statement, words)),
            *(
                "  ".join(day_paper.difference_line(each, words))
                for each in view.differences
            ),
            statement.root,
        ]
        show(_view(view), as_json=as_json, lines=lines)


def _view(view: DayView) -> JsonValue:
    agreement = view.agreement
    return {
        "row": _row(view.row),
        "statement": view.statement.model_dump(mode="json"),
        "closings": [each.model_dump(mode="json") for each in view.closings],
        "agreement": agreement.model_dump(mode="json") if agreement else None,
        "agreement_genuine": view.agreement_genuine,
        "asking": view.asking,
        "differences": [
            {
                **each.difference.model_dump(mode="json"),
                "number": each.number or each.difference.number,
                "step": each.kind,
            }
            for each in view.differences
        ],
    }


@day_app.command("print")
def day_print(
    context: typer.Context,
    to: Annotated[Path, typer.Option("--to", help="Write the PDF here.")],
    day: Day = "",
    login: Login = None,
) -> None:
    """Write a closed day's statement as PDF; the copy is numbered and audited."""
    with unlocked(context.obj, login) as desk:
        write_bytes(to, day_paper.day_statement(desk.place, _or_today(desk, day)))
        out.print(str(to), markup=False)


def add_to(app: typer.Typer) -> None:
    """Put these commands beside the others."""
    app.add_typer(day_app, name="day")
