"""Commands for the steps of a case: the same verbs, machine and roles as the window.

Every step takes `--at TIME --late REASON` where it is entered later than it was taken.
"""

import dataclasses
import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue, TypeAdapter, ValidationError

from desk_app.boot.session import Json, Login, read_text, show, unlocked
from desk_app.services import steps
from desk_app.services.desk import Desk
from desk_app.services.hands import Earlier, Workplace
from desk_app.services.steps import Handover
from desk_app.text.words import CHINA, Words
from schemas import steps as s
from schemas.case import MaterialTaken
from schemas.problems import Code, Problem

case_app = typer.Typer(no_args_is_help=True, help="Take a step in a case.")
Number = Annotated[str, typer.Argument(help="The case's own number.")]
At = Annotated[str | None, typer.Option("--at", help="When it was really done.")]
Late = Annotated[str | None, typer.Option("--late", help="Why it is entered later.")]
Reason = Annotated[str, typer.Option(help="Why, in words that are printed.")]
_materials: TypeAdapter[tuple[MaterialTaken, ...]] = TypeAdapter(
    tuple[MaterialTaken, ...]
)
Verb = Callable[[Workplace], object]


class Outcome(StrEnum):
    """How a telephone call went."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"


def day_of(text: str) -> date:
    """Read a day; `Problem(DUE_DAY_PAST)` says what was typed."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Problem(Code.DUE_DAY_PAST, day=text.strip() or "-") from error


