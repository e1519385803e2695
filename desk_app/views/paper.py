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

    return [
        kit.button(words("new.save_pdf"), shell.act(save)),
        print_button(shell, words("new.print"), number, make),
    ]


def print_button(
    shell: Shell, label: str, name: str, make: Callable[[], Awaitable[bytes]]
) -> ft.Control:
    """Return the button that sends what `make` produces to the printer."""

    async def to_printer() -> None:
        await shell.do(print_pdf, await make(), name=name)
        shell.show_note(shell.words("new.printed"))

    return kit.button(label, shell.act(to_printer))
