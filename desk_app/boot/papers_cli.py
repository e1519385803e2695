"""Commands for what is printed: documents, lists, blank forms, spoilt numbers.

A document is always kept in the vault; `--out` writes a copy, `--print` prints one.
"""

from pathlib import Path
from typing import Annotated

import typer

from desk_app.boot.keeping_cli import numbers_app
from desk_app.boot.session import Json, Login, show, unlocked
from desk_app.printing.printer import print_pdf, save_pdf
from desk_app.services import numbering, papers, sheets
from desk_app.services.desk import Desk
from desk_app.text.words import Words

papers_app = typer.Typer(no_args_is_help=True, help="Make and print documents.")
Out = Annotated[Path | None, typer.Option("--out", help="Write a copy here.")]
Print = Annotated[bool, typer.Option("--print", help="Print it, too.")]


def _hand_out(
    desk: Desk, pdf: bytes, name: str, *, out: Path | None, to_printer: bool
) -> None:
    folder, stem = (out.parent, out.stem) if out else (desk.exports, name)
    typer.echo(str(save_pdf(folder, stem, pdf)))
    if to_printer:
        print_pdf(pdf, name=name)


@papers_app.command("due")
def papers_due(
    context: typer.Context, number: str, login: Login = None, as_json: Json = False
) -> None:
    """Say which documents a case is due now."""
    with unlocked(context.obj, login) as desk:
        kinds, words = papers.available(desk.place, number), Words("print")
        show(
            list(kinds),
            as_json=as_json,
            lines=[f"{kind}  {words(f'{kind}.title')}" for kind in kinds],
        )


@papers_app.command("make")
def papers_make(
    context: typer.Context, kind: str, number: str,
    out: Out = None, to_printer: Print = False, login: Login = None,
) -> None:  # fmt: skip
    """Make one more copy of a case's document, numbered and audited."""
    with unlocked(context.obj, login) as desk:
        pdf = papers.document(desk.place, kind, number)
        _hand_out(desk, pdf, f"{number}-{kind}", out=out, to_printer=to_printer)


@papers_app.command("told")
def papers_told(
    context: typer.Context, item: str,
    out: Out = None, to_printer: Print = False, login: Login = None,
) -> None:  # fmt: skip
    """Make the sheet of an item that the office hands out."""
    with unlocked(context.obj, login) as desk:
        pdf = sheets.told_for_item(desk.place, item)
        _hand_out(desk, pdf, f"{item}-told", out=out, to_printer=to_printer)


@papers_app.command("bag")
def papers_bag(
    context: typer.Context, bag: str,
    out: Out = None, to_printer: Print = False, login: Login = None,
) -> None:  # fmt: skip
    """Make the list that travels with a bag."""
    with unlocked(context.obj, login) as desk:
        pdf = sheets.handover_list(desk.place, bag)
        _hand_out(desk, pdf, f"{bag}-handover", out=out, to_printer=to_printer)


@papers_app.command("visit")
def papers_visit(
    context: typer.Context, batch: str,
    out: Out = None, to_printer: Print = False, login: Login = None,
) -> None:  # fmt: skip
    """Make the list of what one visit handed in for several vessels."""
    with unlocked(context.obj, login) as desk:
        pdf = sheets.batch_list(desk.place, batch)
        _hand_out(desk, pdf, f"{batch}-batch", out=out, to_printer=to_printer)


@papers_app.command("blanks")
def papers_blanks(
    context: typer.Context, item: str,
    count: Annotated[int, typer.Option(min=1, max=50)] = 1,
    folder: Annotated[Path | None, typer.Option(help="Write them here.")] = None,
    to_printer: Print = False, login: Login = None,
) -> None:  # fmt: skip
    """Make blank forms with control numbers, for days without power."""
    with unlocked(context.obj, login) as desk:
        made = sheets.blank_forms(desk.place, item, count)
        controls = numbering.voids(desk.place).blanks_out[-count:]
        for control, pdf in zip(controls, made, strict=True):
            out = folder / f"{control}.pdf" if folder else None
            _hand_out(desk, pdf, control, out=out, to_printer=to_printer)


@papers_app.command("void-blank")
def papers_void_blank(
    context: typer.Context, control: str, reason: str, login: Login = None
) -> None:
    """Note that a blank form was spoilt."""
    with unlocked(context.obj, login) as desk:
        numbering.void_blank(desk.place, control, reason)
        typer.echo(control)


@numbers_app.command("void")
def numbers_void(
    context: typer.Context, reason: str,
    because: Annotated[str, typer.Option(help="void, test or paper")] = "void",
    login: Login = None,
) -> None:  # fmt: skip
    """Take the day's next number and void it, for a reason; prints it."""
    chosen = next((each for each in numbering.BECAUSE if each == because), None)
    if chosen is None:
        raise typer.BadParameter(because)
    with unlocked(context.obj, login) as desk:
        typer.echo(numbering.void_next_number(desk.place, reason, chosen))


@numbers_app.command("voided")
def numbers_voided(
    context: typer.Context, login: Login = None, as_json: Json = False
) -> None:
    """List voided numbers, spoilt blanks, and blanks that are still out."""
    with unlocked(context.obj, login) as desk:
        found = numbering.voids(desk.place)
        show(
            {
                "numbers": [{"number": n, "reason": r} for n, r in found.numbers],
                "blanks": [{"control": c, "reason": r} for c, r in found.blanks],
                "blanks_out": list(found.blanks_out),
            },
            as_json=as_json,
            lines=[
                *(f"{number}  {reason}" for number, reason in found.numbers),
                *(f"{control}  {reason}" for control, reason in found.blanks),
                *found.blanks_out,
            ],
        )
