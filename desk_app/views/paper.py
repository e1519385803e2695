"""Paper buttons: save a document's PDF, or send it to the printer."""

from collections.abc import Awaitable, Callable

import flet as ft

from desk_app.components import kit
from desk_app.printing.printer import print_pdf, save_pdf
from desk_app.views.shell import Shell


def paper_buttons(
    shell: Shell, number: str, make: Callable[[], Awaitable[bytes]]
) -> list[ft.Control]:
    """Return the buttons for a document that `make` produces."""
    words = shell.words

    async def save() -> None:
        path = await shell.do(save_pdf, shell.desk.exports, number, await make())
        shell.show_note(words("new.pdf_saved", file=str(path)))

    async def to_printer() -> None:
        await shell.do(print_pdf, await make(), name=number)

    return [
        kit.button(words("new.save_pdf"), shell.act(save)),
        kit.button(words("new.print"), shell.act(to_printer)),
    ]
