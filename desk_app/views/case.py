"""One case: where it stands, what may be done now, its papers, scans, time line, data.

A digit takes the step that bears it, a letter makes the document that bears it; there
is no field on this page that they could be typed into.
"""

import string
from collections.abc import Awaitable, Callable
from typing import Final

import flet as ft

from desk_app.components import kit
from desk_app.services import papers
from desk_app.services.shown import CaseView
from desk_app.text.words import Words
from desk_app.views import case_parts as parts
from desk_app.views import step_forms
from desk_app.views.form import FormPage
from desk_app.views.preview import preview
from desk_app.views.scans import scans
from desk_app.views.shell import Shell

_DIGITS: Final = "1234567890"
_CORRECTIONS: Final = {"case_resubmitted", "corrected_on_spot"}


async def show_case(shell: Shell, number: str) -> None:
    """Show one case."""
    view = await shell.do(shell.desk.case, number)
    kinds = await shell.do(papers.available, shell.desk.place, number)
    shell.keys = {"Escape": shell.to("cases")}
    shell.hint("case")
    shell.show(
        [
            *parts.standing(shell, view),
            _steps(shell, view),
            _papers(shell, view, kinds),
            parts.answers(shell, view),
            parts.timeline(shell, view),
            parts.materials(shell, view, _scan_button(shell, view)),
            parts.answers_given(shell, view),
            *await parts.ending(shell, view),
        ],
        again=lambda: show_case(shell, number),
    )


def _back(shell: Shell, view: CaseView) -> Callable[[], Awaitable[None]]:
    async def back() -> None:
        await show_case(shell, view.row.number)

    return back


def _steps(shell: Shell, view: CaseView) -> ft.Control:
    words, back = shell.words, _back(shell, view)
    choices: list[tuple[str, Callable[[], Awaitable[None]]]] = []
    if _CORRECTIONS & set(view.allowed):
        resubmit = "case_resubmitted" in view.allowed
        key = "case.correct" if resubmit else "event.corrected_on_spot"
        choices.append((words(key), _corrector(shell, view, on_spot=not resubmit)))
    for kind in view.allowed:
        if kind in step_forms.ASKS:

            async def go(kind: str = kind) -> None:
                await step_forms.ask(shell, view, kind, back)

            choices.append((words(f"event.{kind}"), go))
    buttons = []
    for digit, (label, verb) in zip(_DIGITS, choices, strict=False):
        act = shell.act(verb)
        shell.keys[digit] = shell.keys[f"Numpad {digit}"] = act
        buttons.append(kit.button(f"{digit} {label}", act))
    buttons += [
        kit.button(label, shell.act(verb)) for label, verb in choices[len(_DIGITS) :]
    ]
    buttons.append(kit.button(words("case.back"), shell.to("cases")))
    return kit.section(words("case.steps"), [ft.Row([*buttons], wrap=True)])


def _corrector(
    shell: Shell, view: CaseView, *, on_spot: bool
) -> Callable[[], Awaitable[None]]:
    async def correct() -> None:
        draft = await shell.do(shell.desk.correction_draft, view.row.number)
        await FormPage(shell, draft, on_spot=on_spot).show()

    return correct


def _papers(shell: Shell, view: CaseView, kinds: tuple[str, ...]) -> ft.Control:
    number, printed, back = view.row.number, Words("print"), _back(shell, view)
    buttons = []
    for letter, kind in zip(string.ascii_uppercase, kinds, strict=False):

        async def go(kind: str = kind) -> None:
            pdf = await shell.do(papers.document, shell.desk.place, kind, number)
            title = printed(f"{kind}.title")
            await preview(shell, title, f"{number}-{kind}", pdf, back)

        act = shell.act(go)
        shell.keys[letter] = act
        buttons.append(kit.button(f"{letter} {printed(f'{kind}.title')}", act))
    return kit.section(shell.words("case.papers"), [ft.Row([*buttons], wrap=True)])


def _scan_button(shell: Shell, view: CaseView) -> ft.Control:
    row, back = view.row, _back(shell, view)

    async def go() -> None:
        await scans(shell, row.number, row.item_code, back)

    act = shell.act(go)
    shell.keys["F6"] = act
    return ft.Row([kit.button(shell.words("new.scan"), act)])
