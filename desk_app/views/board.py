"""The board: today's figures, what presses first, what the district said."""

import flet as ft

from desk_app.components import kit
from desk_app.services import recounting
from desk_app.services.shown import Board, CaseRow
from desk_app.text.spans import clock_off
from desk_app.text.words import local_time
from desk_app.views import continuity
from desk_app.views.lamps import lamp
from desk_app.views.notices import notices_section
from desk_app.views.shell import Shell

# As many days as one line holds; the oldest are on their own screen.
_DAYS = 6


def case_line(
    shell: Shell, row: CaseRow, *, opens: ft.TextButton | None = None
) -> ft.Control:
    """One case as a line that opens it; it takes two lines where there is no room."""
    words = shell.words
    mark = "" if row.synced else f" · {words('case.not_synced_short')}"
    opens = opens or case_button(shell, row)
    state = f"{words(f'state.{row.state}')}{mark}"
    item = f"{row.item_name}  {row.vessel}".rstrip()
    spans = (6.5, 5.5, 6.5, 5.5) if shell.frame.is_narrow else (3, 2.6, 3, 3.4)
    return ft.ResponsiveRow(
        [
            ft.Container(opens, col=spans[0]),
            ft.Container(
                ft.Column(
                    [ft.Text(row.applicant_name, size=15, max_lines=1),
                     ft.Text(state, size=13, color=kit.SEA)],
                    spacing=0,
                ),
                col=spans[1],
            ),
            ft.Text(item, size=13, max_lines=2, col=spans[2]),
            ft.Container(lamp(row.deadline, words), col=spans[3]),
        ],
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
        spacing=6,
        run_spacing=0,
    )  # fmt: skip


def case_button(shell: Shell, row: CaseRow) -> ft.TextButton:
    """The number of a case as what opens it."""

    async def open_it() -> None:
        await shell.open_case(row.number)

    return kit.line_button(row.number, shell.act(open_it))


async def board(shell: Shell) -> None:
    """Show the board; the keyboard is on the case that presses most."""
    words = shell.words
    view = await shell.do(shell.desk.board)
    buttons = [case_button(shell, row) for row in view.due]
    due = [
        case_line(shell, row, opens=button)
        for row, button in zip(view.due, buttons, strict=True)
    ]
    answered = [case_line(shell, row) for row in view.answered]
    none: list[ft.Control] = [ft.Text(words("board.none"))]
    through = view.calendar_complete_through.isoformat()
    shell.keys = {"F7": shell.to("backup"), "F8": shell.to("days")}
    shell.hint("board")
    shell.show(
        [
            kit.title(words("board.title")),
            _cards(shell, view),
            *_warnings(shell, view),
            *await notices_section(shell),
            *await continuity.warnings(shell),
            *await _recounting(shell),
            kit.section(words("board.due"), due or none),
            kit.section(words("board.answered"), answered or none),
            ft.Text(words("board.calendar", day=through), size=12),
        ],
        again=lambda: board(shell),
    )
    if buttons:
        await kit.focus(buttons[0])
        # The keyboard brings its line into sight; what the district says stands above.
        await shell.frame.rolling.to_top()


async def _recounting(shell: Shell) -> list[ft.Control]:
    """Say that the order below is an older catalogue's, where somebody stopped it."""
    owed = await shell.do(recounting.owed, shell.desk.place)
    if not owed or shell.rounds.is_counting:
        return []
    said = shell.words("works.recount_owed", count=owed)
    on = kit.button(shell.words("works.recount_on"), shell.act(shell.rounds.recount))
    return [ft.Row([ft.Text(said, color=kit.WARN, size=16, expand=True), on])]


def _cards(shell: Shell, view: Board) -> ft.Control:
    words = shell.words
    return ft.Row(
        [
            kit.card(view.today_received, words("board.today")),
            kit.card(view.sync.waiting, words("board.waiting")),
            kit.card(view.drafts, words("board.drafts")),
            kit.card(len(view.answered), words("board.answered")),
        ],
        wrap=True,
    )


def _warnings(shell: Shell, view: Board) -> list[ft.Control]:
    """What is always said: not enrolled, what waits and since when."""
    words, said = shell.words, []
    if view.sync.clock_off is not None:
        off = clock_off(words, view.sync.clock_off)
        said.append(words("clock.told", off=off))
    if not view.sync.enrolled:
        said.append(words("board.not_enrolled"))
    if view.sync.oldest_waiting_at:
        time = local_time(view.sync.oldest_waiting_at)
        said.append(words("board.oldest", count=view.sync.waiting, time=time))
    if view.sync.quarantined:
        said.append(words("board.quarantined", count=view.sync.quarantined))
    owed = view.days
    for key, found in (
        ("unclosed", owed.unclosed),
        ("waiting", owed.waiting),
        ("differing", owed.differing),
    ):
        if found:
            listed = "  ".join(found[-_DAYS:])
            said.append(words(f"board.days_{key}", days=listed))
    if not owed.counted:
        said.append(words("board.days_counting"))
    return [ft.Text(each, color=kit.WARN, size=16) for each in said]
