"""The command for the hour's budget of scans: show it, set it."""

from typing import Annotated

import typer

from desk_app.boot.session import Json, Login, show, unlocked
from desk_app.services import budgeting
from desk_app.text.words import Words


def sync_budget(
    context: typer.Context,
    size: Annotated[
        int | None, typer.Argument(help="Bytes an hour for scans; 0 for no limit.")
    ] = None,
    login: Login = None,
    as_json: Json = False,
) -> None:
    """Show how many bytes of scans may go in an hour; with a number, set it.

    Cases and statements never wait for it. Where the district grants less, that counts.
    """
    with unlocked(context.obj, login) as desk:
        if size is not None:
            budgeting.set_limit(desk.place, size)
        own = budgeting.own_limit(desk.place)
        force = budgeting.limit_in_force(desk.place)
        words = Words("desk")

        def told(limit: int | None) -> str:
            amount = f"{limit:,}" if limit else ""
            return words("budget.bytes", size=amount) if limit else words("budget.none")

        show(
            {"own": own, "in_force": force},
            as_json=as_json,
            lines=[
                words("budget.own", size=told(own)),
                words("budget.in_force", size=told(force)),
            ],
        )


def add_to(sync_app: typer.Typer) -> None:
    """Put the command beside the line's."""
    sync_app.command("budget")(sync_budget)
