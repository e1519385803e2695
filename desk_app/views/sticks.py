"""Sticks on the line's screen: one path, out and back, and what became of it."""

from pathlib import Path

import flet as ft

from desk_app.components import kit
from desk_app.services import sticks
from desk_app.views.shell import Shell
from schemas.problems import Code, Problem


async def stick_section(shell: Shell) -> ft.Control:
    """Return the section: folder, two buttons, what happened last."""
    words, place = shell.words, shell.desk.place
    folder = ft.TextField(
        label=words("stick.folder"), value=await shell.do(sticks.last_folder, place)
    )
    said = ft.Column(spacing=4)

    def chosen() -> Path:
        text = (folder.value or "").strip()
        if not text:
            raise Problem(Code.STICK_NOT_FOUND, folder="-")
        return Path(text)

    def tell(lines: list[str]) -> None:
        said.controls = [ft.Text(line, size=15, selectable=True) for line in lines]
        shell.page.update()

    async def export() -> None:
        done = await shell.do(sticks.export, place, chosen())
        tell([words("stick.exported", batches=done.batches, size=done.size)])

    async def take_back() -> None:
        done = await shell.do(sticks.take_back, place, chosen())
        await shell.refresh_header()
        tell(sticks.imported_lines(done))

    return kit.section(
        words("stick.title"),
        [
            ft.Text(words("stick.hint"), size=13),
            folder,
            ft.Row(
                [
                    kit.button(words("stick.export"), shell.act(export)),
                    kit.button(words("stick.import"), shell.act(take_back)),
                ]
            ),
            said,
        ],
    )
