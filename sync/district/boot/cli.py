"""The command line of the district.

Exit codes: 0 done, 1 a problem (printed with its number), 2 wrong usage, 3 not set up.
Secrets come from a prompt, standard input or the environment, never from arguments.
"""

import os
import secrets
import subprocess
import sys
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import JsonValue, ValidationError

from schemas.case import (
    Answer,
    CaseState,
    Granted,
    Received,
    Refused,
    ReturnedForCorrection,
)
from schemas.enrolment import EnrolmentRequest
from schemas.problems import Code, Problem
from sync.district.boot import (
    days_cli,
    keys_cli,
    limits_cli,
    publish_cli,
    quarantine_cli,
    scans_cli,
    stick_cli,
)
from sync.district.boot.checkup import charter_findings, check_up_at, missing_files
from sync.district.boot.district import (
    NewDistrict,
    add_staff,
    init,
    refuse_weak,
)
from sync.district.boot.fresh_keys_cli import approve_fresh, named
from sync.district.boot.serving import utc_now
from sync.district.boot.session import (
    Json,
    is_same,
    opened,
    problems,
    read_text,
    say_json,
    show,
    write_text,
)
from sync.district.boot.staffing import serve_console
from sync.district.config.places import district_places
from sync.district.config.tls import renew_server
from sync.district.config.words import words
from sync.district.intake.app import accept_request
from sync.district.reconcile.answering import answer_case
from sync.district.reconcile.approving import (
    approve,
    charter_fingerprint,
    device_fingerprint,
    invite,
)
from sync.district.reconcile.filing import reconcile_once, send_outgoing
from sync.seal.selftest import self_test

PASSPHRASE: Final = "ISLAND_DISTRICT_PASSPHRASE"  # noqa: S105 - the variable's name
app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
serve_app = typer.Typer(help="Serve intake (the network) or console (the staff).")
staff_app = typer.Typer(help="Who may use the console.")
certificate_app = typer.Typer(help="Intake's certificate.")
app.add_typer(certificate_app, name="certificate")
app.add_typer(serve_app, name="serve")
app.add_typer(staff_app, name="staff")
keys_cli.add_to(app)
days_cli.add_to(app)
scans_cli.add_to(app)
limits_cli.add_to(app)
stick_cli.add_to(app)
publish_cli.add_to(app)
quarantine_cli.add_to(app)


class StaffRole(StrEnum):
    """Who may do what at the console."""

    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"


@app.callback()
def root(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option(help="The district's folder.")] = None,
) -> None:
    """Island Desk's district side."""
    say_json(wanted=False)
    context.obj = home


def _secret(ask: str) -> str:
    given = os.environ.get(PASSPHRASE)
    if given:
        return given
    if not sys.stdin.isatty():
        line = sys.stdin.readline().rstrip("\n")
        if line:
            return line
        raise Problem(Code.PASSPHRASE_MISSING, variable=PASSPHRASE)
    return str(typer.prompt(ask, hide_input=True))


@app.command("init")
def init_command(
    context: typer.Context,
    url: Annotated[str, typer.Option(help="How desks reach intake.")],
    name: Annotated[str, typer.Option(help="The district's name.")],
    code: Annotated[str, typer.Option(help="Six digits.")] = "350305",
    login: Annotated[str, typer.Option(help="The first reviewer.")] = "reviewer",
) -> None:
    """Make keys, certificates, databases and the first reviewer."""
    with problems():
        # First: a district without anybody who may use it is no use.
        passphrase = _secret(words("district")["cli.passphrase"])
        refuse_weak(passphrase, login=login)
        init(context.obj, NewDistrict(code, name, url))
    with opened(context) as district:
        add_staff(
            district,
            login=login,
            name=login,
            role="administrator",
            passphrase=passphrase,
        )
        typer.echo(charter_fingerprint(district.charter))


@certificate_app.command("renew")
def certificate_renew(context: typer.Context) -> None:
    """Give intake a fresh certificate; desks pin the authority and notice nothing."""
    with opened(context) as district:
        charter = district.charter
        ends = renew_server(
            district.places, charter.ca_pem, charter.urls[0], now=utc_now()
        )
        district.record.note("cli", "certificate_renewed", "", now=utc_now())
        said = words("district")["cli.renewed"]
        typer.echo(said.replace("{day}", ends.date().isoformat()))


@serve_app.command("intake")
def serve_intake(
    context: typer.Context,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option()] = 8443,
) -> None:
    """Serve the side that faces the network; it cannot open anything."""
    # A program of its own: this one has loaded the code that opens batches.
    home = ["--home", str(context.obj)] if context.obj else []
    command = [
        sys.executable, "-m", "sync.district.boot.intake", *home,
        "--host", host, "--port", str(port),
    ]  # fmt: skip
    if os.name == "posix":
        os.execv(sys.executable, command)  # noqa: S606 - our own module, no shell
    raise typer.Exit(subprocess.call(command))  # noqa: S603 - the same


@serve_app.command("console")
def serve_console_command(
    context: typer.Context,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option()] = 8080,
) -> None:
    """Serve the staff's pages, and open and answer in the background."""
    with opened(context) as district:
        self_test()
        serve_console(district, host=host, port=port)


