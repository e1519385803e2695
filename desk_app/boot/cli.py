"""The command line of the desk: the same services as the screens.

Exit codes: 0 done, 1 a problem (printed with its number), 2 wrong usage, 3 not set up.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from desk_app.boot import (
    bags_cli,
    checkup_cli,
    days_cli,
    keeping_cli,
    notice_cli,
    registers_cli,
    restore_cli,
    session,
)
from desk_app.boot.case_cli import case_app
from desk_app.boot.operators_cli import operators_app
from desk_app.boot.papers_cli import papers_app
from desk_app.boot.session import (
    Json,
    Login,
    out,
    problems,
    read_text,
    secret,
    show,
    unlocked,
    write_text,
)
from desk_app.boot.sync_cli import sync_app
from desk_app.printing.printer import print_pdf
from desk_app.services import slips
from desk_app.services.intake_lines import Result, take_lines
from desk_app.text.answer_words import answer_words
from desk_app.text.words import Words, local_time, problem_words
from schemas.case import CaseState
from schemas.problems import Code, Problem

app = typer.Typer(no_args_is_help=False, add_completion=False, help=__doc__)
slip_app = typer.Typer(help="Check a resident's slip without a line.")
catalogue_app = typer.Typer(help="Replace the catalogue of items.")
app.add_typer(operators_app, name="operators")
app.add_typer(sync_app, name="sync")
app.add_typer(catalogue_app, name="catalogue")
app.add_typer(slip_app, name="slip")
keeping_cli.add_to(app)
restore_cli.add_to(app)
days_cli.add_to(app)
checkup_cli.add_to(app)
registers_cli.add_to(app)
app.add_typer(case_app, name="case")
app.add_typer(papers_app, name="papers")
app.add_typer(bags_cli.app, name="bags")
notice_cli.add_to(app, catalogue_app)


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option(help="The desk's folder.")] = None,
) -> None:
    """Island Desk: an offline-first service desk."""
    session.say_json(wanted=False)
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
    for one, other, names in (
        (url, code, "--url, --code"), (invitation, request, "--invitation, --request"),
    ):  # fmt: skip
        if (one is None) != (other is None):
            raise typer.BadParameter(words("enrol.together", names=names))
    with unlocked(context.obj, login) as desk:
        if grant is not None:
            desk.apply_grant(read_text(grant))
            state = "granted"
        elif invitation is not None and request is not None:
            text = desk.enrolment_request(read_text(invitation))
            write_text(request, text)
            state = "pending"
        elif url is not None and code is not None:
            state = asyncio.run(desk.enrol_with_code(url, code))
        else:
            state = asyncio.run(desk.poll_grant())
        out.print(words(f"enrol.{state}"))
        out.print(words("enrol.own", fingerprint=desk.fingerprint()))
        out.print(words("enrol.theirs", fingerprint=desk.district_fingerprint() or "-"))


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
    with unlocked(context.obj, login) as desk, file.open("rb") as lines:
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
    state: Annotated[CaseState | None, typer.Option()] = None,
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
        synced = "case.synced" if row.synced else "case.not_synced"
        answers = [
            line
            for a in view.answers
            for line in answer_words(a.answer, at=a.answered_at, by=a.answered_by)
        ]
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
                f"{row.number}  {words(f'state.{row.state}')}  {words(synced)}",
                row.item_name,
                f"{row.applicant_name}  {row.id_masked}",
                *timeline,
                *answers,
            ],
        )


@catalogue_app.command("load")
def catalogue_load(context: typer.Context, file: Path, login: Login = None) -> None:
    """Put a newer edition into use, or list its faults and change nothing."""
    with unlocked(context.obj, login) as desk:
        faults = desk.load_edition(read_text(file))
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
            said = slips.verify_with(read_text(charter), given)
    else:
        with unlocked(context.obj, login) as desk:
            said = slips.verify_here(desk.place, given)
    show(
        {"number": said.number, "day": said.day, "item": said.item, "genuine": True},
        as_json=as_json,
        lines=[Words("desk")("slip.genuine", number=said.number, day=said.day,
                             item=said.item)],
    )  # fmt: skip


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
