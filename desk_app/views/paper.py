"""A document leaves the program: saved as PDF, or sent to the printer."""

from collections.abc import Awaitable, Callable

import flet as ft

from desk_app.components import kit
from desk_app.printing.printer import print_pdf, save_pdf
from desk_app.views.shell import Shell


async def save_pdf_of(shell: Shell, name: str, pdf: bytes) -> None:
    """Save a document where exports go, and say where that is."""
    path = await shell.do(save_pdf, shell.desk.exports, name, pdf)
    shell.show_note(shell.words("new.pdf_saved", file=str(path)))


async def print_pdf_of(shell: Shell, name: str, pdf: bytes) -> None:
    """Send a document to the printer."""
    await shell.do(print_pdf, pdf, name=name)
    shell.show_note(shell.words("new.printed"))


def print_button(
    shell: Shell, label: str, name: str, make: Callable[[], Awaitable[bytes]]
) -> ft.Control:
    """Return the button that sends what `make` produces to the printer."""

    async def to_printer() -> None:
        await print_pdf_of(shell, name, await make())

    return kit.button(label, shell.act(to_printer))
