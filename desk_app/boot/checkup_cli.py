"""Commands that look at every part and say how to mend it: verify, doctor."""

from typing import Annotated

import typer

from desk_app.boot import checkup
from desk_app.boot.session import (
    EXIT_NOT_SET_UP,
    EXIT_PROBLEM,
    Json,
    Login,
    desk_at,
    places_of,
    problems,
    show,
    unlock,
    unlocked,
    watched,
)
from desk_app.services import health
from desk_app.services.shown import Check
from desk_app.text.words import Words, problem_words
from schemas.problems import Code, Problem


def verify(context: typer.Context, login: Login = None, as_json: Json = False) -> None:
    """Recompute every chain and check every page of the vault."""
    with unlocked(context.obj, login) as desk:
        with watched("works.verify") as watch:
            found = health.verify(desk.place, progress=watch)
        _show_checks(found, as_json=as_json)
        if not all(each.ok for each in found):
            raise typer.Exit(EXIT_PROBLEM)


def doctor(
    context: typer.Context,
    login: Login = None,
    line: Annotated[
        bool, typer.Option(help="Ask the district whether it answers.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Check every part and say how to mend it; what is locked is left out, and said."""
    with problems():
        where, desk = places_of(context.obj), desk_at(context.obj)
        found = [*checkup.program(), *checkup.folder(where, desk)]
        if desk.is_set_up:
            try:
                unlock(desk, login)
                with watched("works.verify") as watch:
                    found += checkup.vault(desk, progress=watch)
                if line:
                    found += checkup.district(desk, found)
            except Problem as problem:
                if problem.code is Code.STOPPED:
                    raise
                found.append(checkup.locked(problem))
            finally:
                desk.lock()
        _show_checks(tuple(found), as_json=as_json)
        if not desk.is_set_up:
            raise typer.Exit(EXIT_NOT_SET_UP)
        if not all(each.ok for each in found):
            raise typer.Exit(EXIT_PROBLEM)


def _show_checks(checks: tuple[Check, ...], *, as_json: bool) -> None:
    words = Words("desk")
    shown = [(c, _mend(words, c)) for c in checks]
    show(
        [{"what": c.what, "ok": c.ok, "detail": c.detail, "mend": m} for c, m in shown],
        as_json=as_json,
        lines=[
            f"{_mark(c)} {words(f'check.{c.what}')}  {c.detail}"
            + (f"\n    {m}" if m else "")
            for c, m in shown
        ],
    )  # fmt: skip


def _mark(check: Check) -> str:
    """Well, well but worth knowing, not well."""
    if not check.ok:
        return "!"
    return "?" if check.mend else "+"


def _mend(words: Words, check: Check) -> str:
    if not check.mend.isdigit():
        return words(f"mend.{check.mend}") if check.mend else ""
    title, _, do = problem_words(Problem(Code(int(check.mend)), **check.params))
    return f"{title}：{do}"


def add_to(app: typer.Typer) -> None:
    """Put these commands beside the others."""
    app.command()(verify)
    app.command()(doctor)
