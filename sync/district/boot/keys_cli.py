"""Commands about keys: the district's own, a lost desk's, a backup's."""

import secrets
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue, ValidationError

from schemas.backup import ReleaseRequest
from schemas.encoding import base64_bytes
from schemas.problems import Code, Problem
from sync.district.boot import fresh_keys_cli
from sync.district.boot.rotating import USES, Use, keys_of, lagging, retire, rotate
from sync.district.boot.serving import utc_now
from sync.district.boot.session import (
    Json,
    is_same,
    opened,
    read_text,
    show,
    write_text,
    writing,
)
from sync.district.config.words import words
from sync.district.intake.backups import join_parts, whole_backups
from sync.district.ledger.device_keys import Place
from sync.district.reconcile.healing import succeed
from sync.seal.enrolment import fingerprint
from sync.seal.recovery import release

keys_app = typer.Typer(help="The district's own keys.")


@keys_app.command("list")
def keys_list(context: typer.Context, as_json: Json = False) -> None:
    """List every key, which are in force, and which desks lag behind."""
    with opened(context) as district:
        lines, behind = keys_of(district), lagging(district)
        table = words("district")
        keys: list[JsonValue] = [
            {"use": k.use, "key": k.key_id, "since": k.since, "in_force": k.in_force}
            for k in lines
        ]
        show(
            {"keys": keys, "lagging": list(behind)},
            [
                *(f"{'*' if k.in_force else ' '} {k.use}  {k.key_id}  {k.since}"
                  for k in lines),
                f"{table['cli.lagging']}: {', '.join(behind) or '-'}",
            ],
            as_json=as_json,
        )  # fmt: skip


@keys_app.command("rotate")
def keys_rotate(
    context: typer.Context,
    uses: Annotated[
        list[str] | None, typer.Argument(help="sealing, receipts, answers; else all.")
    ] = None,
    url: Annotated[
        list[str] | None, typer.Option(help="New addresses of intake, if any.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the document for desks without a line.")
    ] = None,
) -> None:
    """Put new keys into force; old ones are believed until they are retired."""
    chosen: list[Use] = []
    for each in uses or USES:
        if each not in USES:
            raise typer.BadParameter(each)
        chosen.append(each)
    with opened(context) as district:
        now = utc_now()
        made = rotate(district, tuple(chosen), urls=tuple(url or ()), now=now)
        district.record.note("cli", "keys_rotated", ",".join(chosen), now=now)
        if out is not None:
            write_text(out, made.model_dump_json(indent=1))
        typer.echo(words("district")["cli.rotated"].replace("{n}", str(made.edition)))


@keys_app.command("retire")
def keys_retire(
    context: typer.Context,
    key: str,
    force: Annotated[
        bool, typer.Option("--force", help="Though desks lag: the key was stolen.")
    ] = False,
) -> None:
    """End the overlap of a former key."""
    with opened(context) as district:
        retire(district, key, force=force)
        district.record.note("cli", "key_retired", key, now=utc_now())


def revoke(
    context: typer.Context,
    device: str,
    reason: Annotated[str, typer.Option(help="Shown to the desk.")],
    from_sequence: Annotated[
        int | None,
        typer.Option(min=1, help="The first entry that is no longer believed."),
    ] = None,
    epoch: Annotated[
        int | None, typer.Option(min=1, help="Of the sequence; else the newest.")
    ] = None,
) -> None:
    """Refuse what a lost desk signs; up to the cut-off it is still taken, even late."""
    with opened(context) as district:
        up_to = None
        if from_sequence is not None:
            newest = district.sealed.contacts.newest_epoch(device) or 1
            up_to = Place(epoch or newest, from_sequence - 1)
        district.sealed.keys.revoke(device, reason=reason, up_to=up_to)
        district.record.note("cli", "device_revoked", device, now=utc_now())


