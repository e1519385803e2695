"""The command line of the district.

Exit codes: 0 done, 1 a problem (printed with its number), 2 wrong usage, 3 not set up.
Secrets come from a prompt, standard input or the environment, never from arguments.
"""

import os
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from schemas.problems import Code, Problem
from sync.district.boot import (
    cases_cli,
    days_cli,
    enrolment_cli,
    keys_cli,
    limits_cli,
    publish_cli,
    quarantine_cli,
    scans_cli,
    stick_cli,
)
from sync.district.boot.checkup import charter_findings, check_up_at, missing_files
from sync.district.boot.district import NewDistrict, add_staff, init, refuse_weak
from sync.district.boot.serving import utc_now
from sync.district.boot.session import Json, opened, problems, say_json, show
from sync.district.boot.staffing import serve_console
from sync.district.config.places import district_places
from sync.district.config.tls import renew_server
from sync.district.config.words import words
from sync.district.reconcile.approving import charter_fingerprint
from sync.seal.selftest import self_test

if TYPE_CHECKING:
    from pydantic import JsonValue

PASSPHRASE: Final = "ISLAND_DISTRICT_PASSPHRASE"  # noqa: S105 - the variable's name
app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
serve_app = typer.Typer(help="Serve intake (the network) or console (the staff).")
staff_app = typer.Typer(help="Who may use the console.")
certificate_app = typer.Typer(help="Intake's certificate.")
app.add_typer(certificate_app, name="certificate")
app.add_typer(serve_app, name="serve")
app.add_typer(staff_app, name="staff")
enrolment_cli.add_to(app)
keys_cli.add_to(app)
cases_cli.add_to(app)
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
