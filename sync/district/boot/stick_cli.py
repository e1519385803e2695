"""Commands for desks without a line: sticks in and out, receipts on paper."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from schemas.problems import Code, Problem
from sync.district.boot.serving import utc_now
from sync.district.boot.session import Json, opened, show, writing
from sync.district.boot.stick import visit_stick
from sync.district.config.words import problem_words, words
from sync.district.console.paper import receipts_sheet, sheet_pdf
from sync.district.reconcile.filing import reconcile_once
from sync.stick.stick import DeskTaken

stick_app = typer.Typer(help="Sticks from desks without a line.")


@stick_app.command("import")
def stick_import(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The stick's folder.")],
    as_json: Json = False,
) -> None:
    """Take in what desks sent, open and file it, and put receipts and answers back."""
    with opened(context) as district:
        desks = visit_stick(
            folder,
            home=context.obj,
            reconcile=lambda: reconcile_once(
                district.sealed, district.record, district.keys, now=utc_now()
            ),
        )
        names = {each.device: each.desk_name for each in district.sealed.devices()}
        show(
            [_value(each) for each in desks],
            [line for each in desks for line in _lines(each, names)],
            as_json=as_json,
        )


def _value(desk: DeskTaken) -> JsonValue:
    return {
        "device": desk.device,
        "receipts": desk.receipts,
        "messages": desk.messages,
        "greeted": desk.greeted,
        "troubles": [
            {"file": each.file, "problem": int(each.code)} for each in desk.troubles
        ],
    }


def _lines(desk: DeskTaken, names: dict[str, str]) -> list[str]:
    table = words("district")
    name = names.get(desk.device, desk.device)
    said = table["stick.taken"].format(
        desk=name, receipts=desk.receipts, messages=desk.messages
    )
    return [said] + [
        f"    [{int(each.code)}] {problem_words(Problem(each.code, file=each.file))[0]}"
        f"  {each.file}"
        for each in desk.troubles
    ]


def paper(
    context: typer.Context,
    device: Annotated[str, typer.Argument(help="A desk, as `devices` lists it.")],
    out: Annotated[Path, typer.Option(help="Write the PDF here.")],
    as_json: Json = False,
) -> None:
    """Print receipts as QR codes for a desk with neither a line nor a stick."""
    table = words("district")
    with opened(context) as district:
        sheet = receipts_sheet(district.sealed, device)
        desk = district.sealed.device(device)
        if desk is None:
            raise Problem(Code.DEVICE_NOT_FOUND, device=device)
        pdf = sheet_pdf(sheet, desk, table)
        with writing(out):
            out.write_bytes(pdf)
        district.record.note("cli", "paper_receipts", device, now=utc_now())
        show(
            {"codes": list(sheet.texts), "batches": sheet.batches,
             "first": sheet.first, "last": sheet.last},
            [str(out)],
            as_json=as_json,
        )  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Put these commands beside the others."""
    app.add_typer(stick_app, name="stick")
    app.command("paper")(paper)
