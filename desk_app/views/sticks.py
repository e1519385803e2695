"""Ways without a line on the line's screen: a stick out and back, a sheet of codes."""

from pathlib import Path

import flet as ft

from desk_app.components import kit
from desk_app.services import commands, paper_receipts, sticks
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
        done = await shell.do_long("works.stick_out", sticks.export, place, chosen())
        tell(
            [
                words(
                    "stick.exported",
                    batches=done.batches,
                    pieces=done.pieces,
                    size=done.size,
                )
            ]
        )

    async def take_back() -> None:
        done = await shell.do_long("works.stick_in", sticks.take_back, place, chosen())
        await shell.do(commands.carry_out, place, shell.desk.places)
        await shell.refresh_header()
        tell(sticks.imported_lines(done))

    shell.keys = {
        **shell.keys,
        "F6": shell.act(export),
        "F7": shell.act(take_back),
    }
    return kit.section(
        words("stick.title"),
        [
            ft.Text(words("stick.hint"), size=13),
            folder,
            ft.Row(
                [
                    kit.button(words("stick.export"), shell.keys["F6"]),
                    kit.button(words("stick.import"), shell.keys["F7"]),
                ]
            ),
            said,
        ],
    )


def paper_section(shell: Shell) -> ft.Control:
    """Return the section for receipts on paper: a field that a scanner types into."""
    words = shell.words
    codes = ft.TextField(
        label=words("paper.codes"), multiline=True, min_lines=3, max_lines=8
    )
    said = ft.Text("", size=15)

    async def take() -> None:
        done = await shell.do(
            paper_receipts.take_sheet,
            shell.desk.place,
            (codes.value or "").splitlines(),
        )
        codes.value = ""
        said.value = words("paper.taken", released=done.released, known=done.known)
        if done.further:
            said.value += "  " + words("paper.further", further=done.further)
        await shell.refresh_header()

    async def clear() -> None:
        codes.value = said.value = ""
        shell.page.update()

    shell.keys = {**shell.keys, "F8": shell.act(take)}
    return kit.section(
        words("paper.title"),
        [
            ft.Text(words("paper.hint"), size=13),
            codes,
            ft.Row(
                [
                    kit.button(words("paper.take"), shell.keys["F8"]),
                    kit.button(words("paper.clear"), shell.act(clear)),
                ]
            ),
            said,
        ],
    )
