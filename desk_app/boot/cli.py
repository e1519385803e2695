"""The command line of the desk: the same services as the screens.

Exit codes: 0 done, 1 a problem (printed with its number), 2 wrong usage, 3 not set up.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from desk_app.boot import keeping_cli, session
from desk_app.boot.session import (
    Json,
    Login,
    out,
    problems,
    secret,
    show,
    unlocked,
)
from desk_app.printing.printer import print_pdf
from desk_app.services import health, slips
from desk_app.services.intake_lines import Result, take_lines
from desk_app.services.shown import Check, SyncStatus
from desk_app.text.words import Words, local_time, problem_words
from schemas.problems import Code, Problem

app = typer.Typer(no_args_is_help=False, add_completion=False, help=__doc__)
operators_app = typer.Typer(help="List, add and remove operators; change a passphrase.")
sync_app = typer.Typer(help="Send what waits, or say where the conversation stands.")
slip_app = typer.Typer(help="Check a resident's slip without a line.")
catalogue_app = typer.Typer(help="Replace the catalogue of items.")
app.add_typer(operators_app, name="operators")
app.add_typer(sync_app, name="sync")
app.add_typer(catalogue_app, name="catalogue")
app.add_typer(slip_app, name="slip")
keeping_cli.add_to(app)


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option(help="The desk's folder.")] = None,
) -> None:
    """Island Desk: an offline-first service desk."""
    context.obj = home
    if context.invoked_subcommand is None:
        window(context)


@app.command()
def window(context: typer.Context) -> None:
    """Open the window."""
    with problems():
        # The toolkit is only loaded for the window: other commands start faster.
        from desk_app.boot.window import open_window  # noqa: PLC0415

        open_window(context.obj)


@app.command()
def setup(
    context: typer.Context,
    login: Annotated[str, typer.Option(help="The first supervisor's login.")],
    name: Annotated[str, typer.Option(help="The first supervisor's name.")],
    desk_name: Annotated[str, typer.Option(help="What this desk is called.")],
    town: Annotated[str, typer.Option(help="Nine digits.")] = "350305107",
    to_printer: Annotated[
        bool, typer.Option("--print", help="The recovery page to the printer, too.")
    ] = False,
) -> None:
    """Make the vault and the first supervisor; shows the recovery key once."""
    with problems():
        passphrase = secret(session.PASSPHRASE, Words("desk")("login.passphrase"))
        desk = session.desk_at(context.obj)
        key = desk.set_up(
            desk_name=desk_name, town=town, login=login, name=name,
            passphrase=passphrase,
        )  # fmt: skip
        # First on the screen: a printer that fails must not lose the only copy.
        out.print(Words("desk")("setup.recovery", key=key), markup=False)
        if to_printer:
            page = desk.recovery_page(key, desk_name)
            print_pdf(page, name=Words("desk")("setup.page"))


@app.command()
def enrol(
    context: typer.Context,
    url: Annotated[str | None, typer.Option(help="The district's address.")] = None,
    code: Annotated[str | None, typer.Option(help="The one-time code.")] = None,
    invitation: Annotated[Path | None, typer.Option(help="Invitation file.")] = None,
    request: Annotated[
        Path | None, typer.Option(help="Write the request here.")
    ] = None,
    grant: Annotated[Path | None, typer.Option(help="Grant file.")] = None,
    login: Login = None,
) -> None:
    """Join the district: by code and line, or by files; again to ask how it stands."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        if grant is not None:
            desk.apply_grant(grant.read_text("utf-8"))
            state = "granted"
        elif invitation is not None and request is not None:
            text = desk.enrolment_request(invitation.read_text("utf-8"))
            request.write_text(text, "utf-8")
            state = "pending"
        elif url is not None and code is not None:
            state = asyncio.run(desk.enrol_with_code(url, code))
        else:
            state = asyncio.run(desk.poll_grant())
        out.print(words(f"enrol.{state}"))
        out.print(words("enrol.own", fingerprint=desk.fingerprint()))
        out.print(words("enrol.theirs", fingerprint=desk.district_fingerprint() or "-"))


