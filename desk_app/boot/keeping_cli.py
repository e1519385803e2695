"""Commands that outlive the machine: backup, restore, drill."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from desk_app.boot.hands import real_hands
from desk_app.boot.keys_cli import keys_app
from desk_app.boot.session import (
    Json,
    Login,
    out,
    problems,
    read_text,
    secret,
    show,
    unlocked,
    write_text,
)
from desk_app.config.places import places
from desk_app.services import (
    adopting,
    backing,
    freezing,
    healing,
    restoring,
    sending_backup,
)
from desk_app.services.backing import Backup
from desk_app.services.continuity import continuity
from desk_app.text.words import Words, local_time
from schemas.backup import Release
from schemas.problems import Code, Problem

RECOVERY = "ISLAND_DESK_RECOVERY_KEY"
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
        made = backing.back_up(desk.place, desk.places, folder=to)
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


def restore(
    context: typer.Context,
    source: Annotated[Path, typer.Option("--from", help="The backup file.")],
    ask: Annotated[
        Path | None,
        typer.Option(
            help="Without the recovery key: write a request for the district."
        ),
    ] = None,
    answer: Annotated[
        Path | None, typer.Option(help="The district's answer to the request.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Move the desk that is here aside.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make this machine the desk that a backup is of.

    The recovery key comes from ISLAND_DESK_RECOVERY_KEY, a pipe or a prompt.
    """
    words = Words("desk")
    with problems():
        where, hands = places(context.obj), real_hands()
        if ask is not None:
            text, mark = restoring.ask_district(where, hands, source)
            write_text(ask, text)
            out.print(words("restore.asked", fingerprint=mark))
            return
        key = None if answer else secret(RECOVERY, words("backup.recovery_key"))
        done = restoring.restore(
            where, hands, source, recovery_key=key, replace=replace,
            answer=_read_release(answer) if answer else None,
        )  # fmt: skip
        show(
            {"device": done.device, "epoch": done.epoch, "sequence": done.sequence,
             "took_ms": done.took_ms,
             "moved_to": str(done.moved_to) if done.moved_to else None},
            as_json=as_json,
            lines=[words("restore.done", sequence=done.sequence,
                         seconds=f"{done.took_ms / 1000:.1f}"),
                   words("restore.next")],
        )  # fmt: skip


def _read_release(file: Path) -> Release:
    try:
        return Release.model_validate_json(read_text(file))
    except ValidationError as error:
        raise Problem(Code.RELEASE_NOT_FOR_THIS) from error


def restore_drill(
    context: typer.Context,
    source: Annotated[
        Path | None, typer.Option("--from", help="A backup; else the newest.")
    ] = None,
    with_recovery_key: Annotated[
        bool, typer.Option("--with-recovery-key", help="Prove the paper, too.")
    ] = False,
    login: Login = None,
    as_json: Json = False,
) -> None:
    """Try a restore beside the vault: how long it takes, what would be lost."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        key = None
        if with_recovery_key:
            key = secret(RECOVERY, words("backup.recovery_key"))
        done = restoring.drill(desk.place, desk.places, file=source, recovery_key=key)
        show(
            {"good": done.good, "took_ms": done.took_ms,
             "by_recovery_key": done.by_recovery_key,
             "entries_lost": done.entries_lost,
             "entries_from_district": done.entries_from_district,
             "drafts_lost": done.drafts_lost,
             "problem": int(done.problem) if done.problem else None},
            as_json=as_json,
            lines=[words("drill.good" if done.good else "drill.bad",
                         seconds=f"{done.took_ms / 1000:.1f}", lost=done.entries_lost,
                         back=done.entries_from_district, drafts=done.drafts_lost)],
        )  # fmt: skip
        if done.problem is not None:
            raise Problem(done.problem, part="-")


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
        healing.told(desk.place, new)


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
        count = asyncio.run(sending_backup.send_backup(desk.place, desk.places))
        out.print(Words("desk")("backup.sent", count=count))


@backup_app.command("only-copy")
def only_copy(context: typer.Context, login: Login = None) -> None:
    """A supervisor's word that the other copy of this vault is out of use."""
    with unlocked(context.obj, login) as desk:
        healing.declare_only(desk.place)
        out.print(Words("desk")("restore.next"))


def adopt(
    context: typer.Context,
    home: Annotated[Path, typer.Argument(help="The folder of the refused copy.")],
    of: Annotated[str, typer.Option(help="An operator of the copy.")],
    login: Login = None,
) -> None:
    """Take over what a refused copy has and never sent, under this device.

    The copy's passphrase comes from ISLAND_DESK_COPY_PASSPHRASE or a prompt.
    """
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        phrase = secret("ISLAND_DESK_COPY_PASSPHRASE", words("login.passphrase"))
        done = adopting.adopt(desk.place, home, login=of, passphrase=phrase)
        for old, new in done.numbers.items():
            out.print(words("numbers.shared", old=old, new=new))
        out.print(words("incident.adopted", cases=len(done.numbers)))


def add_to(app: typer.Typer) -> None:
    """Put these commands beside the others."""
    app.add_typer(backup_app, name="backup")
    app.add_typer(numbers_app, name="numbers")
    app.add_typer(keys_app, name="keys")
    app.command("restore")(restore)
    app.command("adopt")(adopt)
    app.command("restore-drill")(restore_drill)
