"""Commands for what the district gives out: notices, editions, calendars."""

from typing import Annotated

import typer

from desk_app.boot.session import Json, Login, show, unlocked
from desk_app.services import notices
from desk_app.text.words import Words, local_time

notices_app = typer.Typer(help="The district's words to the clerks.")


@notices_app.command("list")
def notices_list(
    context: typer.Context, login: Login = None, as_json: Json = False
) -> None:
    """List the notices that hold, and who has seen each."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        found = notices.list_notices(desk.place)
        show(
            [
                {"position": each.position, "text": each.text,
                 "published_at": each.published_at.isoformat(),
                 "published_by": each.published_by, "seen_by": list(each.seen_by),
                 "new": each.is_new}
                for each in found
            ],
            as_json=as_json,
            lines=[
                f"{'*' if each.is_new else ' '} {each.position}  "
                f"{local_time(each.published_at)}  {each.published_by}  {each.text}"
                for each in found
            ] or [words("notice.none")],
        )  # fmt: skip


@notices_app.command("seen")
def notices_seen(
    context: typer.Context,
    position: Annotated[int, typer.Argument(help="The notice's number.")],
    login: Login = None,
) -> None:
    """Note that you have seen a notice; the district is told."""
    with unlocked(context.obj, login) as desk:
        notices.require_notice(desk.place, position)
        notices.see_notice(desk.place, position)


def catalogue_given(
    context: typer.Context, login: Login = None, as_json: Json = False
) -> None:
    """List the editions and calendars that the district gave out."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        found = notices.given_out(desk.place)
        show(
            [
                {"kind": each.kind, "number": each.number,
                 "effective_from": each.effective_from.isoformat(),
                 "state": each.state,
                 "problem": int(each.problem) if each.problem else None}
                for each in found
            ],
            as_json=as_json,
            lines=[
                words(f"notice.{each.kind}", number=each.number,
                      day=each.effective_from.isoformat(),
                      state=words(f"notice.{each.state}"))
                for each in found
            ],
        )  # fmt: skip


def add_to(app: typer.Typer, catalogue_app: typer.Typer) -> None:
    """Put these commands beside the others."""
    app.add_typer(notices_app, name="notices")
    catalogue_app.command("given")(catalogue_given)
