"""The list of cases: search as you type over a fixed pool of rows."""

import flet as ft

from desk_app.components import kit
from desk_app.views.board import case_line
from desk_app.views.shell import Shell

_ROWS = 20


async def cases(shell: Shell) -> None:
    """Show the list."""
    words = shell.words
    rows = ft.Column(spacing=0)
    total = ft.Text("")
    state = {"page": 0}
    field = ft.TextField(label=words("cases.search"), autofocus=True)

    async def look() -> None:
        found = await shell.do(
            shell.desk.cases, field.value or "", page=state["page"], page_size=_ROWS
        )
        rows.controls = [case_line(shell, row) for row in found.rows] or [
            ft.Text(words("cases.empty"))
        ]
        total.value = words("cases.total", total=found.total)
        shell.page.update()

    async def turn(step: int) -> None:
        state["page"] = max(0, state["page"] + step)
        await look()

    async def typed() -> None:
        state["page"] = 0
        await look()

    field.on_change = lambda _: shell.act(typed)()
    shell.keys = {
        "Page Down": shell.act(lambda: turn(1)),
        "Page Up": shell.act(lambda: turn(-1)),
    }
    buttons = ft.Row(
        [
            kit.button(words("cases.previous"), shell.act(lambda: turn(-1))),
            kit.button(words("cases.next"), shell.act(lambda: turn(1))),
            total,
        ]
    )
    shell.show([kit.title(words("cases.title")), field, rows, buttons])
    await look()
