"""Entries in quarantine on the line's screen: each with its reason and two ways on."""

import flet as ft

from desk_app.components import kit
from desk_app.services import quarantining
from desk_app.store.quarantine import Quarantined
from desk_app.text.words import local_time, number_words
from desk_app.views.shell import Shell


async def quarantine_section(shell: Shell) -> ft.Control | None:
    """Return the section, or None where nothing is in quarantine."""
    tasks = await shell.do(quarantining.tasks, shell.desk.place)
    if not tasks:
        return None
    words = shell.words
    note = ft.TextField(label=words("quarantine.note"))
    rows: list[ft.Control] = [ft.Text(words("quarantine.hint"), size=13)]
    rows.extend(_row(shell, task, note) for task in tasks)
    return kit.section(words("quarantine.title"), [*rows, note])


def _row(shell: Shell, task: Quarantined, note: ft.TextField) -> ft.Control:
    words, place = shell.words, shell.desk.place
    title, _, do = number_words(task.problem)

    async def retry() -> None:
        await shell.do(quarantining.retry, place, task.epoch, task.sequence)
        await shell.go("sync")

    def _settle() -> None:
        quarantining.settle(place, task.epoch, task.sequence, note=note.value or "")

    async def settle() -> None:
        await shell.do(_settle)
        await shell.go("sync")

    line = words(
        "quarantine.line", epoch=task.epoch, sequence=task.sequence, code=task.problem,
        title=title, state=words(f"quarantine.{task.state}"),
        time=local_time(quarantining.found(task)),
    )  # fmt: skip
    buttons: list[ft.Control] = [
        kit.button(words("quarantine.settle"), shell.act(settle))
    ]
    if quarantining.may_retry(task):
        buttons.insert(0, kit.button(words("quarantine.retry"), shell.act(retry)))
    return ft.Column(
        [
            ft.Text(line, size=15, selectable=True),
            ft.Text(do, size=13),
            ft.Row(buttons),
        ],
        spacing=4,
    )
