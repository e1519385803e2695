"""The board: today's figures, what presses first, what the district said."""

import flet as ft

from desk_app.components import kit
from desk_app.services.shown import CaseRow
from desk_app.views import case
from desk_app.views.lamps import lamp
from desk_app.views.shell import Shell


def case_line(shell: Shell, row: CaseRow) -> ft.Control:
    """One case as a line that opens it."""
    words = shell.words
    mark = "" if row.synced else f"\n{words('case.not_synced')}"

    async def open_it() -> None:
        await case.show_case(shell, row.number)

    opens = ft.TextButton(
        ft.Text(row.number), width=300, on_click=lambda _: shell.act(open_it)()
    )
    state = f"{words(f'state.{row.state}')}{mark}"
    return ft.Row(
        [
            opens,
            ft.Text(row.applicant_name, width=170, max_lines=1),
            ft.Text(state, width=120, size=13),
            ft.Text(row.item_name, size=13, expand=True, max_lines=1),
            ft.Container(lamp(row.deadline, words), width=310),
        ],
        spacing=6,
    )


async def board(shell: Shell) -> None:
    """Show the board."""
    words = shell.words
    view = await shell.do(shell.desk.board)
    cards = ft.Row(
        [
            kit.card(view.today_received, words("board.today")),
            kit.card(view.sync.waiting, words("board.waiting")),
            kit.card(view.drafts, words("board.drafts")),
            kit.card(len(view.answered), words("board.answered")),
        ],
        wrap=True,
    )
    none: list[ft.Control] = [ft.Text(words("board.none"))]
    through = view.calendar_complete_through.isoformat()
    controls: list[ft.Control] = [kit.title(words("board.title")), cards]
    if not view.sync.enrolled:
        controls.append(ft.Text(words("board.not_enrolled"), color=kit.WARN, size=16))
    controls += [
        kit.section(
            words("board.due"), [case_line(shell, row) for row in view.due] or none
        ),
        kit.section(
            words("board.answered"),
            [case_line(shell, row) for row in view.answered] or none,
        ),
        ft.Text(words("board.calendar", day=through), size=12),
    ]
    shell.show(controls)
