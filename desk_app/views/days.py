"""Days (日结): which are open, close them, what the district says, the statement."""

import flet as ft

from desk_app.components import kit
from desk_app.services import close_day, day_paper, days
from desk_app.services.days import DayRow, DayView
from desk_app.text.words import Words, local_time
from desk_app.views.preview import preview
from desk_app.views.shell import Shell

_COLORS = {
    "open": kit.INK,
    "reopened": kit.WARN,
    "closed": kit.SEA,
    "differs": kit.WARN,
    "agreed": kit.GOOD,
}
_PLACES = 60


async def list_of_days(shell: Shell) -> None:
    """Show the latest days; F8 closes today, a line opens a day."""
    words, place = shell.words, shell.desk.place
    rows = await shell.do(days.list_days, place)
    today = shell.today()

    async def close_today() -> None:
        await _close(shell, today)

    shell.keys = {"F8": shell.act(close_today), "Escape": shell.to("board")}
    shell.hint("days")
    buttons = [kit.line_button(row.day, _opens(shell, row.day)) for row in rows]
    lines = [
        _line(row, button, words) for row, button in zip(rows, buttons, strict=True)
    ]
    shell.show(
        [
            kit.title(words("days.title")),
            ft.Text(words("days.hint"), size=14),
            ft.Row(
                [kit.button(words("days.close_today"), shell.keys["F8"], primary=True)]
            ),
            kit.section(words("days.list"), lines),
        ]
    )
    if buttons:
        await kit.focus(buttons[0])


def _opens(shell: Shell, day: str) -> kit.Action:
    async def open_it() -> None:
        await show_day(shell, day)

    return shell.act(open_it)


def _line(row: DayRow, button: ft.TextButton, words: Words) -> ft.Control:
    state = words(f"days.state_{row.state}")
    if row.state == "closed":
        state = words("days.state_sent" if row.sent else "days.state_closed")
    late = words("days.late", count=row.late) if row.late else ""
    closed = f"{local_time(row.closed_at)}  {row.closed_by}" if row.closed_at else ""
    return ft.ResponsiveRow(
        [
            ft.Container(button, col=2.5),
            ft.Text(words("days.entries", count=row.entries), size=14, col=2),
            ft.Text(
                f"{state}  {late}".rstrip(), size=15, col=4.5, color=_COLORS[row.state]
            ),
            ft.Text(closed, size=13, col=3),
        ],
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


async def _close(shell: Shell, day: str) -> None:
    closed = await shell.do(close_day.close_day, shell.desk.place, day)
    await show_day(shell, day)
    shell.show_note(
        shell.words(
            "days.closed_line",
            day=day,
            version=closed.statement.version,
            entries=closed.statement.entries.count,
        )
    )


async def show_day(shell: Shell, day: str) -> None:
    """Show one day: its statement, what differs, who signed."""
    words, place = shell.words, shell.desk.place
    view = await shell.do(days.view_day, place, day)
    edition = shell.desk.edition()

    async def close() -> None:
        await _close(shell, day)

    async def to_paper() -> None:
        pdf = await shell.do(day_paper.day_statement, place, day)
        name = f"{day}-{view.row.version}"

        async def back() -> None:
            await show_day(shell, day)

        await preview(shell, words("days.title_of", day=day), name, pdf, back)

    shell.keys = {
        "Escape": shell.to("days"),
        "F6": shell.act(to_paper),
        "F8": shell.act(close),
    }
    shell.hint("day")
    buttons: list[ft.Control] = [
        kit.button(words("case.back"), shell.keys["Escape"]),
    ]
    if view.closings:
        buttons.append(kit.button(words("days.print"), shell.keys["F6"]))
    may_close = view.row.state in {"open", "reopened"}
    first: kit.Button | None = None
    if may_close:
        label = words("days.close" if not view.closings else "days.again", day=day)
        first = kit.button(label, shell.keys["F8"], primary=True)
        buttons.append(first)
    statement = view.statement
    shell.show(
        [
            kit.title(words("days.title_of", day=day)),
            *_standing(view, words),
            ft.Row(buttons, wrap=True),
            _section(
                words("days.items"), day_paper.item_lines(statement, edition, words),
                words("days.nothing"),
            ),
            _section(
                words("days.numbers"),
                (
                    *day_paper.serial_lines(statement, words),
                    *day_paper.gap_lines(statement, words),
                ),
                words("days.nothing"),
            ),
            kit.section(words("days.signs"), _signs(view, words)),
        ]
    )  # fmt: skip
    if first is not None:
        await kit.focus(first)


def _section(
    heading: str, lines: tuple[tuple[str, ...], ...], nothing: str
) -> ft.Control:
    shown: list[ft.Control] = [
        ft.ResponsiveRow([ft.Text(cell, size=14, col=12 / len(line)) for cell in line])
        for line in lines
    ]
    return kit.section(heading, shown or [ft.Text(nothing, size=14)])


def _standing(view: DayView, words: Words) -> list[ft.Control]:
    """Say how the day stands, what differs, and what is to be done."""
    row = view.row
    state = "asking" if view.asking else row.state
    key = f"days.told_{'sent' if state == 'closed' and row.sent else state}"
    shown: list[ft.Control] = [
        ft.Text(
            words(key, late=row.late, version=row.version), size=16,
            color=_COLORS[row.state],
        )
    ]  # fmt: skip
    if view.differences:
        lines = tuple(
            day_paper.difference_line(each, words)
            for each in view.differences[:_PLACES]
        )
        shown.append(_section(words("days.differences"), lines, ""))
        if len(view.differences) > _PLACES:
            more = len(view.differences) - _PLACES
            shown.append(ft.Text(words("days.more", count=more), size=14))
    return shown


def _signs(view: DayView, words: Words) -> list[ft.Control]:
    statement = view.statement
    shown: list[ft.Control] = [
        ft.Text(
            words("days.tally", count=statement.entries.count,
                  size=statement.entries.size),
            size=14,
        ),
        ft.Text(words("days.root", root=statement.root), size=13, selectable=True),
    ]  # fmt: skip
    for closed in view.closings:
        place = closed.statement.before
        mark = words("days.clerk_mark", epoch=place.epoch, sequence=place.sequence)
        shown.append(
            ft.Text(
                f"v{closed.statement.version}  {local_time(closed.closed_at)}  "
                f"{closed.operator_name}  {mark}",
                size=14,
            )
        )
    agreement = view.agreement
    if agreement is not None and view.agreement_genuine:
        said = words(
            "days.district_mark",
            time=local_time(agreement.agreed_at),
            key=agreement.answers_key,
            exceptions=len(agreement.exceptions),
        )
        shown.append(ft.Text(said, size=14, color=kit.GOOD, selectable=True))
        shown += [
            ft.Text(
                f"{each.difference.epoch}.{each.difference.sequence}  "
                f"{each.ruling}  {each.ruled_by}",
                size=14,
            )
            for each in agreement.exceptions
        ]
    elif agreement is not None:
        shown.append(ft.Text(words("days.not_genuine"), size=14, color=kit.WARN))
    else:
        shown.append(ft.Text(words("days.no_mark"), size=14))
    return shown