@operators_app.command("list")
def operators_list(
    context: typer.Context, login: Login = None, as_json: Json = False
) -> None:
    """List everybody who works or worked here."""
    with unlocked(context.obj, login) as desk:
        rows = desk.operators()
        show(
            [
                {"id": r.operator_id, "login": r.login, "name": r.name, "role": r.role,
                 "active": r.active}
                for r in rows
            ],
            as_json=as_json,
            lines=[f"{r.login}\t{r.name}\t{r.role}" for r in rows],
        )  # fmt: skip


@operators_app.command("add")
def operators_add(
    context: typer.Context,
    new_login: str,
    name: Annotated[str, typer.Option()],
    role: Annotated[str, typer.Option(help="clerk or supervisor")] = "clerk",
    login: Login = None,
) -> None:
    """Add an operator; the new passphrase comes from ISLAND_DESK_NEW_PASSPHRASE."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        own = secret(session.PASSPHRASE, words("login.passphrase"))
        new = secret("ISLAND_DESK_NEW_PASSPHRASE", words("operators.new_passphrase"))
        wanted = "supervisor" if role == "supervisor" else "clerk"
        desk.add_operator(
            login=new_login, name=name,
            role="supervisor" if wanted == "supervisor" else "clerk",
            passphrase=new, own=own,
        )  # fmt: skip
        out.print(words("operators.added", login=new_login))


@operators_app.command("remove")
def operators_remove(
    context: typer.Context, operator_id: str, login: Login = None
) -> None:
    """Remove an operator; what they did stays on record."""
    with unlocked(context.obj, login) as desk:
        desk.remove_operator(operator_id)
        out.print(Words("desk")("operators.removed"))


@operators_app.command("passphrase")
def operators_passphrase(context: typer.Context, login: Login = None) -> None:
    """Change one's own passphrase (the new one: ISLAND_DESK_NEW_PASSPHRASE)."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        old = secret(session.PASSPHRASE, words("login.passphrase"))
        new = secret("ISLAND_DESK_NEW_PASSPHRASE", words("operators.new_passphrase"))
        desk.change_passphrase(old, new)
        out.print(words("operators.changed"))


@app.command()
def items(
    context: typer.Context,
    action: Annotated[str, typer.Argument(help="show, or words to find")] = "",
    code: Annotated[str, typer.Argument()] = "",
    login: Login = None,
    as_json: Json = False,
) -> None:
    """List or find items; `items show CODE` shows one whole."""
    with unlocked(context.obj, login) as desk:
        if action == "show":
            item = desk.edition().item(code)
            if item is None:
                raise Problem(Code.ITEM_UNKNOWN, item=code)
            sys.stdout.write(item.model_dump_json(indent=1) + "\n")
            return
        found = desk.find_items(f"{action} {code}".strip(), limit=100)
        show(
            [{"code": i.code, "name": i.name, "kind": i.case_kind} for i in found],
            as_json=as_json,
            lines=[f"{i.code}  {i.name}" for i in found],
        )


@app.command()
def intake(context: typer.Context, file: Path, login: Login = None) -> None:
    """Take applications from a file of JSON lines; one JSON result a line."""
    bad = 0
    with unlocked(context.obj, login) as desk, file.open(encoding="utf-8") as lines:
        for result in take_lines(desk, lines):
            bad += result.problem is not None
            sys.stdout.write(json.dumps(_result(result), ensure_ascii=False) + "\n")
    raise typer.Exit(session.EXIT_PROBLEM if bad else 0)


def _result(result: Result) -> dict[str, object]:
    if result.problem is None:
        return {"line": result.line, "number": result.number}
    title, cause, do = problem_words(result.problem)
    return {
        "line": result.line,
        "problem": int(result.problem.code),
        "title": title,
        "cause": cause,
        "do": do,
        "fields": [
            {"field": f.field, "problem": int(f.code),
             "title": problem_words(Problem(f.code, **f.params))[0]}
            for f in result.faults
        ],
    }  # fmt: skip


