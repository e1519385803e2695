"""Commands by which a district gives things out to its desks."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from schemas.problems import Code, Problem
from sync.district.boot.district import District
from sync.district.boot.serving import utc_now
from sync.district.boot.session import Json, opened, read_text, show
from sync.district.config.words import words
from sync.district.ledger.publications import Delivered
from sync.district.reconcile.filing import send_outgoing
from sync.district.reconcile.publishing import (
    COMMANDS,
    deliver_publications,
    order_command,
    publish_new_calendar,
    publish_new_edition,
    publish_notice,
    summary,
)

_CHINA = ZoneInfo("Asia/Shanghai")
publish_app = typer.Typer(help="Give desks an edition, a calendar, a notice.")
By = Annotated[str, typer.Option(help="The post that gives it out.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


def _today() -> date:
    return utc_now().astimezone(_CHINA).date()


def _send(district: District) -> None:
    deliver_publications(district.sealed, district.record, district.keys)
    send_outgoing(district.sealed, district.record, district.keys, now=utc_now())


@publish_app.command("edition")
def publish_edition_command(context: typer.Context, file: Path, by: By) -> None:
    """Give out an edition of the catalogue, or list its faults and change nothing."""
    with opened(context) as district:
        text = read_text(file)
        faults = publish_new_edition(district.record, text, by=by, now=utc_now())
        for fault in faults:
            typer.echo(f"{fault.place}: {fault.what}", err=True)
        if faults:
            raise Problem(Code.EDITION_INVALID, count=len(faults))
        _send(district)


@publish_app.command("calendar")
def publish_calendar_command(
    context: typer.Context, file: Path, by: By, since: Day = None
) -> None:
    """Give out holidays or closed seasons; in force from today or a later day."""
    with opened(context) as district:
        publish_new_calendar(
            district.record, read_text(file),
            effective_from=since.date() if since else _today(), by=by, now=utc_now(),
        )  # fmt: skip
        _send(district)


@publish_app.command("notice")
def publish_notice_command(
    context: typer.Context, text: str, by: By, until: Day = None
) -> None:
    """Show words to every clerk until each has seen them."""
    with opened(context) as district:
        publish_notice(
            district.record, text, until=until.date() if until else None, by=by,
            today=_today(), now=utc_now(),
        )  # fmt: skip
        _send(district)


@publish_app.command("command")
def publish_command_command(
    context: typer.Context,
    device: str,
    command: Annotated[str, typer.Argument(help=", ".join(COMMANDS))],
    by: By,
    day: Annotated[str, typer.Option(help="For send_statement: which day.")] = "",
) -> None:
    """Tell one desk to do something; it answers when it is done."""
    with opened(context) as district:
        if district.sealed.device(device) is None:
            raise Problem(Code.DEVICE_NOT_FOUND, device=device)
        order_command(
            district.record, device, command, arguments={"day": day} if day else {},
            by=by, today=_today(), now=utc_now(),
        )  # fmt: skip
        _send(district)


@publish_app.command("list")
def publish_list(context: typer.Context, as_json: Json = False) -> None:
    """List what was given out, to which desks, and what they answered."""
    table = words("district")
    with opened(context) as district:
        found = district.record.publications.listed()
        sent = district.record.publications.deliveries_of()
        show(
            [
                {"kind": each.kind, "number": each.number, "device": each.device,
                 "effective_from": each.effective_from.isoformat(),
                 "what": summary(each), "by": each.published_by,
                 "delivered": len(sent.get(each.id, ())),
                 "answers": [
                     {"device": to.device, "outcome": to.outcome or None,
                      "people": to.people, "problem": to.problem, "at": to.at}
                     for to in sent.get(each.id, ())
                 ]}
                for each in found
            ],
            [
                table["publish.line"].format(
                    kind=table[f"publish.kind_{each.kind}"], number=each.number,
                    what=summary(each), day=each.effective_from,
                    by=each.published_by, count=len(sent.get(each.id, ())),
                )
                + _answers(sent.get(each.id, ()))
                for each in found
            ],
            as_json=as_json,
        )  # fmt: skip


def _answers(sent: tuple[Delivered, ...]) -> str:
    """Return a line for each desk that answered."""
    table = words("district")
    return "".join(
        f"\n  {to.device[:8]}  "
        + table[f"publish.answer_{to.outcome}"].format(count=to.people)
        + (f" [{to.problem}]" if to.problem else "")
        for to in sent
        if to.outcome
    )


def add_to(app: typer.Typer) -> None:
    """Put these commands beside the others."""
    app.add_typer(publish_app, name="publish")