@staff_app.command("add")
def staff_add(
    context: typer.Context,
    login: str,
    name: Annotated[str, typer.Option()],
    role: Annotated[StaffRole, typer.Option()] = StaffRole.REVIEWER,
) -> None:
    """Let one more person use the console."""
    with opened(context) as district:
        passphrase = _secret(words("district")["cli.passphrase"])
        add_staff(district, login=login, name=name, role=role, passphrase=passphrase)


@staff_app.command("list")
def staff_list(context: typer.Context, as_json: Json = False) -> None:
    """List the staff."""
    with opened(context) as district:
        members = district.record.staff.members()
        show(
            [{"login": m.login, "name": m.name, "role": m.role} for m in members],
            [f"{m.login}\t{m.name}\t{m.role}" for m in members],
            as_json=as_json,
        )


@app.command("enrol-code")
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


@app.command()
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


@app.command("approve")
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


@app.command("open")
def open_command(context: typer.Context, as_json: Json = False) -> None:
    """Open and file what intake kept, once."""
    with opened(context) as district:
        report = reconcile_once(
            district.sealed, district.record, district.keys, now=utc_now()
        )
        waiting: list[JsonValue] = [[p, int(c)] for p, c in report.waiting]
        show(
            {
                "filed": report.filed,
                "set_aside": report.set_aside,
                "sent": report.sent,
                "waiting": waiting,
            },
            [f"{report.filed} / {report.set_aside} / {report.sent} / {waiting}"],
            as_json=as_json,
        )


@app.command()
def cases(
    context: typer.Context,
    text: Annotated[str, typer.Argument()] = "",
    state: Annotated[CaseState | None, typer.Option()] = None,
    as_json: Json = False,
) -> None:
    """List filed cases."""
    with opened(context) as district:
        found, _ = district.record.list_cases(text=text, state=state or "", limit=200)
        show(
            [
                {
                    "number": c.number,
                    "state": c.state,
                    "item": c.item_code,
                    "applicant": c.applicant_name,
                    "revision": c.revision,
                }
                for c in found
            ],
            [
                f"{c.number}  {c.state}  {c.item_code}  {c.applicant_name}"
                for c in found
            ],
            as_json=as_json,
        )


@app.command("answer")
def answer_command(
    context: typer.Context,
    number: str,
    by: Annotated[str, typer.Option(help="The post that answers.")],
    received: Annotated[bool, typer.Option("--received")] = False,
    official: Annotated[str | None, typer.Option(help="Official number.")] = None,
    missing: Annotated[list[str] | None, typer.Option(help="May be repeated.")] = None,
    licence: Annotated[str | None, typer.Option(help="Grant with this number.")] = None,
    refuse: Annotated[bool, typer.Option("--refuse")] = False,
    reason: Annotated[str, typer.Option()] = "",
    remedies: Annotated[str, typer.Option()] = "",
) -> None:
    """Answer a case: one of --received, --missing, --licence, --refuse."""
    if sum((received, bool(missing), bool(licence), refuse)) > 1:
        raise typer.BadParameter(words("district")["cli.one_answer"])
    with opened(context) as district:
        try:
            answer = _answer(
                received=received, official=official, missing=missing,
                licence=licence, refuse=refuse, reason=reason, remedies=remedies,
            )  # fmt: skip
        except ValidationError as error:
            field = str(error.errors()[0]["loc"][0])
            raise Problem(Code.ANSWER_INCOMPLETE, field=field) from error
        now = utc_now()
        answer_case(district.record, number, answer, by=by, now=now)
        send_outgoing(district.sealed, district.record, district.keys, now=now)


def _answer(
    *, received: bool, official: str | None, missing: list[str] | None,
    licence: str | None, refuse: bool, reason: str, remedies: str,
) -> Answer:  # fmt: skip
    if licence:
        return Granted(licence_number=licence)
    if missing:
        return ReturnedForCorrection(what_is_missing=tuple(missing), reason=reason)
    if refuse:
        return Refused(reason=reason, remedies=remedies)
    if received:
        return Received(official_number=official)
    raise Problem(
        Code.ANSWER_INCOMPLETE, field="--received/--missing/--licence/--refuse"
    )


@app.command()
def verify(context: typer.Context, as_json: Json = False) -> None:
    """Recompute every desk's chain from the filed entries."""
    with opened(context) as district:
        broken = district.record.journals.broken()
        value: list[JsonValue] = [list(each) for each in broken]
        show(value, [str(each) for each in broken] or ["ok"], as_json=as_json)
        if broken:
            raise Problem(Code.CHAIN_BROKEN)


@app.command()
def doctor(context: typer.Context, as_json: Json = False) -> None:
    """Check every part and say how to mend it; exit 1 where something is not well."""
    with problems():
        self_test()
        places = district_places(context.obj)
        # Raises where there is no district at all; a broken charter is a finding.
        found = charter_findings(places) or missing_files(places)
        if not found:
            found = check_up_at(context.obj, now=utc_now())
    table = words("district")
    shown = [(f, "" if f.ok else table[f"mend.{f.what}"]) for f in found]
    show(
        [{"what": f.what, "ok": f.ok, "detail": f.detail, "mend": m} for f, m in shown],
        [
            f"{'+' if f.ok else '!'} {table[f'check.{f.what}']}  {f.detail}"
            + (f"\n    {m}" if m else "")
            for f, m in shown
        ],
        as_json=as_json,
    )
    if not all(finding.ok for finding in found):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
