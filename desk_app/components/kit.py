"""The kit: small pieces every screen is made of; callbacks out, nothing fetched."""

from collections.abc import Callable
from typing import Final

import flet as ft

from desk_app.services.shown import DeadlineShown, Lamp
from desk_app.text.words import Words

INK: Final = "#12283A"
SEA: Final = "#0B5C7A"
PALE: Final = "#EEF4F7"
WARN: Final = "#8A3B00"
WARN_PALE: Final = "#FFF3E6"
GOOD: Final = "#1B6B3A"
_LAMPS: Final[dict[Lamp, str]] = {
    "green": GOOD,
    "amber": "#B26A00",
    "red": "#B3261E",
    "overdue": "#7A0016",
    "none": "#7D8F9B",
}
Action = Callable[[], object]


def title(text: str) -> ft.Text:
    """A screen's or section's heading."""
    return ft.Text(text, size=22, weight=ft.FontWeight.W_600, color=INK)


def section(text: str, controls: list[ft.Control]) -> ft.Container:
    """A headed block of a page."""
    heading = ft.Text(text, size=17, weight=ft.FontWeight.W_600, color=SEA)
    return ft.Container(
        ft.Column([heading, *controls], spacing=10),
        padding=16,
        bgcolor="#FFFFFF",
        border_radius=8,
        border=ft.Border.all(1, "#C9D4DC"),
    )


def button(text: str, act: Action, *, primary: bool = False) -> ft.Control:
    """A button; the primary one is filled."""
    if primary:
        return ft.FilledButton(text, on_click=lambda _: act())
    return ft.OutlinedButton(text, on_click=lambda _: act())


def banner(number: int, words: tuple[str, str, str]) -> ft.Container:
    """A problem: its number, what it is, and what to do."""
    heading, cause, do = words
    return ft.Container(
        ft.Column(
            [
                ft.Text(f"[{number}] {heading}", size=16, color=WARN),
                ft.Text(f"{cause}{do}", size=14, color=INK),
            ],
            spacing=2,
        ),
        padding=12,
        bgcolor=WARN_PALE,
        border_radius=6,
    )


def card(number: int | str, label: str) -> ft.Container:
    """A figure with its label."""
    return ft.Container(
        ft.Column(
            [ft.Text(str(number), size=28, color=SEA), ft.Text(label, color=INK)],
            spacing=0,
        ),
        padding=16,
        bgcolor=PALE,
        border_radius=8,
        width=170,
    )


def lamp(deadline: DeadlineShown | None, words: Words) -> ft.Control:
    """A deadline as a coloured mark with its words (never colour alone)."""
    if deadline is None:
        return ft.Text("")
    key = "deadline.overdue" if deadline.working_days_left < 0 else "deadline.left"
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
         ft.Text(text, size=13, color=INK)],
        spacing=6,
    )  # fmt: skip
