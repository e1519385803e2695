"""Commands for what intake grants: uploads and bytes under way, bytes an hour."""

from dataclasses import asdict
from typing import Annotated

import typer

from sync.district.boot.session import Json, opened, show
from sync.district.config.words import words


def limits(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Which limit to set.")] = "",
    value: Annotated[int, typer.Argument(min=-1, help="The new value.")] = -1,
    as_json: Json = False,
) -> None:
    """Show what intake grants; with a name and a value, set one of them.

    desk_uploads, desk_bytes: open at once for one desk; stranger_uploads,
    stranger_bytes: for all that nobody signed together; bytes_per_hour: what a desk
    may use for scans, 0 for as much as it likes.
    """
    with opened(context) as district:
        uploads = district.sealed.uploads
        if name:
            uploads.set_limit(name, value)
        granted = asdict(uploads.limits())
        table = words("district")
        show(
            dict(granted),
            as_json=as_json,
            lines=[
                f"{each}  {value:,}  {table[f'limits.{each}']}"
                for each, value in granted.items()
            ],
        )


def add_to(app: typer.Typer) -> None:
    """Put these commands among the district's."""
    app.command("limits")(limits)
