"""The audit trail: who did what, when; for supervisors."""

import flet as ft

from desk_app.components import kit
from desk_app.services import access
from desk_app.text.words import local_time
from desk_app.views.shell import Shell

_LINES = 100


async def trail(shell: Shell) -> None:
    """Show the newest lines."""
    words = shell.words
    lines = await shell.do(access.trail, shell.desk.place, limit=_LINES)
    names = {r.operator_id: r.name for r in await shell.do(shell.desk.operators)}
    shown = [
        ft.Text(
            f"{line.position}  {local_time(line.at)}  "
            f"{names.get(line.operator or '', words('trail.system'))}  "
            f"{words(f'trail.{line.what}')}  {line.subject}",
            size=13,
        )
        for line in lines
    ]
    shell.keys = {"Escape": shell.to("settings")}
    shell.show([kit.title(words("trail.title")), kit.section("", [*shown])])
