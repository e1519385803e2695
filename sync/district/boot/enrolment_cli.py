"""Commands that take desks in: a code for one, the list of them, approval.

Rule: fingerprints are compared by people before anything is granted.
"""

import secrets
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from schemas.enrolment import EnrolmentRequest
from schemas.problems import Code, Problem
from sync.district.boot.fresh_keys_cli import approve_fresh, named
from sync.district.boot.serving import utc_now
from sync.district.boot.session import (
    Json,
    is_same,
    opened,
    read_text,
    show,
    write_text,
)
from sync.district.config.words import words
from sync.district.intake.app import accept_request
from sync.district.reconcile.approving import (
    approve,
    charter_fingerprint,
    device_fingerprint,
    invite,
)


def enrol_code_command(
    context: typer.Context,
    town: Annotated[str, typer.Option(help="Nine digits.")] = "350305107",
    hours: Annotated[int, typer.Option(min=1, max=720)] = 72,
    out: Annotated[Path | None, typer.Option(help="Write the file form here.")] = None,
) -> None:
    """Make a one-time enrolment code, and its file form for desks without a line."""
    with opened(context) as district:
        code, invitation = invite(
            district.sealed,
            district.charter,
            secret=secrets.token_bytes(10),
            town=town,
            expires_at=utc_now() + timedelta(hours=hours),
        )
        if out is not None:
            write_text(out, invitation.model_dump_json(indent=1))
        typer.echo(code)


def devices(context: typer.Context, as_json: Json = False) -> None:
    """List desks: pending, granted, refused, revoked."""
    with opened(context) as district:
        found = district.sealed.devices()
        show(
            [
                {
                    "device": d.device,
                    "state": d.state,
                    "terminal": d.terminal,
                    "desk": d.desk_name,
                    "fingerprint": device_fingerprint(d),
                    "last_contact_at": d.last_contact_at,
                }
                for d in found
            ],
            [
                f"{d.device}  {d.state}  {d.terminal or '--'}  {d.desk_name}\n"
                f"    {device_fingerprint(d)}"
                for d in found
            ],
            as_json=as_json,
        )


def approve_command(
    context: typer.Context,
    device: Annotated[str, typer.Argument(help="A device, or a request file.")],
    terminal: Annotated[
        str | None,
        typer.Option(help="Two digits; none for a desk that asks about its keys."),
    ] = None,
    fingerprint: Annotated[
        str | None, typer.Option(help="The desk's, to confirm without a prompt.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the grant file here.")] = None,
) -> None:
    """Take a desk in, or let it go on by other keys; fingerprints are compared."""
    table = words("district")
    with opened(context) as district:
        file = Path(device)
        if terminal is None:
            device = named(district, device)
            # What this district has forgotten comes in to the terminal that it had.
            terminal = district.sealed.had_terminal(device)
            known = district.sealed.device(device)
            if terminal is None or known is None or known.state != "pending":
                approve_fresh(district, device, fingerprint=fingerprint, out=out)
                return
        elif file.is_file():
            try:
                request = EnrolmentRequest.model_validate_json(read_text(file))
            except ValidationError as error:
                raise Problem(Code.FILE_NOT_THIS_KIND) from error
            accept_request(district.sealed, request, now=utc_now())
            device = request.device
        known = district.sealed.device(device)
        if known is None:
            raise Problem(Code.DEVICE_NOT_FOUND, device=device)
        shown = device_fingerprint(known)
        typer.echo(f"{table['cli.desk']}: {shown}", err=True)
        ours = charter_fingerprint(district.charter)
        typer.echo(f"{table['cli.district']}: {ours}", err=True)
        if not is_same(shown, fingerprint):
            raise Problem(Code.FINGERPRINTS_DIFFER)
        package = approve(
            district.sealed,
            district.charter,
            district.keys,
            device=device,
            terminal=terminal,
            now=utc_now(),
        )
        district.record.note("cli", "device_approved", device, now=utc_now())
        if out is not None:
            write_text(out, package.model_dump_json())


def add_to(app: typer.Typer) -> None:
    """Put these commands beside the others."""
    app.command("enrol-code")(enrol_code_command)
    app.command("devices")(devices)
    app.command("approve")(approve_command)
