"""Commands about days, findings and silent desks."""

import dataclasses
from typing import Annotated

import typer
from pydantic import JsonValue

from sync.district.boot.serving import utc_now
from sync.district.boot.session import Json, opened, show
from sync.district.config.words import words
from sync.district.ledger.findings import FindingKept
from sync.district.reconcile import days
from sync.district.reconcile.comparing import rule
from sync.district.reconcile.days import DayLine
from sync.district.reconcile.filing import send_outgoing
from sync.district.reconcile.silence import DeskHeard, silent_desks

statements_app = typer.Typer(help="Days as desks closed them, beside the record.")
findings_app = typer.Typer(help="What was found to look into, and rulings on it.")


@statements_app.command("list")
def statements_list(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1)] = 200,
    as_json: Json = False,
) -> None:
    """List the latest days of every desk and how each stands."""
    with opened(context) as district:
        rows = days.list_days(district.record, limit=limit)
        show([_day(row) for row in rows], [_day_line(row) for row in rows],
             as_json=as_json)  # fmt: skip


def _day(row: DayLine) -> JsonValue:
    return dict(dataclasses.asdict(row))


def _day_line(row: DayLine) -> str:
    table = words("district")
    state = table[f"days.state_{row.state}"]
    return (
        f"{row.day}  {row.device}  {state}  {row.entries}  v{row.version}"
        f"  {row.operator_name}".rstrip()
    )


@statements_app.command("show")
def statements_show(
    context: typer.Context, device: str, day: str, as_json: Json = False
) -> None:
    """Show one day: both statements, what differs, who signed."""
    with opened(context) as district:
        view = days.view_day(district.record, device, day)
        show(
            {
                "line": _day(view.line),
                "desk": view.theirs.model_dump(mode="json") if view.theirs else None,
                "district": view.ours.model_dump(mode="json") if view.ours else None,
                "agreement": view.agreement.model_dump(mode="json")
                if view.agreement
                else None,
                "rounds": view.rounds,
                "findings": [_finding(each) for each in view.findings],
            },
            [
                _day_line(view.line),
                f"= {view.theirs.root}" if view.theirs else "-",
                f"= {view.ours.root}" if view.ours else "-",
                *(_finding_line(each) for each in view.findings),
            ],
            as_json=as_json,
        )


@findings_app.command("list")
def findings_list(
    context: typer.Context,
    everything: Annotated[
        bool, typer.Option("--all", help="Settled ones, too.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List findings that wait for somebody's word."""
    with opened(context) as district:
        found = district.record.findings.of(open_only=not everything)
        show([_finding(each) for each in found], [_finding_line(f) for f in found],
             as_json=as_json)  # fmt: skip


def _finding(kept: FindingKept) -> JsonValue:
    ruling: JsonValue = dataclasses.asdict(kept.ruling) if kept.ruling else None
    return {
        "id": kept.id,
        "found_at": kept.found_at,
        **dataclasses.asdict(kept.finding),
        "ruling": ruling,
        "settled_at": kept.settled_at,
    }


def _finding_line(kept: FindingKept) -> str:
    table, finding = words("district"), kept.finding
    kind = table.get(f"findings.{finding.kind}", finding.kind)
    ruled = f"  {kept.ruling.ruling} ({kept.ruling.ruled_by})" if kept.ruling else ""
    if kept.settled_at:
        ruled = f"  {table['findings.settled']} {kept.settled_at}"
    return (
        f"#{kept.id}  {finding.day}  {kind}  {finding.epoch}.{finding.sequence}"
        f"  {finding.number}{ruled}".rstrip()
    )


@findings_app.command("rule")
def findings_rule(
    context: typer.Context,
    finding: int,
    ruling: Annotated[str, typer.Option(help="What was found out, who is right.")],
    by: Annotated[str, typer.Option(help="The post that rules.")],
) -> None:
    """Rule on a finding; the day's last one has its statement countersigned."""
    with opened(context) as district:
        now = utc_now()
        rule(district.record, district.keys, finding, ruling=ruling, by=by, now=now)
        send_outgoing(district.sealed, district.record, district.keys, now=now)
        typer.echo(_finding_line(district.record.findings.get(finding)))


def desks(context: typer.Context, as_json: Json = False) -> None:
    """List desks by silence: backlog, when they were expected, what is at stake."""
    with opened(context) as district:
        heard = silent_desks(district.sealed, district.record, now=utc_now())
        show([dict(dataclasses.asdict(each)) for each in heard],
             [_heard_line(each) for each in heard], as_json=as_json)  # fmt: skip


def _heard_line(each: DeskHeard) -> str:
    table = words("district")
    state = table["desks.heard"]
    if each.silent:
        state = table["desks.is_silent"].replace("{hours}", str(each.overdue_h))
    return (
        f"{each.desk} {each.terminal}  {state}  {each.last_contact_at or '-'}  "
        f"{table['desks.waiting']} {each.waiting}  "
        f"{table['desks.at_stake']} {each.at_stake or '-'}"
    )


def add_to(app: typer.Typer) -> None:
    """Put these commands beside the others."""
    app.add_typer(statements_app, name="statements")
    app.add_typer(findings_app, name="findings")
    app.command("desks")(desks)
