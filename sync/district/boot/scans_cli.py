"""Commands about one case: what is filed, what of its scans is there, a scan's file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schemas.problems import Code, Problem
from sync.district.boot.serving import utc_now
from sync.district.boot.session import Json, opened, show
from sync.district.config.words import words
from sync.district.reconcile.scanning import open_scan, standing_of

if TYPE_CHECKING:
    from pydantic import JsonValue


def show_case(
    context: typer.Context,
    number: str,
    as_json: Json = False,
) -> None:
    """Show one filed case, and which of its scans are there or missing."""
    with opened(context) as district:
        case = district.record.case(number)
        if case is None:
            raise Problem(Code.CASE_UNKNOWN, number=number[:40])
        found = standing_of(district.sealed, district.record, number)
        scans: list[JsonValue] = [
            {
                "material": each.page.material,
                "position": each.page.position,
                "digest": each.page.content.digest,
                "size": each.page.content.size,
                "media_type": each.page.content.media_type,
                "pieces": each.pieces,
                "of": each.of,
                "held": each.held,
            }
            for each in found
        ]
        table = words("district")
        missing = sum(not each.held for each in found)
        show(
            {
                "number": case.number,
                "state": case.state,
                "item": case.item_code,
                "applicant": case.applicant_name,
                "revision": case.revision,
                "received_at": case.received_at,
                "filed_at": case.filed_at,
                "official_number": case.official_number,
                "scans": scans,
                "scans_missing": missing,
                "complete": missing == 0,
            },
            [
                f"{case.number}  {case.state}  {case.item_code}  {case.applicant_name}",
                table["scans.count"].format(every=len(found), missing=missing),
                *(
                    f"  {each.page.material} {each.page.position}  "
                    f"{each.page.content.digest[:16]}  "
                    + (
                        table["scans.held"]
                        if each.held
                        else table["scans.on_the_way"].format(
                            pieces=each.pieces, of=each.of
                        )
                    )
                    for each in found
                ),
            ],
            as_json=as_json,
        )


def scan(
    context: typer.Context,
    number: str,
    digest: str,
    out: Annotated[Path, typer.Option(help="Write the scan here; never over a file.")],
) -> None:
    """Open one scan of a case into a file (readable: treat it as the paper it is)."""
    with opened(context) as district:
        for each in standing_of(district.sealed, district.record, number):
            if each.page.content.digest.startswith(digest):
                digest = each.page.content.digest
        _, content = open_scan(
            district.sealed, district.record, district.keys, number=number,
            digest=digest,
        )  # fmt: skip
        try:
            with out.open("xb") as file:
                file.write(content)
        except OSError as error:
            raise Problem(Code.FILE_NOT_WRITABLE, file=str(out)) from error
        district.record.note("system", "scan_written", number, now=utc_now())
        typer.echo(str(out))


def add_to(app: typer.Typer) -> None:
    """Put these commands beside the others."""
    app.command("show")(show_case)
    app.command("scan")(scan)
