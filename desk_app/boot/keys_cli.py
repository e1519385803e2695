"""Commands about keys at the desk."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from desk_app.boot.session import (
    Json,
    Login,
    out,
    read_text,
    show,
    unlocked,
    write_text,
)
from desk_app.services import fresh_keys, renewing
from desk_app.services.desk import Desk
from desk_app.text.words import Words
from schemas.problems import Problem

keys_app = typer.Typer(help="The desk's own keys, and the district's.")


@keys_app.command("list")
def keys_list(
    context: typer.Context, login: Login = None, as_json: Json = False
) -> None:
    """List the ids of the keys in force, next and former."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        lines = renewing.keys_shown(desk.place)
        show(
            [
                {"use": k.use, "key": k.key_id, "state": k.state, "since": k.since}
                for k in lines
            ],
            as_json=as_json,
            lines=[
                "  ".join(
                    (words(f"secrets.{k.use}"), words(f"secrets.{k.state}"), k.key_id)
                )
                for k in lines
            ],
        )


@keys_app.command("rotate")
def keys_rotate(context: typer.Context, login: Login = None) -> None:
    """Make new keys; they are used once the district has them."""
    with unlocked(context.obj, login) as desk:
        signing, _ = renewing.renew(desk.place)
        out.print(Words("desk")("secrets.renewed", key=signing))


@keys_app.command("follow")
def keys_follow(context: typer.Context, file: Path, login: Login = None) -> None:
    """Follow the district's new keys from a file, where there is no line."""
    with unlocked(context.obj, login) as desk:
        edition = renewing.follow_file(desk.place, read_text(file))
        out.print(Words("desk")("secrets.followed", edition=edition))


@keys_app.command("ask")
def keys_ask(
    context: typer.Context,
    to_file: Annotated[
        Path | None, typer.Option("--out", help="Write the request; else by the line.")
    ] = None,
    answer: Annotated[
        Path | None, typer.Option(help="Use the district's answer from a file.")
    ] = None,
    login: Login = None,
) -> None:
    """At 320 and 300: ask about the desk's own keys; again to ask how it stands."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        if answer is not None:
            request = fresh_keys.asked(desk.place)
            fresh_keys.use_file(desk.place, read_text(answer))
            if request is not None:
                out.print(words(f"{fresh_keys.about(request)}.granted"))
            return
        if to_file is None and not _is_refused(desk):
            out.print(words("fresh.not_needed"))
            return
        request = fresh_keys.ask(desk.place)
        room = fresh_keys.about(request)
        mark = fresh_keys.asked_fingerprint(request)
        out.print(words(f"{room}.mark", fingerprint=mark))
        state = "pending"
        if to_file is not None:
            write_text(to_file, request.model_dump_json())
        else:
            state = asyncio.run(fresh_keys.poll(desk.place))
        out.print(words(f"{room}.{state}"))


def _is_refused(desk: Desk) -> bool:
    """Say whether the district refuses the desk's key; asked at the district itself.

    What is asked already waits for its answer. Raises what else stands in the way.
    """
    if fresh_keys.asked(desk.place) is not None:
        return True
    refused = asyncio.run(desk.sync(impatient=True)).problem
    if refused is not None and refused not in fresh_keys.ASKS_AT:
        raise Problem(refused)
    return refused is not None
