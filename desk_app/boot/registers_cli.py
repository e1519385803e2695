"""Commands for what the desk knows: board, people, vessels, scans, figures, lists."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue, ValidationError

from desk_app.boot import session
from desk_app.boot.case_cli import day_of
from desk_app.boot.session import Json, Login, read_text, show, unlocked, watched
from desk_app.services import attaching, exporting, registers, scanning, statistics
from desk_app.services.batching import BatchLine, take_batch
from desk_app.services.shown import CaseRow
from desk_app.store.cases import CaseFilter
from desk_app.text.words import Words, problem_words
from schemas.applicant import identity_of
from schemas.base import Frozen
from schemas.case import MaterialTaken
from schemas.problems import Code, Problem

registers_app = typer.Typer(no_args_is_help=True, help="People, vessels, papers.")
scans_app = typer.Typer(no_args_is_help=True, help="Scans of a draft or case.")


def board(context: typer.Context, login: Login = None, as_json: Json = False) -> None:
    """Show what expires first, and what the district answered last."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        seen = desk.board()

        def line(row: CaseRow) -> str:
            due = row.deadline
            day = f"{due.day} {words(f'deadline.{due.what}')}" if due else "-"
            return f"{row.number}  {day}  {row.applicant_name}  {row.item_name}"

        show(
            {
                "today_received": seen.today_received,
                "drafts": seen.drafts,
                "due": [_row(each) for each in seen.due],
                "answered": [_row(each) for each in seen.answered],
                "calendar_complete_through": str(seen.calendar_complete_through),
            },
            as_json=as_json,
            lines=[*map(line, seen.due), *map(line, seen.answered)],
        )


def _row(row: CaseRow) -> dict[str, JsonValue]:
    due = row.deadline
    return {
        "number": row.number, "item": row.item_code, "applicant": row.applicant_name,
        "state": row.state, "synced": row.synced, "vessel": row.vessel,
        "due": {"what": due.what, "day": due.day.isoformat(), "lamp": due.lamp,
                "provisional": due.provisional} if due else None,
    }  # fmt: skip


@registers_app.command("people")
def people(
    context: typer.Context, text: str, login: Login = None, as_json: Json = False
) -> None:
    """Find applicants by name, pinyin, id, phone or vessel, with their agents."""
    with unlocked(context.obj, login) as desk:
        found = desk.recall_applicants(text, limit=20)
        told: list[JsonValue] = []
        for person in found:
            agents = registers.agents_of(desk.place, identity_of(person))
            plain = person.model_dump(mode="json")
            named: list[JsonValue] = [
                {"name": a.name, "until": str(a.valid_until or ""), "ended": a.ended}
                for a in agents
            ]
            told.append({**plain, "agents": named})
        lines = [f"{p.name}  {p.phone}  {p.address}" for p in found]
        show(told, as_json=as_json, lines=lines)


@registers_app.command("vessels")
def find_vessels(
    context: typer.Context, text: str, login: Login = None, as_json: Json = False
) -> None:
    """Find vessels by a part of the name, or all of an owner's by the whole id."""
    with unlocked(context.obj, login) as desk:
        found = registers.find_vessels(desk.place, text)
        show(
            [{"vessel": v.name, "owner": v.owner} for v in found],
            as_json=as_json,
            lines=[f"{v.name}  {v.owner[:6]}…{v.owner[-4:]}" for v in found],
        )


@registers_app.command("certificates")
def certificates(
    context: typer.Context,
    vessel: Annotated[str | None, typer.Option()] = None,
    owner: Annotated[str | None, typer.Option(help="The whole id.")] = None,
    soon: Annotated[bool, typer.Option("--soon", help="Ending in 90 days.")] = False,
    login: Login = None, as_json: Json = False,
) -> None:  # fmt: skip
    """List certificates and the days they end."""
    with unlocked(context.obj, login) as desk:
        look = registers.ending_soon if soon else registers.certificates_of
        found = look(desk.place, vessel=vessel, owner=owner)
        show(
            [
                {"vessel": c.vessel, "certificate": c.certificate, "ended": c.ended,
                 "licence": c.licence, "until": str(c.valid_until), "case": c.number}
                for c in found
            ],
            as_json=as_json,
            lines=[f"{c.valid_until}  {c.vessel}  {c.certificate}" for c in found],
        )  # fmt: skip


class _Batch(Frozen):
    """One visit: shared answers, and what differs, by vessel."""

    item_code: str
    applicant: dict[str, str]
    form: dict[str, JsonValue] = {}
    materials: tuple[MaterialTaken, ...] = ()
    vessels: dict[str, dict[str, JsonValue]]