@app.command()
def cases(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="Name, pinyin, id, phone, number.")] = "",
    state: Annotated[str | None, typer.Option()] = None,
    page: Annotated[int, typer.Option(min=0)] = 0,
    login: Login = None,
    as_json: Json = False,
) -> None:
    """List cases."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        found = desk.cases(text, state=state, page=page)
        show(
            [
                {"number": r.number, "item": r.item_code, "applicant": r.applicant_name,
                 "state": r.state, "synced": r.synced,
                 "received_at": r.received_at.isoformat()}
                for r in found.rows
            ],
            as_json=as_json,
            lines=[f"{r.number}  {words(f'state.{r.state}')}  {r.applicant_name}"
                    f"  {r.item_name}" for r in found.rows],
        )  # fmt: skip


@app.command("show")
def show_case(
    context: typer.Context, number: str, login: Login = None, as_json: Json = False
) -> None:
    """Show one case with its time line and answers."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        view = desk.case(number)

        row = view.row
        timeline = [
            f"{local_time(line.at)}  {words(f'event.{line.what}')}  {line.by}"
            for line in view.timeline
        ]
        show(
            {
                "number": view.row.number,
                "state": view.row.state,
                "synced": view.row.synced,
                "revision": view.revision,
                "official_number": view.official_number,
                "application": view.application.model_dump(mode="json"),
                "answers": [a.answer.model_dump(mode="json") for a in view.answers],
            },
            as_json=as_json,
            lines=[
                f"{row.number}  {words(f'state.{row.state}')}",
                row.item_name,
                f"{row.applicant_name}  {row.id_masked}",
                *timeline,
            ],
        )


@sync_app.command("now")
def sync_now(
    context: typer.Context, login: Login = None, as_json: Json = False
) -> None:
    """Send all that waits and take all answers, now."""
    with unlocked(context.obj, login) as desk:
        report = asyncio.run(desk.sync(impatient=True))
        if report.problem is not None:
            raise Problem(report.problem)
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
        },
        as_json=as_json,
        lines=[
            words(
                "sync.line",
                waiting=status.waiting,
                contact=local_time(contact) if contact else "-",
            )
        ],
    )


@catalogue_app.command("load")
def catalogue_load(context: typer.Context, file: Path, login: Login = None) -> None:
    """Put a newer edition into use, or list its faults and change nothing."""
    with unlocked(context.obj, login) as desk:
        faults = desk.load_edition(file.read_text("utf-8"))
        for fault in faults:
            out.print(f"{fault.place}: {fault.what}", markup=False)
        if faults:
            raise Problem(Code.EDITION_INVALID, count=len(faults))
        out.print(Words("desk")("catalogue.loaded"))


@slip_app.command("verify")
def slip_verify(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="What the QR says; - reads a line.")],
    charter: Annotated[
        Path | None, typer.Option(help="The district's charter; else this desk's.")
    ] = None,
    login: Login = None,
    as_json: Json = False,
) -> None:
    """Say whether a slip is genuine, and what it says; no line, no vault needed."""
    given = sys.stdin.readline().strip() if text == "-" else text
    if charter is not None:
        with problems():
            said = slips.verify_with(charter.read_text("utf-8"), given)
    else:
        with unlocked(context.obj, login) as desk:
            said = slips.verify_with(slips.own_charter(desk.place), given)
    show(
        {"number": said.number, "day": said.day, "item": said.item, "genuine": True},
        as_json=as_json,
        lines=[Words("desk")("slip.genuine", number=said.number, day=said.day,
                             item=said.item)],
    )  # fmt: skip


@app.command()
def verify(context: typer.Context, login: Login = None, as_json: Json = False) -> None:
    """Recompute every chain and check every page of the vault."""
    with unlocked(context.obj, login) as desk:
        _show_checks(health.verify(desk.place), as_json=as_json)


@app.command()
def doctor(context: typer.Context, login: Login = None, as_json: Json = False) -> None:
    """Check every part and say how to mend it."""
    with unlocked(context.obj, login) as desk:
        _show_checks(health.doctor(desk.place), as_json=as_json)


def _show_checks(checks: tuple[Check, ...], *, as_json: bool) -> None:
    words = Words("desk")
    show(
        [{"what": c.what, "ok": c.ok, "detail": c.detail} for c in checks],
        as_json=as_json,
        lines=[f"{'+' if c.ok else '!'} {words(f'check.{c.what}')} {c.detail} "
                + ("" if c.ok else words(f"mend.{c.what}")) for c in checks],
    )  # fmt: skip
    if not all(check.ok for check in checks):
        raise typer.Exit(session.EXIT_PROBLEM)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
