"""The command that lists what could not be filed, as the console's page does."""

import dataclasses

import typer

from schemas.catalogue import Edition
from sync.district.boot.session import Json, opened, show
from sync.district.config.words import words
from sync.district.console.quarantine import RowShown, rows_shown
from sync.district.reconcile.publishing import shipped_edition


def quarantine(context: typer.Context, as_json: Json = False) -> None:
    """List what could not be filed: its place, its case (masked), and why."""
    with opened(context) as district:
        edition = Edition.model_validate_json(shipped_edition())
        rows = rows_shown(district.sealed, district.record, edition)
        show(
            [dict(dataclasses.asdict(row)) for row in rows],
            [_line(row) for row in rows],
            as_json=as_json,
        )


def _line(row: RowShown) -> str:
    table = words("district")
    number = row.number or table["set_aside.unreadable"]
    said = f"{row.desk}  {row.epoch}/{row.sequence}  {number}  {row.item}"
    why = f"[{row.problem}] {row.title} {row.reason}"
    settled = (
        f"  {table['set_aside.settled'].format(by=row.settled)}" if row.settled else ""
    )
    return f"{said}  {row.applicant}\n  {why}{settled}"


def add_to(app: typer.Typer) -> None:
    """Put this command beside the others."""
    app.command()(quarantine)
