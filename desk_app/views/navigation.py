"""The way to every screen, the sync lamp, and who is here: the window's top line."""

from collections.abc import Callable
from typing import Final

import flet as ft

from desk_app.text.words import Words

SCREENS: Final = (
    "board", "new", "cases", "people", "deliveries", "bags", "days", "figures", "sync",
    "resident", "help", "settings",
)  # fmt: skip
_WHITE: Final = "#FFFFFF"
Handler = Callable[[], object]


def navigation(
    words: Words, to: Callable[[str], Handler], lamp: ft.Text, name: str, lock: Handler
) -> ft.Control:
    """Return the line; it wraps where everything is shown large."""

    def link(key: str) -> ft.Control:
        text = ft.Text(words(f"nav.{key}"), color=_WHITE, size=16)
        return ft.TextButton(text, on_click=lambda _: to(key)())

    here = ft.TextButton(
        ft.Text(f"{name} · {words('app.lock')}", color=_WHITE),
        on_click=lambda _: lock(),
    )
    links = [link(key) for key in SCREENS]
    return ft.Row(
        [
            ft.Row([*links], wrap=True, spacing=2, run_spacing=0, expand=True),
            ft.Row([lamp, here], spacing=2),
        ],
        spacing=2,
    )
