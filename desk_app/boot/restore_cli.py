"""Commands that bring a lost desk back: restore, its drill, what a copy had alone."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from desk_app.boot.hands import real_hands
from desk_app.boot.session import (
    RECOVERY,
    Json,
    Login,
    out,
    problems,
    read_text,
    secret,
    show,
    unlocked,
    watched,
    write_text,
)
from desk_app.config.places import places
from desk_app.services import adopting, restoring
from desk_app.text.words import Words
from schemas.backup import Release
from schemas.problems import Code, Problem


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
            with watched("works.restore") as watch:
                text, mark = restoring.ask_district(
                    where, hands, source, progress=watch
                )
            write_text(ask, text)
            out.print(words("restore.asked", fingerprint=mark))
            return
        key = None if answer else secret(RECOVERY, words("backup.recovery_key"))
        given = _read_release(answer) if answer else None
        with watched("works.restore") as watch:
            done = restoring.restore(
                where, hands, source, recovery_key=key, replace=replace, answer=given,
                progress=watch,
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
        with watched("works.drill") as watch:
            done = restoring.drill(
                desk.place, desk.places, file=source, recovery_key=key, progress=watch
            )
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
    app.command("restore")(restore)
    app.command("adopt")(adopt)
    app.command("restore-drill")(restore_drill)
