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


def lamp_words(deadline: DeadlineShown | None, words: Words) -> str:
    """Return what a lamp says; nothing where no legal day runs."""
    if deadline is None:
        return ""
    key = "deadline.overdue" if deadline.lamp == "overdue" else "deadline.left"
    key = "deadline.paused" if deadline.paused else key
    text = words(
        key,
        what=words(f"deadline.{deadline.what}"),
        day=deadline.day.isoformat(),
        left=abs(deadline.working_days_left),
    )
    return f"{text} {words('deadline.provisional')}" if deadline.provisional else text


class LampLine:
    """A lamp that can be lit for another deadline without being built again."""

    def __init__(self) -> None:
        self._mark = ft.Container(width=12, height=12, border_radius=6)
        self._text = ft.Text("", size=13, color=INK, expand=True)
        self.control = ft.Row([self._mark, self._text], spacing=6)

    def light(
        self, deadline: DeadlineShown | None, words: Words
    ) -> tuple[ft.Control, ...]:
        """Show a deadline (never by colour alone); returns what that changed."""
        color = _LAMPS[deadline.lamp] if deadline else None
        text = lamp_words(deadline, words)
        if (self._mark.bgcolor, self._text.value) == (color, text):
            return ()
        self._mark.bgcolor, self._text.value = color, text
        return (self._mark, self._text)


def lamp(deadline: DeadlineShown | None, words: Words) -> ft.Control:
    """A deadline as a coloured mark with its words."""
    if deadline is None:
        return ft.Text("")
    line = LampLine()
    line.light(deadline, words)
    return line.control
