"""A document before it is paper: its pages, print, save, back."""

from collections.abc import Awaitable, Callable

import flet as ft

from desk_app.components import kit
from desk_app.printing.preview import pictures
from desk_app.views.paper import print_pdf_of, save_pdf_of
from desk_app.views.shell import Shell


async def preview(
    shell: Shell, title: str, name: str, pdf: bytes, back: Callable[[], Awaitable[None]]
) -> None:
    """Show a made document; Esc goes back, F6 prints, F7 saves."""

    async def save() -> None:
        await save_pdf_of(shell, name, pdf)

    async def to_printer() -> None:
        await print_pdf_of(shell, name, pdf)

    pages = await shell.do(pictures, pdf)
    steps = (
        ("Escape", "case.back", back),
        ("F6", "preview.print", to_printer),
        ("F7", "preview.save", save),
    )
    shell.keys = {key: shell.act(verb) for key, _, verb in steps}
    shell.hint("preview")
    shell.show(
        [
            kit.title(title),
            ft.Row(
                [
                    kit.button(shell.words(word), shell.keys[key])
                    for key, word, _ in steps
                ]
            ),
            *[
                ft.Container(
                    ft.Image(src=page, fit=ft.BoxFit.CONTAIN, width=840),
                    border=ft.Border.all(1, "#C9D4DC"),
                    bgcolor="#FFFFFF",
                )
                for page in pages
            ],
        ]
    )