def batch(context: typer.Context, file: Path, login: Login = None) -> None:
    """Take one visit's applications for many vessels; one JSON result a vessel."""
    bad = 0
    with unlocked(context.obj, login) as desk:
        try:
            given = _Batch.model_validate_json(read_text(file))
        except ValidationError as error:
            raise Problem(Code.FILE_NOT_READABLE, file=str(file)) from error
        shared = dataclasses.replace(
            desk.new_draft(given.item_code), applicant=given.applicant,
            materials=given.materials, form={"agent_used": False, **given.form},
        )  # fmt: skip
        with watched("people.taking") as watch:
            lines = take_batch(desk.place, shared, given.vessels, progress=watch)
        desk.discard_draft(shared.draft_id, "batch")
        for line in (*lines, *_not_taken(given, lines)):
            told: dict[str, JsonValue] = {"vessel": line.vessel, "number": line.number}
            if line.problem is not None:
                bad += 1
                title, _, do = problem_words(line.problem)
                told |= {"problem": int(line.problem.code), "title": title, "do": do,
                         "draft": line.draft_id}  # fmt: skip
            typer.echo(json.dumps(told, ensure_ascii=False))
    raise typer.Exit(session.EXIT_PROBLEM if bad else 0)


def _not_taken(given: _Batch, lines: tuple[BatchLine, ...]) -> Iterator[BatchLine]:
    """Yield a line for each vessel that was left when somebody stopped it."""
    for vessel in list(given.vessels)[len(lines) :]:
        yield BatchLine(vessel, "", None, Problem(Code.STOPPED))


@scans_app.command("list")
def scans_list(
    context: typer.Context, subject: str, login: Login = None, as_json: Json = False
) -> None:
    """List the pages of a draft or case; a star marks those at the district."""
    with unlocked(context.obj, login) as desk:
        found = attaching.pages_of(desk.place, subject)
        there = scanning.at_district(desk.place, subject)
        show(
            [
                {"material": p.material, "position": p.position, "name": p.name,
                 "digest": p.digest, "turned": p.turned,
                 "at_district": p.digest in there}
                for p in found
            ],
            as_json=as_json,
            lines=[
                f"{'*' if p.digest in there else ' '} {p.material} {p.position}"
                f"  {p.name}"
                for p in found
            ],
        )  # fmt: skip


@scans_app.command("add")
def scans_add(
    context: typer.Context, subject: str, material: str, file: Path,
    login: Login = None,
) -> None:  # fmt: skip
    """Put a picture or PDF at a material; made small, cleaned, kept once."""
    with unlocked(context.obj, login) as desk:
        raw = file.read_bytes()
        page = attaching.attach(desk.place, subject, material, name=file.name, raw=raw)
        typer.echo(f"{page.material} {page.position}  {page.digest}")


def figures(
    context: typer.Context,
    since: Annotated[str, typer.Option(help="First local day.")],
    until: Annotated[str, typer.Option(help="Last local day.")],
    login: Login = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Count the cases of some days, by day, item and state."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        first, last = day_of(since), day_of(until)
        found = statistics.figures(desk.place, since=first, until=last)
        show(
            {
                "total": found.total,
                "by_day": {str(day): n for day, n in found.by_day},
                "by_item": {code: n for code, _, n in found.by_item},
                "by_state": {str(state): n for state, n in found.by_state},
            },
            as_json=as_json,
            lines=[
                *(f"{day}  {n}" for day, n in found.by_day if n),
                *(f"{code} {name}  {n}" for code, name, n in found.by_item),
                *(f"{words(f'state.{state}')}  {n}" for state, n in found.by_state),
            ],
        )


def export(
    context: typer.Context, file: Path,
    text: Annotated[str, typer.Option(help="As in the search box.")] = "",
    state: Annotated[str | None, typer.Option()] = None,
    login: Login = None,
) -> None:  # fmt: skip
    """Write a list as .xlsx or .csv, ids masked; audited."""
    with unlocked(context.obj, login) as desk:
        wanted = CaseFilter(text=text, state=state)
        with watched("cases.exporting") as watch:
            done = exporting.export_list(desk.place, wanted, file, progress=watch)
        watch.check()
        typer.echo(f"{file}  {done}")


def add_to(app: typer.Typer) -> None:
    """Hang the commands in."""
    app.command("board")(board)
    app.command("batch")(batch)
    app.command("figures")(figures)
    app.command("export")(export)
    app.add_typer(registers_app, name="registers")
    app.add_typer(scans_app, name="scans")
