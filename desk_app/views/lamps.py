"""Deadlines as lamps: a colour and its words, never colour alone."""

from typing import Final

import flet as ft

from desk_app.components.kit import GOOD, INK
from desk_app.services.shown import DeadlineShown, Lamp
from desk_app.text.words import Words

_LAMPS: Final[dict[Lamp, str]] = {
    "green": GOOD,
    "amber": "#B26A00",
    "red": "#B3261E",
    "overdue": "#7A0016",
    "none": "#7D8F9B",
}


def lamp(deadline: DeadlineShown | None, words: Words) -> ft.Control:
    """A deadline as a coloured mark with its words (never colour alone)."""
    if deadline is None:
        return ft.Text("")
    key = "deadline.overdue" if deadline.working_days_left < 0 else "deadline.left"
    key = "deadline.paused" if deadline.paused else key
    text = words(
        key,
        what=words(f"deadline.{deadline.what}"),
        day=deadline.day.isoformat(),
        left=abs(deadline.working_days_left),
    )
    if deadline.provisional:
        text += f" {words('deadline.provisional')}"
    color = _LAMPS[deadline.lamp]
    return ft.Row(
        [ft.Container(width=12, height=12, bgcolor=color, border_radius=6),
         ft.Text(text, size=13, color=INK, expand=True)],
        spacing=6,
    )  # fmt: skip
