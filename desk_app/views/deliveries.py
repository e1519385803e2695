"""Results to hand over, and whom to call."""

import flet as ft

from desk_app.components import kit
from desk_app.services import reading
from desk_app.services.shown import CaseRow
from desk_app.store.cases import CaseFilter
from desk_app.views import step_forms
from desk_app.views.board import case_line
from desk_app.views.shell import Shell
from schemas.casework import DECIDED

_LISTED = 60


async def deliveries(shell: Shell) -> None:
    """Show decided cases that were not delivered, with the telephone beside."""
    words = shell.words
    wanted = CaseFilter(states=tuple(sorted(DECIDED)))
    found = await shell.do(
        reading.list_cases, shell.desk.place, wanted, page=0, page_size=_LISTED
    )
    asked = CaseFilter(states=("correction_requested", "returned"))
    waiting = await shell.do(
        reading.list_cases, shell.desk.place, asked, page=0, page_size=_LISTED
    )
    none: list[ft.Control] = [ft.Text(words("board.none"))]
    shell.show(
        [
            kit.title(words("deliveries.title")),
            kit.section(
                words("deliveries.ready"),
                [_line(shell, row, "result_delivered") for row in found.rows] or none,
            ),
            kit.section(
                words("deliveries.to_call"),
                [_line(shell, row, None) for row in waiting.rows] or none,
            ),
        ],
        again=lambda: deliveries(shell),
    )


def _line(shell: Shell, row: CaseRow, step: str | None) -> ft.Control:
    words = shell.words

    async def back() -> None:
        await deliveries(shell)

    def button(kind: str) -> ft.Control:
        async def go() -> None:
            view = await shell.do(shell.desk.case, row.number)
            await step_forms.ask(shell, view, kind, back)

        return kit.button(words(f"event.{kind}"), shell.act(go))

    kinds = ["applicant_called", *([step] if step else [])]
    return ft.Column(
        [
            case_line(shell, row),
            ft.Row(
                [ft.Text(row.phone, size=16), *[button(kind) for kind in kinds]],
                wrap=True,
            ),
        ],
        spacing=0,
    )
