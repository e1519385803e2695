"""The resident's screen: large type; read back, sign, rate, look one own case up.

It shows nothing but what the person in front of it may see, and the menu is hidden
until the clerk's passphrase is given.
"""

import asyncio
from collections.abc import Awaitable, Callable

import flet as ft
from pydantic import JsonValue

from desk_app.components import kit
from desk_app.components.signing_pad import SigningPad
from desk_app.services import attaching, drafting, resident, steps
from desk_app.services.shown import Draft
from desk_app.text.words import Words, local_time
from desk_app.views.shell import Shell
from schemas.problems import Code, Problem

BIG = 26
_OWN = "own"
_DRAWN_S = 0.2
Back = Callable[[], Awaitable[None]]


async def welcome(shell: Shell) -> None:
    """The start: look a case up, or rate one."""
    words = shell.words
    number = ft.TextField(
        label=words("resident.number"), text_size=BIG, autofocus=True, dense=False
    )
    tail = ft.TextField(label=words("resident.tail"), text_size=BIG, max_length=4)
    shown = ft.Column(spacing=10, key=ft.ScrollKey(_OWN))

    async def look() -> None:
        shown.controls = []
        try:
            found = await shell.do(
                resident.look_up, shell.desk.place, number.value or "", tail.value or ""
            )
        except Problem:
            number.value = tail.value = ""
            shell.page.update()
            raise
        number.value = tail.value = ""
        shown.controls = [*_own(shell, found)]
        shell.page.update()
        # Below the fields where all is large: nobody there knows that it can be rolled.
        # What has not been drawn yet has no place to roll to.
        await asyncio.sleep(_DRAWN_S)
        await shell.frame.rolling.to(_OWN)

    async def onward() -> None:
        if (number.value or "").startswith("IDS1|"):
            await look()
        else:
            await kit.focus(tail)

    number.on_submit = lambda _: shell.act(onward)()
    tail.on_submit = lambda _: shell.act(look)()
    shell.for_resident(on=True)
    shell.keys = {"Escape": shell.act(leave(shell))}
    shell.show(
        [
            ft.Text(words("resident.title"), size=36, color=kit.SEA),
            ft.Text(words("resident.hint"), size=20),
            number,
            tail,
            ft.FilledButton(
                ft.Text(words("resident.look"), size=BIG),
                on_click=lambda _: shell.act(look)(),
            ),
            shown,
            ft.TextButton(
                words("resident.leave"), on_click=lambda _: shell.act(leave(shell))()
            ),
        ]
    )
    await kit.focus(number)


def _own(shell: Shell, found: resident.OwnCase) -> list[ft.Control]:
    words = shell.words
    lines = [
        found.number,
        found.item,
        words("resident.state", state=words(f"state.{found.state}")),
        words("resident.received", time=local_time(found.received_at)),
    ]
    if found.official_number:
        lines.append(words("case.official", number=found.official_number))
    if found.next_day:
        lines.append(words("resident.next", day=found.next_day))
    if found.licence:
        lines.append(words("case.licence", text=found.licence))
    lines += [words("case.missing", text=each) for each in found.asked_for]

    def rate(stars: int) -> ft.Control:
        async def go() -> None:
            await shell.do(steps.rate_case, shell.desk.place, found.number, stars=stars)
            shell.show_note(words("resident.thanks"))

        return ft.OutlinedButton(
            ft.Text(words(f"choice.{stars}"), size=20),
            on_click=lambda _: shell.act(go)(),
        )

    return [
        *[ft.Text(line, size=BIG) for line in lines],
        ft.Text(words("resident.rate"), size=20),
        ft.Row([rate(stars) for stars in (5, 4, 3, 2, 1)], wrap=True),
    ]


def leave(shell: Shell) -> Callable[[], Awaitable[None]]:
    """Return the way back: the clerk's passphrase, as after a lock."""

    async def go() -> None:
        shell.for_resident(on=False)
        shell.lock()

    return go


async def read_back(shell: Shell, draft: Draft, back: Back) -> None:
    """Let the applicant read what was entered, confirm, and sign."""
    words = shell.words
    edition = shell.desk.edition()
    item = edition.item(draft.item_code)
    labels = {f.name: f.label for f in edition.form_fields(item)} if item else {}
    lines = _applicant_lines(words, draft)
    lines += [
        (labels.get(name, name), _aloud(words, value))
        for name, value in draft.form.items()
        if value not in (None, "")
    ]
    pad = SigningPad()
    witness = ft.TextField(label=words("resident.witness"), text_size=BIG)

    async def confirm() -> None:
        signed = pad.png()
        if signed is None and not (witness.value or "").strip():
            raise Problem(Code.NOT_SIGNED)
        if signed is not None:
            await shell.do(
                attaching.attach, shell.desk.place, draft.draft_id, "signature",
                name="signature.png", raw=signed,
            )  # fmt: skip
        await shell.do(
            drafting.confirm, shell.desk.place, draft, witness=witness.value or ""
        )
        shell.for_resident(on=False)
        await shell.refresh_header()
        await back()

    shell.for_resident(on=True)
    shell.keys = {
        "F8": shell.act(confirm), "Escape": shell.act(_not_so(shell, back))
    }  # fmt: skip
    shell.show(
        [
            ft.Text(words("resident.read"), size=36, color=kit.SEA),
            ft.Text(item.name if item else "", size=BIG),
            *[_answer(shell, label, value) for label, value in lines],
            ft.Text(words("resident.sign"), size=20),
            pad.control,
            ft.TextButton(words("resident.clear"), on_click=lambda _: pad.clear()),
            witness,
            ft.Row(
                [
                    ft.FilledButton(
                        ft.Text(words("resident.confirm"), size=BIG),
                        on_click=lambda _: shell.act(confirm)(),
                    ),
                    ft.OutlinedButton(
                        ft.Text(words("resident.wrong"), size=BIG),
                        on_click=lambda _: shell.act(_not_so(shell, back))(),
                    ),
                ],
                wrap=True,
            ),
        ]
    )  # fmt: skip


def _answer(shell: Shell, label: str, value: str) -> ft.Control:
    asked = ft.Text(label, size=20, color="#4A5F6D")
    said = ft.Text(value, size=BIG)
    if shell.frame.is_narrow:
        return ft.Column([asked, said], spacing=0)
    asked.width, said.expand = 360, True
    return ft.Row([asked, said])


def _not_so(shell: Shell, back: Back) -> Callable[[], Awaitable[None]]:
    async def go() -> None:
        shell.for_resident(on=False)
        await shell.refresh_header()
        await back()

    return go


def _applicant_lines(words: Words, draft: Draft) -> list[tuple[str, str]]:
    given = draft.applicant
    order = ("kind", "name", "id_number", "credit_code", "phone", "address")
    return [
        (words(f"applicant.{part}"),
         words(f"applicant.{given[part]}") if part == "kind" else given[part])
        for part in order
        if given.get(part)
    ]  # fmt: skip


def _aloud(words: Words, value: JsonValue) -> str:
    """Return an answer as it is read out: yes and no in words."""
    if isinstance(value, bool):
        return words("new.yes" if value else "new.no")
    return kit.plain(value)
