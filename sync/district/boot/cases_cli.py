"""Commands about cases: open and file what came, list what is filed, answer one."""

from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from schemas.case import (
    Answer,
    CaseState,
    Granted,
    Received,
    Refused,
    ReturnedForCorrection,
)
from schemas.problems import Code, Problem
from sync.district.boot.serving import utc_now
from sync.district.boot.session import Json, opened, show
from sync.district.config.words import words
from sync.district.reconcile.answering import answer_case
from sync.district.reconcile.filing import reconcile_once, send_outgoing

if TYPE_CHECKING:
    from pydantic import JsonValue


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


def add_to(app: typer.Typer) -> None:
    """Put these commands beside the others."""
    app.command("open")(open_command)
    app.command("cases")(cases)
    app.command("answer")(answer_command)
