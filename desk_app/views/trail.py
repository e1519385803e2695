"""The audit trail: who did what, when; for supervisors, a page at a time."""

from typing import Final

import flet as ft

from desk_app.components import kit
from desk_app.services import access
from desk_app.store.audit import AuditLine
from desk_app.text.words import local_time
from desk_app.views.pages import page_keys
from desk_app.views.shell import Shell

_LINES: Final = 50


async def trail(shell: Shell) -> None:
    """Show the newest lines."""
    await _show(shell, [])


async def _show(shell: Shell, before: list[int]) -> None:
    """`before` holds the positions that the pages so far ended at."""
    words, place = shell.words, shell.desk.place
    end = before[-1] if before else None
    lines = await shell.do(access.trail, place, limit=_LINES, before=end)
    names = {r.operator_id: r.name for r in await shell.do(shell.desk.operators)}

    async def earlier() -> None:
        if len(lines) == _LINES:
            await _show(shell, [*before, lines[-1].position])

    async def later() -> None:
        if before:
            await _show(shell, before[:-1])

    shown = [_line(shell, line, names) for line in lines]
    shell.keys = {
        "Escape": shell.to("settings"),
        **page_keys(shell, before=later, after=earlier),
    }
    shell.hint("trail")
    shell.show(
        [
            kit.title(words("trail.title")),
            ft.Row(
                [
                    kit.button(words("case.back"), shell.keys["Escape"]),
                    kit.button(words("trail.later"), shell.act(later)),
                    kit.button(words("trail.earlier"), shell.act(earlier)),
                ]
            ),
            kit.section("", [*shown] or [ft.Text(words("find.none"))]),
        ]
    )


def _line(shell: Shell, line: AuditLine, names: dict[str, str]) -> ft.Control:
    words = shell.words
    who = names.get(line.operator or "", words("trail.system"))
    parts: list[ft.Control] = [
        ft.Text(str(line.position), size=13, width=70),
        ft.Text(local_time(line.at), size=13, width=130),
        ft.Text(who, size=13, width=120),
        ft.Text(words(f"trail.{line.what}"), size=13, width=150),
    ]
    subject = ft.Text(line.subject, size=13)
    if shell.frame.is_narrow:
        return ft.Column([ft.Row(parts, wrap=True), subject], spacing=0)
    subject.expand = True
    return ft.Row([*parts, subject])
