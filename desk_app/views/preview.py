"""A document before it is paper: its pages, print, save, back."""

from collections.abc import Awaitable, Callable

import flet as ft

from desk_app.components import kit
from desk_app.printing.preview import pictures
from desk_app.views.paper import paper_buttons
from desk_app.views.shell import Shell


async def preview(
    shell: Shell, title: str, name: str, pdf: bytes, back: Callable[[], Awaitable[None]]
) -> None:
    """Show a made document; Esc goes back, F6 prints."""

    async def given() -> bytes:
        return pdf

    pages = await shell.do(pictures, pdf)
    buttons = paper_buttons(shell, name, given)
    shell.keys = {"Escape": shell.act(back), "F6": shell.print_handler(pdf, name)}
    shell.show(
        [
            kit.title(title),
            ft.Row([kit.button(shell.words("case.back"), shell.act(back)), *buttons]),
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
