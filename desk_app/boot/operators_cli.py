"""Commands for who may work here: operators, passphrases, the recovery key.

Secrets: one's own ISLAND_DESK_PASSPHRASE, a new one ISLAND_DESK_NEW_PASSPHRASE, the key
on paper ISLAND_DESK_RECOVERY_KEY. Each may come from a pipe or a prompt as well.
"""

from enum import StrEnum
from typing import Annotated

import typer

from desk_app.boot import session
from desk_app.boot.session import (
    RECOVERY,
    Json,
    Login,
    out,
    problems,
    secret,
    show,
    unlocked,
)
from desk_app.printing.printer import print_pdf
from desk_app.services.desk import Desk
from desk_app.text.words import Words
from schemas.problems import Code, Problem

NEW: str = "ISLAND_DESK_NEW_PASSPHRASE"
Print = Annotated[
    bool, typer.Option("--print", help="The recovery page to the printer, too.")
]
operators_app = typer.Typer(
    invoke_without_command=True,
    help="List (also without a verb), add and remove operators; passphrases.",
)


class RoleName(StrEnum):
    """Who may do what."""

    CLERK = "clerk"
    SUPERVISOR = "supervisor"


@operators_app.callback()
def operators(
    context: typer.Context, login: Login = None, as_json: Json = False
) -> None:
    """List everybody who works or worked here."""
    if context.invoked_subcommand is None:
        operators_list(context, login, as_json)


@operators_app.command("list")
def operators_list(
    context: typer.Context, login: Login = None, as_json: Json = False
) -> None:
    """List everybody who works or worked here."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        rows = desk.operators()
        show(
            [
                {"id": r.operator_id, "login": r.login, "name": r.name, "role": r.role,
                 "active": r.active}
                for r in rows
            ],
            as_json=as_json,
            lines=[
                f"{r.operator_id}  {r.login if r.active else '-'}  {r.name}  "
                + words(f"operators.{r.role}" if r.active else "operators.former")
                for r in rows
            ],
        )  # fmt: skip


@operators_app.command("add")
def operators_add(
    context: typer.Context,
    new_login: str,
    name: Annotated[str, typer.Option()],
    role: Annotated[RoleName, typer.Option()] = RoleName.CLERK,
    login: Login = None,
) -> None:
    """Add an operator; the new passphrase comes from ISLAND_DESK_NEW_PASSPHRASE."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        own = secret(session.PASSPHRASE, words("login.passphrase"))
        new = secret(NEW, words("operators.new_passphrase"))
        desk.add_operator(
            login=new_login, name=name,
            role="supervisor" if role is RoleName.SUPERVISOR else "clerk",
            passphrase=new, own=own,
        )  # fmt: skip
        out.print(words("operators.added", login=new_login), markup=False)


@operators_app.command("remove")
def operators_remove(
    context: typer.Context,
    operator: Annotated[str, typer.Argument(help="Login or id.")],
    login: Login = None,
) -> None:
    """Remove an operator; what they did stays on record."""
    with unlocked(context.obj, login) as desk:
        desk.remove_operator(_id_of(desk, operator))
        out.print(Words("desk")("operators.removed"))


@operators_app.command("passphrase")
def operators_passphrase(context: typer.Context, login: Login = None) -> None:
    """Change one's own passphrase (the new one: ISLAND_DESK_NEW_PASSPHRASE)."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        old = secret(session.PASSPHRASE, words("login.passphrase"))
        new = secret(NEW, words("operators.new_passphrase"))
        desk.change_passphrase(old, new)
        out.print(words("operators.changed"))


@operators_app.command("reset")
def operators_reset(
    context: typer.Context,
    operator: Annotated[str, typer.Argument(help="Login or id.")],
    login: Login = None,
) -> None:
    """Give somebody a new passphrase who forgot theirs; supervisors only."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        own = secret(session.PASSPHRASE, words("login.passphrase"))
        new = secret(NEW, words("operators.new_passphrase"))
        desk.reset_passphrase(_id_of(desk, operator), new, own)
        out.print(words("operators.reset_done", login=operator), markup=False)


@operators_app.command("recover")
def operators_recover(
    context: typer.Context,
    operator: Annotated[str, typer.Argument(help="The login.")],
) -> None:
    """Give an operator a new passphrase by the recovery key on paper."""
    words = Words("desk")
    with problems():
        desk = session.desk_at(context.obj)
        if not desk.is_set_up:
            raise Problem(Code.NOT_SET_UP)
        key = secret(RECOVERY, words("recover.key"))
        new = secret(NEW, words("operators.new_passphrase"))
        desk.recover(key, operator, new)
        out.print(words("recover.done", login=operator), markup=False)


@operators_app.command("recovery-key")
def operators_recovery_key(
    context: typer.Context, login: Login = None, to_printer: Print = False
) -> None:
    """Replace the recovery key, shown once; the old paper opens nothing any more."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        own = secret(session.PASSPHRASE, words("login.passphrase"))
        key = desk.renew_recovery_key(own)
        out.print(words("setup.recovery", key=key), markup=False)
        if to_printer:
            print_pdf(desk.recovery_page(key, ""), name=words("setup.page"))


def _id_of(desk: Desk, operator: str) -> str:
    """Return the id of whoever works here under a login; an id stays as it is."""
    working = (row for row in desk.operators() if row.active)
    return next((r.operator_id for r in working if r.login == operator), operator)
