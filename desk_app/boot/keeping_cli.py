"""Commands about backups, and about numbers after one was put back."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from desk_app.boot.keys_cli import keys_app
from desk_app.boot.session import (
    RECOVERY,
    Json,
    Login,
    out,
    secret,
    show,
    unlocked,
    watched,
)
from desk_app.boot.watching import talking
from desk_app.services import backing, freezing, healing, renumbering, sending_backup
from desk_app.services.backing import Backup
from desk_app.services.continuity import continuity
from desk_app.text.words import Words, local_time

backup_app = typer.Typer(help="Back the vault up, now or to another folder.")
numbers_app = typer.Typer(help="Numbers without a case, and after a restore.")


@backup_app.command("now")
def backup_now(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option(help="Another folder, once.")] = None,
    login: Login = None,
    as_json: Json = False,
) -> None:
    """Write one sealed backup now."""
    with unlocked(context.obj, login) as desk:
        with watched("works.backup") as watch:
            made = backing.back_up(desk.place, desk.places, folder=to, progress=watch)
        _show_backups((made,), as_json=as_json)


@backup_app.command("list")
def backup_list(
    context: typer.Context, login: Login = None, as_json: Json = False
) -> None:
    """List the backups that were made, and whether each is where it was put."""
    with unlocked(context.obj, login) as desk:
        _show_backups(backing.list_backups(desk.place), as_json=as_json)


def _show_backups(made: tuple[Backup, ...], *, as_json: bool) -> None:
    words = Words("desk")
    show(
        [
            {"file": str(each.file), "made_at": each.made_at.isoformat(),
             "bytes": each.size, "epoch": each.epoch, "sequence": each.sequence,
             "present": each.present}
            for each in made
        ],
        as_json=as_json,
        lines=[
            f"{'+' if each.present else '-'} {local_time(each.made_at)}  "
            f"{words('backup.line', size=each.size, sequence=each.sequence)}  "
            f"{each.file}"
            for each in made
        ],
    )  # fmt: skip


@backup_app.command("status")
def backup_status(
    context: typer.Context, login: Login = None, as_json: Json = False
) -> None:
    """Say what befell the desk, whether numbers are frozen, and how safe it is."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        state = continuity(desk.place, desk.places)
        backup, drill = state.last_backup_at, state.last_drill_at
        show(
            {
                "folder": state.folder,
                "last_backup_at": backup.isoformat() if backup else None,
                "last_drill_at": drill.isoformat() if drill else None,
                "frozen": state.frozen,
                "frozen_until": state.frozen_until,
                "cloned": state.cloned,
                "unseen": [
                    {"id": e.id, "at": e.at, "what": e.what, "detail": dict(e.detail)}
                    for e in state.unseen
                ],
                "numbers_on_two_papers": [
                    {"old": e.old, "new": e.new} for e in state.shared_numbers
                ],
            },
            as_json=as_json,
            lines=[
                *(f"{e.at}  {words(f'incident.{e.what}', **e.detail)}"
                  for e in state.unseen),
                *([words(f"frozen.{state.frozen}", day=state.frozen_until or "-")]
                  if state.frozen else []),
                *(words("numbers.shared", old=e.old, new=e.new)
                  for e in state.shared_numbers),
                words("backup.last", time=local_time(backup))
                if backup else words("backup.none"),
            ],
        )  # fmt: skip


@backup_app.command("folder")
def backup_folder(
    context: typer.Context,
    folder: Annotated[str, typer.Argument(help="Empty: beside the vault.")],
    login: Login = None,
) -> None:
    """Set where the scheduled backups go."""
    with unlocked(context.obj, login) as desk:
        backing.choose_folder(desk.place, folder)
        out.print(Words("desk")("backup.folder_kept"))


@backup_app.command("prepare")
def backup_prepare(context: typer.Context, login: Login = None) -> None:
    """Learn, once, what to seal to (a desk set up by version 0.1)."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        key = secret(RECOVERY, words("backup.recovery_key"))
        backing.prepare(desk.place, desk.places, key)
        out.print(words("backup.prepared"))


@numbers_app.command("resume")
def numbers_resume(
    context: typer.Context,
    last: Annotated[str, typer.Argument(help="The last number on the paper register.")],
    login: Login = None,
) -> None:
    """Give numbers again after a restore, following the paper register."""
    with unlocked(context.obj, login) as desk:
        freezing.resume_after(desk.place, last)
        out.print(Words("desk")("numbers.resumed"))


@numbers_app.command("told")
def numbers_told(
    context: typer.Context,
    new: Annotated[str, typer.Argument(help="The new number of whoever was told.")],
    login: Login = None,
) -> None:
    """Note that an applicant whose number was given twice knows the new one."""
    with unlocked(context.obj, login) as desk:
        renumbering.told(desk.place, new)


@backup_app.command("opt")
def backup_opt(
    context: typer.Context,
    choice: Annotated[str, typer.Argument(help="in or out")],
    login: Login = None,
) -> None:
    """Let backups go to the district, which cannot open them; or no longer."""
    if choice not in {"in", "out"}:
        raise typer.BadParameter(choice)
    with unlocked(context.obj, login) as desk:
        sending_backup.opt(desk.place, on=choice == "in")


@backup_app.command("send")
def backup_send(context: typer.Context, login: Login = None) -> None:
    """Bring a fresh backup to the district; goes on where it was cut off."""
    with unlocked(context.obj, login) as desk:
        sent = 0

        def told(parts: int) -> bool:
            nonlocal sent
            sent = parts
            return True

        with watched("works.backup_out") as watch:
            work = sending_backup.send_backup(desk.place, desk.places, progress=told)
            count = asyncio.run(talking(watch, work, lambda: sent))
        out.print(Words("desk")("backup.sent", count=count))


@backup_app.command("only-copy")
def only_copy(context: typer.Context, login: Login = None) -> None:
    """A supervisor's word that the other copy of this vault is out of use."""
    with unlocked(context.obj, login) as desk:
        healing.declare_only(desk.place)
        out.print(Words("desk")("restore.next"))


def add_to(app: typer.Typer) -> None:
    """Put these commands beside the others."""
    app.add_typer(backup_app, name="backup")
    app.add_typer(numbers_app, name="numbers")
    app.add_typer(keys_app, name="keys")