def release_backup(
    context: typer.Context,
    request: Annotated[Path, typer.Argument(help="The desk's request file.")],
    out: Annotated[Path, typer.Option(help="Write the answer here.")],
    mark: Annotated[
        str | None,
        typer.Option("--fingerprint", help="To confirm without a prompt."),
    ] = None,
) -> None:
    """Open a backup's escrow for a machine whose people were identified."""
    table = words("district")
    with opened(context) as district:
        try:
            asked = ReleaseRequest.model_validate_json(read_text(request))
        except ValidationError as error:
            raise Problem(Code.MESSAGE_MALFORMED, detail="request") from error
        device = asked.header.device
        if district.sealed.device(device) is None:
            raise Problem(Code.DEVICE_NOT_FOUND, device=device)
        shown = fingerprint(base64_bytes(asked.sealing_key))
        typer.echo(f"{table['cli.desk']}: {asked.header.desk_name} {shown}", err=True)
        if not is_same(shown, mark):
            raise Problem(Code.DISTRICT_NOT_TRUSTED)
        key = district.keys.opening_of(asked.header.escrow_key or "")
        now = utc_now()
        answer = release(asked, key, answers=district.keys.answers, now=now)
        district.record.note("cli", "backup_released", device, now=now)
        write_text(out, answer.model_dump_json(indent=1))


def succeed_command(context: typer.Context, old: str, new: str) -> None:
    """Let a desk go on with the cases of one that was lost and revoked."""
    with opened(context) as district:
        count = succeed(
            district.sealed, district.record, old=old, new=new, now=utc_now()
        )
        typer.echo(words("district")["cli.succeeded"].replace("{n}", str(count)))


def backups(
    context: typer.Context,
    as_json: Json = False,
    out: Annotated[
        Path | None, typer.Option(help="Write the newest one of DEVICE here.")
    ] = None,
    device: Annotated[str | None, typer.Option(help="Of this desk alone.")] = None,
) -> None:
    """List desks' backups, which nobody here can open, or write one to a file."""
    with opened(context) as district:
        folder = district.places.intake / "backups"
        found = [
            each
            for each in whole_backups(folder)
            if device is None or each.parent.name == device
        ]
        if out is not None:
            if not found:
                raise Problem(Code.DEVICE_NOT_FOUND, device=device or "-")
            with writing(out):
                join_parts(found[0], out)
        lines = [f"{each.parent.name}  {each.name}" for each in found]
        value: list[JsonValue] = [
            {"device": each.parent.name, "backup": each.name} for each in found
        ]
        show(value, lines or ["-"], as_json=as_json)


def restored(context: typer.Context) -> None:
    """Say that a backup of this district was put back: desks offer again what it lost.

    It is noticed without a word, too; with one, desks are told at once.
    """
    with opened(context) as district:
        now = utc_now()
        district.sealed.contacts.be_reborn(secrets.token_hex(16), now=now)
        district.record.note("cli", "district_restored", "", now=now)
        typer.echo(words("district")["cli.restored"])


def rollbacks(
    context: typer.Context,
    as_json: Json = False,
    limit: Annotated[int, typer.Option(min=1)] = 50,
) -> None:
    """List desks and districts that were put back, copies refused, epochs begun."""
    table = words("district")
    with opened(context) as district:
        alarms = district.sealed.contacts.alarms(limit=limit)
        begun = district.record.healing.epochs(limit=limit)
        noticed: list[JsonValue] = [
            {"device": a.device, "verdict": a.verdict, "epoch": a.epoch, "at": a.at}
            for a in alarms
        ]
        epochs: list[JsonValue] = [
            {
                "device": e.device,
                "epoch": e.epoch,
                "from_epoch": e.from_epoch,
                "agreed": e.agreed,
                "why": e.why,
                "at": e.at,
            }
            for e in begun
        ]
        show(
            {"noticed": noticed, "epochs": epochs},
            [
                *(f"{a.at}  {a.device}  {table[f'verdict.{a.verdict}']}"
                  for a in alarms),
                *(f"{e.at}  {e.device}  {table['verdict.epoch']} {e.epoch}"
                  f" ({table[f'verdict.{e.why}']})" for e in begun),
            ] or ["-"],
            as_json=as_json,
        )  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Put these commands beside the others."""
    fresh_keys_cli.add_to(keys_app)
    app.add_typer(keys_app, name="keys")
    app.command("revoke")(revoke)
    app.command("restored")(restored)
    app.command("backups")(backups)
    app.command("succeed")(succeed_command)
    app.command("rollbacks")(rollbacks)
    app.command("release-backup")(release_backup)
