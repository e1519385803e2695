"""The resident's screen: large type; read back, sign, rate, look one own case up.

It shows nothing but what the person in front of it may see, and the menu is hidden
until the clerk's passphrase is given.
"""

from collections.abc import Awaitable, Callable
from io import BytesIO

import flet as ft
from flet import canvas
from PIL import Image, ImageDraw

from desk_app.components import kit
from desk_app.services import attaching, drafting, resident, steps
from desk_app.services.shown import Draft
from desk_app.text.words import local_time
from desk_app.views.shell import Shell
from schemas.problems import Problem

BIG = 26
_PAD = (900, 260)
Back = Callable[[], Awaitable[None]]


async def welcome(shell: Shell) -> None:
    """The start: look a case up, or rate one."""
    words = shell.words
    number = ft.TextField(
        label=words("resident.number"), text_size=BIG, autofocus=True, dense=False
    )
    tail = ft.TextField(label=words("resident.tail"), text_size=BIG, max_length=4)
    shown = ft.Column(spacing=10)

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

    async def onward() -> None:
        if (number.value or "").startswith("IDS1|"):
            await look()
        else:
            await kit.focus(tail)

    number.on_submit = lambda _: shell.act(onward)()
    tail.on_submit = lambda _: shell.act(look)()
    shell.for_resident(on=True)
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
    lines = [
        (words(f"applicant.{key}"), words(f"applicant.{value}", value=value)
         if key == "kind" else value)
        for key, value in draft.applicant.items()
        if value
    ]  # fmt: skip
    lines += [
        (labels.get(name, name), kit.plain(value)) for name, value in draft.form.items()
    ]
    pad = _Pad()
    witness = ft.TextField(label=words("resident.witness"), text_size=BIG)

    async def confirm() -> None:
        signed = pad.png()
        if signed is not None:
            await shell.do(
                attaching.attach, shell.desk.place, draft.draft_id, "signature",
                name="signature.png", raw=signed,
            )  # fmt: skip
        await shell.do(
            drafting.confirm, shell.desk.place, draft, witness=witness.value or ""
        )
        shell.for_resident(on=False)
        await back()

    shell.for_resident(on=True)
    shell.show(
        [
            ft.Text(words("resident.read"), size=36, color=kit.SEA),
            ft.Text(item.name if item else "", size=BIG),
            *[
                ft.Row(
                    [ft.Text(label, size=20, width=360, color="#4A5F6D"),
                     ft.Text(value, size=BIG, expand=True)],
                )
                for label, value in lines
            ],
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
                ]
            ),
        ]
    )  # fmt: skip


def _not_so(shell: Shell, back: Back) -> Callable[[], Awaitable[None]]:
    async def go() -> None:
        shell.for_resident(on=False)
        await back()

    return go


class _Pad:
    """A place to sign with a finger, pen or mouse."""

    def __init__(self) -> None:
        self._strokes: list[list[tuple[float, float]]] = []
        self._canvas = canvas.Canvas(
            content=ft.GestureDetector(
                on_pan_start=self._start, on_pan_update=self._draw, drag_interval=10
            ),
            width=_PAD[0],
            height=_PAD[1],
        )
        self.control = ft.Container(
            self._canvas, border=ft.Border.all(2, kit.SEA), bgcolor="#FFFFFF",
            width=_PAD[0], height=_PAD[1],
        )  # fmt: skip

    def _start(self, event: ft.DragStartEvent[ft.GestureDetector]) -> None:
        self._strokes.append([(event.local_position.x, event.local_position.y)])

    def _draw(self, event: ft.DragUpdateEvent[ft.GestureDetector]) -> None:
        if not self._strokes:
            return
        stroke = self._strokes[-1]
        here = (event.local_position.x, event.local_position.y)
        (x1, y1), (x2, y2) = stroke[-1], here
        stroke.append(here)
        paint = ft.Paint(stroke_width=4, color="#101820")
        self._canvas.shapes.append(canvas.Line(x1, y1, x2, y2, paint=paint))
        self._canvas.update()

    def clear(self) -> None:
        """Begin again."""
        self._strokes.clear()
        self._canvas.shapes.clear()
        self._canvas.update()

    def png(self) -> bytes | None:
        """Return what was signed, or None where nobody signed."""
        if not any(len(stroke) > 1 for stroke in self._strokes):
            return None
        picture = Image.new("RGB", _PAD, "white")
        pen = ImageDraw.Draw(picture)
        for stroke in self._strokes:
            pen.line(stroke, fill="black", width=4, joint="curve")
        out = BytesIO()
        picture.save(out, "PNG")
        return out.getvalue()