def moment_of(text: str) -> datetime:
    """Read a local time; `Problem(ANSWER_WRONG_SHAPE)`."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Problem(Code.ANSWER_WRONG_SHAPE) from error
    return at if at.tzinfo else at.replace(tzinfo=CHINA)


def _days(pairs: Iterable[str]) -> dict[str, date]:
    """Read `KEY=DAY` pairs."""
    halves = [pair.partition("=") for pair in pairs]
    return {key.strip(): day_of(day) for key, _, day in halves}


def _placed(desk: Desk, at: str | None, late: str | None) -> Workplace:
    if at is None and late is None:
        return desk.place
    when = moment_of(at) if at else desk.place.hands.now()
    return desk.place.entering_later(Earlier(when, late or ""))


def _take(
    context: typer.Context, login: str | None, number: str, at: str | None,
    late: str | None, verb: Verb,
) -> None:  # fmt: skip
    with unlocked(context.obj, login) as desk:
        verb(_placed(desk, at, late))
        view = desk.case(number)
        words = Words("desk")
        typer.echo(f"{number}  {words(f'state.{view.row.state}')}")


@case_app.command("steps")
def case_steps(
    context: typer.Context, number: Number, login: Login = None, as_json: Json = False
) -> None:
    """Say which steps this operator may take in a case now, and what the law made."""
    with unlocked(context.obj, login) as desk:
        view = desk.case(number)
        words = Words("desk")
        show(
            {
                "number": number,
                "state": view.row.state,
                "allowed": list(view.allowed),
                "effects": list(view.effects),
                "owed": list(view.owed),
                "deferred": {k: d.isoformat() for k, d in view.deferred.items()},
                "papers": view.papers,
                "bag": view.bag,
                "deadlines": [
                    {"what": d.what, "day": d.day.isoformat(), "lamp": d.lamp,
                     "left": d.working_days_left, "provisional": d.provisional,
                     "paused": d.paused}
                    for d in view.deadlines
                ],
            },
            as_json=as_json,
            lines=[
                words(f"state.{view.row.state}"),
                *(words(f"effect.{each}") for each in view.effects),
                *(f"{d.day}  {words(f'deadline.{d.what}')}  {d.working_days_left}"
                  for d in view.deadlines),
                *(f"- {each}  {words(f'event.{each}')}" for each in view.allowed),
            ],
        )  # fmt: skip


@case_app.command()
def accept(
    context: typer.Context, number: Number,
    mode: Annotated[s.Acceptance, typer.Option()] = s.Acceptance.FULL,
    owe: Annotated[list[str] | None, typer.Option(help="MATERIAL=DAY")] = None,
    commitment: Annotated[str, typer.Option(help="What is committed to.")] = "",
    at: At = None, late: Late = None, login: Login = None,
) -> None:  # fmt: skip
    """Accept (受理): in full, with deferred materials, or on commitment."""
    _take(context, login, number, at, late, lambda place: steps.accept_case(
        place, number, mode, due=_days(owe or ()), commitment=commitment
    ))  # fmt: skip


@case_app.command()
def ask(
    context: typer.Context, number: Number,
    missing: Annotated[list[str], typer.Option(help="All that is missing, once.")],
    due: Annotated[str, typer.Option(help="The day to bring it by.")],
    reason: Annotated[str, typer.Option()] = "",
    at: At = None, late: Late = None, login: Login = None,
) -> None:  # fmt: skip
    """Tell all that is missing, once (补正)."""
    _take(context, login, number, at, late, lambda place: steps.request_correction(
        place, number, missing=tuple(missing), due=day_of(due), reason=reason
    ))  # fmt: skip


@case_app.command()
def correct(
    context: typer.Context, number: Number,
    file: Annotated[Path, typer.Argument(help="JSON: applicant, form, materials.")],
    what: Annotated[str, typer.Option(help="What was put right.")],
    login: Login = None,
) -> None:  # fmt: skip
    """Put errors right: on the spot, or as the answer to what was asked for."""
    with unlocked(context.obj, login) as desk:
        view = desk.case(number)
        draft = desk.correction_draft(number)
        try:
            given = json.loads(read_text(file))
            changed = dataclasses.replace(
                draft,
                applicant={**draft.applicant, **_texts(given.get("applicant"))},
                form={**draft.form, **(given.get("form") or {})},
                materials=_materials.validate_python(given["materials"])
                if "materials" in given
                else draft.materials,
            )
        except (ValueError, ValidationError, AttributeError, TypeError) as error:
            desk.discard_draft(draft.draft_id, what)
            raise Problem(Code.FILE_NOT_READABLE, file=str(file)) from error
        try:
            if "case_resubmitted" in view.allowed:
                desk.resubmit(changed, what)
            else:
                steps.correct_on_spot(desk.place, changed, what=what)
        except Problem:
            desk.discard_draft(draft.draft_id, what)
            raise
        state = desk.case(number).row.state
        typer.echo(f"{number}  {Words('desk')(f'state.{state}')}")


def _texts(given: JsonValue) -> dict[str, str]:
    pairs = given.items() if isinstance(given, dict) else ()
    return {name: str(value) for name, value in pairs}


@case_app.command()
def supply(
    context: typer.Context, number: Number,
    material: Annotated[list[str], typer.Option(help="A material's key.")],
    at: At = None, late: Late = None, login: Login = None,
) -> None:  # fmt: skip
    """Note that deferred materials came in."""
    _take(context, login, number, at, late, lambda place: steps.supply_deferred(
        place, number, materials=tuple(material)
    ))  # fmt: skip


@case_app.command("extend-deferral")
def extend_deferral(
    context: typer.Context, number: Number,
    owe: Annotated[list[str], typer.Option(help="MATERIAL=DAY")],
    reason: Reason, at: At = None, late: Late = None, login: Login = None,
) -> None:  # fmt: skip
    """Give deferred materials later days, once."""
    _take(context, login, number, at, late, lambda place: steps.extend_deferral(
        place, number, due=_days(owe), reason=reason
    ))  # fmt: skip


@case_app.command()
def refuse(
    context: typer.Context, number: Number, reason: Reason,
    because: Annotated[s.NotAcceptedBecause, typer.Option()],
    apply_to: Annotated[str, typer.Option(help="Where to apply instead.")] = "",
    remedies: Annotated[str, typer.Option(help="More than the law's own.")] = "",
    at: At = None, late: Late = None, login: Login = None,
) -> None:  # fmt: skip
    """Refuse to accept (不予受理): another supervisor than who took it in."""
    said = remedies or Words("print")("paper.remedies")
    _take(context, login, number, at, late, lambda place: steps.refuse_to_accept(
        place, number, because, reason=reason, apply_to=apply_to, remedies=said
    ))  # fmt: skip


@case_app.command()
def forward(
    context: typer.Context, number: Number,
    to: Annotated[str, typer.Option(help="Who decides above.")],
    opinion: Annotated[str, typer.Option()] = "",
    at: At = None, late: Late = None, login: Login = None,
) -> None:  # fmt: skip
    """Send upward with all materials (转报)."""
    _take(context, login, number, at, late, lambda place: steps.forward_case(
        place, number, to=to, opinion=opinion
    ))  # fmt: skip


@case_app.command("send-back")
def send_back(
    context: typer.Context, number: Number, reason: Reason,
    at: At = None, late: Late = None, login: Login = None,
) -> None:  # fmt: skip
    """Give the papers back (退件): what was owed did not come."""
    _take(context, login, number, at, late, lambda place: steps.send_back(
        place, number, reason=reason
    ))  # fmt: skip


@case_app.command()
def withdraw(
    context: typer.Context, number: Number, reason: Reason,
    at: At = None, late: Late = None, login: Login = None,
) -> None:  # fmt: skip
    """Note that the applicant takes the application back (撤回)."""
    _take(context, login, number, at, late, lambda place: steps.withdraw(
        place, number, reason=reason
    ))  # fmt: skip


@case_app.command("stop-clock")
def stop_clock(
    context: typer.Context, number: Number,
    procedure: Annotated[s.StopReason, typer.Option()],
    days: Annotated[int, typer.Option(min=1)],
    reason: Annotated[str, typer.Option()] = "",
    at: At = None, late: Late = None, login: Login = None,
) -> None:  # fmt: skip
    """Begin a special procedure that the law lists (特别程序)."""
    _take(context, login, number, at, late, lambda place: steps.stop_clock(
        place, number, procedure, days=days, reason=reason
    ))  # fmt: skip


@case_app.command("resume-clock")
def resume_clock(
    context: typer.Context, number: Number,
    result: Annotated[str, typer.Option()] = "",
    at: At = None, late: Late = None, login: Login = None,
) -> None:  # fmt: skip
    """End the special procedure."""
    _take(context, login, number, at, late, lambda place: steps.resume_clock(
        place, number, result=result
    ))  # fmt: skip


@case_app.command()
def extend(
    context: typer.Context, number: Number, reason: Reason,
    approved_by: Annotated[str, typer.Option(help="The authority's head.")],
    at: At = None, late: Late = None, login: Login = None,
) -> None:  # fmt: skip
    """Ten working days more, once (延期)."""
    _take(context, login, number, at, late, lambda place: steps.extend_period(
        place, number, reason=reason, approved_by=approved_by
    ))  # fmt: skip


@case_app.command()
def arrived(
    context: typer.Context, number: Number,
    what: Annotated[str, typer.Option(help="The document that came.")],
    at: At = None, late: Late = None, login: Login = None,
) -> None:  # fmt: skip
    """Note that the result is at the window, to be delivered."""
    _take(context, login, number, at, late, lambda place: steps.result_arrived(
        place, number, what=what
    ))  # fmt: skip


@case_app.command()
def called(
    context: typer.Context, number: Number,
    outcome: Annotated[Outcome, typer.Option()],
    note: Annotated[str, typer.Option()] = "",
    at: At = None, late: Late = None, login: Login = None,
) -> None:  # fmt: skip
    """Note a telephone call to the applicant."""
    _take(context, login, number, at, late, lambda place: steps.call_applicant(
        place, number, outcome, note=note
    ))  # fmt: skip


@case_app.command()
def deliver(
    context: typer.Context, number: Number,
    way: Annotated[s.DeliveryWay, typer.Option()],
    what: Annotated[str, typer.Option()], signer: Annotated[str, typer.Option()],
    id_tail: Annotated[str, typer.Option(help="Last four of the signer's id.")] = "",
    tracking: Annotated[str, typer.Option()] = "",
    witness: Annotated[str, typer.Option()] = "",
    refused: Annotated[bool, typer.Option("--refused", help="Left behind.")] = False,
    at: At = None, late: Late = None, login: Login = None,
) -> None:  # fmt: skip
    """Hand over (送达), in one of six ways."""
    given = Handover(way, what, signer, id_tail, tracking, witness, refused)
    _take(context, login, number, at, late,
          lambda place: steps.deliver_result(place, number, given))  # fmt: skip


@case_app.command()
def close(
    context: typer.Context, number: Number,
    at: At = None, late: Late = None, login: Login = None,
) -> None:  # fmt: skip
    """Close (办结): nothing more is to be done."""
    _take(context, login, number, at, late,
          lambda place: steps.close_case(place, number))  # fmt: skip


@case_app.command()
def rate(
    context: typer.Context, number: Number,
    stars: Annotated[int, typer.Option(min=1, max=5)],
    said: Annotated[str, typer.Option(help="The applicant's own words.")] = "",
    login: Login = None,
) -> None:  # fmt: skip
    """Enter a rating that was given on paper (好差评)."""
    _take(context, login, number, None, None, lambda place: steps.rate_case(
        place, number, stars=stars, words=said, paper=True
    ))  # fmt: skip


@case_app.command()
def archive(
    context: typer.Context, number: Number,
    where: Annotated[str, typer.Option(help="Shelf or box.")], login: Login = None,
) -> None:  # fmt: skip
    """File away (归档)."""
    _take(context, login, number, None, None, lambda place: steps.archive_case(
        place, number, where=where
    ))  # fmt: skip


@case_app.command("move-papers")
def move_papers(
    context: typer.Context, number: Number, to: Annotated[s.PapersAt, typer.Option()],
    bag: Annotated[str, typer.Option()] = "",
    at: At = None, late: Late = None, login: Login = None,
) -> None:  # fmt: skip
    """Note where the originals went."""
    _take(context, login, number, at, late, lambda place: steps.move_papers(
        place, number, to, bag=bag
    ))  # fmt: skip
