"""The way to every screen, the sync lamp, and who is here: the window's top line."""

from collections.abc import Callable
from typing import Final

import flet as ft

from desk_app.services.shown import SyncStatus
from desk_app.text.spans import clock_off
from desk_app.text.words import Words

SCREENS: Final = (
    "board", "new", "cases", "people", "deliveries", "bags", "days", "figures", "sync",
    "resident", "help", "settings",
)  # fmt: skip
_WHITE: Final = "#FFFFFF"
Handler = Callable[[], object]


def lamp_says(words: Words, status: SyncStatus) -> str:
    """Return how the conversation stands: what waits before what went wrong.

    A clock that is off comes first: what is written down now is wrong by as much.
    """
    key = "sync.lamp_scans" if status.scans_waiting else "sync.lamp_ok"
    if status.quarantined:
        key = "sync.lamp_quarantined"
    key = "sync.lamp_waiting" if status.waiting else key
    key = key if status.enrolled else "sync.lamp_off"
    said = words(
        key, waiting=status.waiting, scans=status.scans_waiting,
        quarantined=status.quarantined,
    )  # fmt: skip
    if status.clock_off is None:
        return said
    return f"⚠ {clock_off(words, status.clock_off)}   {said}"


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
