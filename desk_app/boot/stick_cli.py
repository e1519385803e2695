"""Commands for desks without a line: sticks out and back, receipts on paper."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from desk_app.boot.session import Json, Login, show, unlocked, watched
from desk_app.services import commands, paper_receipts, sticks
from desk_app.text.words import Words

Folder = Annotated[Path, typer.Argument(help="The stick's folder, e.g. E:\\ ")]


def sync_export(
    context: typer.Context, folder: Folder, login: Login = None, as_json: Json = False
) -> None:
    """Put all that waits on a stick, sealed; it waits on until its receipt is back."""
    with unlocked(context.obj, login) as desk:
        with watched("works.stick_out") as watch:
            done = sticks.export(desk.place, folder, progress=watch)
        show(
            {"batches": done.batches, "pieces": done.pieces, "bytes": done.size},
            as_json=as_json,
            lines=[
                Words("desk")(
                    "stick.exported",
                    batches=done.batches,
                    pieces=done.pieces,
                    size=done.size,
                )
            ],
        )


def sync_import(
    context: typer.Context, folder: Folder, login: Login = None, as_json: Json = False
) -> None:
    """Take the district's receipts and answers from a stick."""
    with unlocked(context.obj, login) as desk:
        with watched("works.stick_in") as watch:
            done = sticks.take_back(desk.place, folder, progress=watch)
        commands.carry_out(desk.place, desk.places)
        show(
            {
                "released": done.released,
                "refused": done.refused,
                "answers": done.answers,
                "verdict": str(done.verdict) if done.verdict else None,
                "cleaned": done.cleaned,
                "troubles": [
                    {"file": each.file, "problem": int(each.code)}
                    for each in done.troubles
                ],
            },
            as_json=as_json,
            lines=sticks.imported_lines(done),
        )


def sync_paper(
    context: typer.Context,
    codes: Annotated[
        list[str] | None, typer.Argument(help="What the codes say; else standard input")
    ] = None,
    login: Login = None,
    as_json: Json = False,
) -> None:
    """Take receipts from a printed sheet: scan its codes, one a line, in any order."""
    with unlocked(context.obj, login) as desk:
        texts = codes or [line.strip() for line in sys.stdin if line.strip()]
        done = paper_receipts.take_sheet(desk.place, texts)
        words = Words("desk")
        lines = [words("paper.taken", released=done.released, known=done.known)]
        if done.further:
            lines.append(words("paper.further", further=done.further))
        show(
            {"released": done.released, "known": done.known, "further": done.further},
            as_json=as_json,
            lines=lines,
        )


def add_to(sync_app: typer.Typer) -> None:
    """Put these commands beside the line's."""
    sync_app.command("export")(sync_export)
    sync_app.command("import")(sync_import)
    sync_app.command("paper")(sync_paper)
