"""Commands of the conversation: send, where it stands, sticks, budget, quarantine."""

import asyncio

import typer

from desk_app.boot import budget_cli, quarantine_cli, stick_cli
from desk_app.boot.session import Json, Login, show, unlocked, watched
from desk_app.boot.watching import talking
from desk_app.services.shown import SyncStatus
from desk_app.text.spans import clock_off
from desk_app.text.words import Words, local_time
from schemas.problems import Code, Problem

sync_app = typer.Typer(help="Send what waits, or say where the conversation stands.")


@sync_app.command("now")
def sync_now(
    context: typer.Context, login: Login = None, as_json: Json = False
) -> None:
    """Send all that waits and take all answers, now."""
    with unlocked(context.obj, login) as desk:
        with watched("works.sync") as watch:
            work = desk.sync(impatient=True)
            report = asyncio.run(
                talking(watch, work, lambda: desk.sync_status().waiting)
            )
        if report.problem is not None:
            raise Problem(report.problem)
        if report.waited:
            raise Problem(Code.DISTRICT_BUSY)
        _show_status(desk.sync_status(), as_json=as_json)


@sync_app.command("status")
def sync_status(
    context: typer.Context, login: Login = None, as_json: Json = False
) -> None:
    """Say what waits, since when, and when the district was last heard."""
    with unlocked(context.obj, login) as desk:
        _show_status(desk.sync_status(), as_json=as_json)


def _show_status(status: SyncStatus, *, as_json: bool) -> None:
    words = Words("desk")
    contact = status.last_contact_at
    show(
        {
            "enrolled": status.enrolled,
            "waiting": status.waiting,
            "in_flight": status.in_flight,
            "last_contact_at": contact.isoformat() if contact else None,
            "last_problem": int(status.last_problem) if status.last_problem else None,
            "refused": len(status.refused),
            "quarantined": status.quarantined,
            "scans_waiting": status.scans_waiting,
            "scan_bytes_waiting": status.scan_bytes_waiting,
            "clock_off_s": round(status.clock_off.total_seconds())
            if status.clock_off
            else None,
        },
        as_json=as_json,
        lines=[
            words(
                "sync.line",
                waiting=status.waiting,
                contact=local_time(contact) if contact else "-",
            ),
            *([clock_off(words, status.clock_off)] if status.clock_off else []),
        ],
    )


stick_cli.add_to(sync_app)
budget_cli.add_to(sync_app)
sync_app.add_typer(quarantine_cli.app, name="quarantine")
