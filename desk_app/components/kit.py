"""The kit: small pieces every screen is made of; callbacks out, nothing fetched."""

import asyncio
import contextlib
import itertools
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, cast

import flet as ft
from pydantic import JsonValue

INK: Final = "#12283A"
SEA: Final = "#0B5C7A"
PALE: Final = "#EEF4F7"
WARN: Final = "#8A3B00"
WARN_PALE: Final = "#FFF3E6"
GOOD: Final = "#1B6B3A"
Action = Callable[[], object]
Button = ft.FilledButton | ft.OutlinedButton
# Seconds that the window may take to say that a control has the keyboard.
_ANSWER_S: Final = 2.0
# How often a button is asked to take the keyboard, and how long it may take to say so.
_ASKED_AT_MOST: Final = 5
_SAYS_SO_S: Final = 0.2


def title(text: str) -> ft.Text:
    """A screen's or section's heading."""
    return ft.Text(text, size=22, weight=ft.FontWeight.W_600, color=INK)


def section(text: str, controls: list[ft.Control]) -> ft.Container:
    """A headed block of a page."""
    heading = ft.Text(text, size=17, weight=ft.FontWeight.W_600, color=SEA)
    return ft.Container(
        ft.Column(
            [heading, *controls],
            spacing=10,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=16,
        bgcolor="#FFFFFF",
        border_radius=8,
        border=ft.Border.all(1, "#C9D4DC"),
    )


def button(text: str, act: Action, *, primary: bool = False) -> Button:
    """A button; the primary one is filled."""
    if primary:
        return ft.FilledButton(text, on_click=lambda _: act())
    return ft.OutlinedButton(text, on_click=lambda _: act())


def link(text: str, act: Action) -> ft.Control:
    """A line that opens something, at the left where the eye looks for it."""
    return ft.Row([ft.TextButton(text, on_click=lambda _: act())], wrap=True)


def beside(
    first: ft.Text | ft.Column, rest: list[ft.Control], *, narrow: bool
) -> ft.Control:
    """What is long, with what belongs to it: beside it, or below where it is narrow."""
    if narrow:
        return ft.Column([first, ft.Row(rest, wrap=True)], spacing=4)
    first.expand = True
    return ft.Row([first, *rest])


def place(key: str) -> ft.Control:
    """A place that the screen can be rolled to; it stands before what is there.

    Not the key of that itself: the toolkit makes what bears one anew whenever anything
    around it changes, and who was typing in it would lose the keyboard.
    """
    return ft.Container(key=ft.ScrollKey(key), height=0)


def line_button(text: str, act: Action, *, width: int | None = None) -> ft.TextButton:
    """A line of a list: its words at the left, and it takes the keyboard."""
    left = ft.ButtonStyle(
        alignment=ft.Alignment.CENTER_LEFT,
        padding=ft.Padding.symmetric(horizontal=8, vertical=4),
    )
    return ft.TextButton(
        ft.Text(text, size=15), width=width, style=left, on_click=lambda _: act()
    )


def progress(text: str, stop_text: str, stop: Action) -> ft.Control:
    """Something long under way, and the way to stop it."""
    return ft.Row(
        [
            ft.ProgressRing(width=18, height=18),
            ft.Text(text, size=15, expand=True),
            button(stop_text, stop),
        ]
    )


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


def refresh(control: ft.Control) -> None:
    """Show what changed in a control; nothing where the page has gone on."""
    with contextlib.suppress(RuntimeError):
        control.update()


def refresh_all(controls: Sequence[ft.Control]) -> None:
    """Show what changed in several controls at once."""
    with contextlib.suppress(RuntimeError):
        if controls:
            controls[0].page.update(*controls)


async def focus(control: ft.FormFieldControl | ft.TextButton | Button) -> None:
    """Give the keyboard to a control (the toolkit's own method has no types).

    A control that left the page meanwhile never answers, and nothing waits for it.
    """
    if not isinstance(control, ft.FormFieldControl):
        await _focus_button(control)
        return
    asked = cast("Callable[[], Awaitable[None]]", control.focus)()
    with contextlib.suppress(TimeoutError, RuntimeError):
        await asyncio.wait_for(asked, _ANSWER_S)


def enter_goes_on(fields: Sequence[ft.TextField], act: Action) -> None:
    """Let Enter go from each field to the next, and from the last one act."""

    def onward(field: ft.TextField) -> "ft.ControlEventHandler[ft.TextField]":
        async def go_on(_: object) -> None:
            await focus(field)

        return go_on

    for each, following in itertools.pairwise(fields):
        each.on_submit = onward(following)
    fields[-1].on_submit = lambda _: act()


async def _focus_button(button: ft.TextButton | Button) -> None:
    """Ask until the button says that it has the keyboard.

    A field of the screen before, when it is taken away, takes the keyboard with it,
    and it may be taken away after the button has asked.
    """
    has_it = asyncio.Event()
    button.on_focus = lambda _: has_it.set()
    ask = cast("Callable[[], Awaitable[None]]", button.focus)
    with contextlib.suppress(TimeoutError, RuntimeError):
        button.update()
        for _ in range(_ASKED_AT_MOST):
            await asyncio.wait_for(ask(), _ANSWER_S)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(has_it.wait(), _SAYS_SO_S)
            if has_it.is_set():
                return


def plain(value: JsonValue) -> str:
    """Return an answer as people read it; no brackets, no quotes."""
    if isinstance(value, bool):
        return "\u2713" if value else "\u2014"
    if isinstance(value, list):
        many = any(isinstance(each, dict) for each in value)
        return ("\n" if many else "\u3001").join(map(plain, value))
    if isinstance(value, dict):
        if "as_given" in value:
            return str(value["as_given"])
        return "  ".join(f"{name} {plain(each)}" for name, each in value.items())
    return "" if value is None else str(value)
