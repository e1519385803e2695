"""The pages that are there: each can be looked at, turned, moved, taken out."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Final

import flet as ft

from desk_app.components import kit
from desk_app.services import attaching
from desk_app.services.attaching import PageShown
from desk_app.views.shell import Shell

_PICTURE_WIDTH: Final = 700


class ScanLines:
    """`again` shows the whole screen after a page was changed."""

    def __init__(
        self,
        shell: Shell,
        subject: str,
        materials: Mapping[str, str],
        again: Callable[[], Awaitable[None]],
    ) -> None:
        self._shell = shell
        self._subject = subject
        self._materials = materials
        self._again = again
        self.picture = ft.Column()

    def controls(self, pages: Sequence[PageShown]) -> list[ft.Control]:
        """Return a line a page."""
        return [self._line(page) for page in pages]

    def _line(self, page: PageShown) -> ft.Control:
        words, place = self._shell.words, self._shell.desk.place
        subject = self._subject
        changes: tuple[tuple[str, Callable[[], object]], ...] = (
            ("turn", partial(attaching.turn, place, subject, page)),
            ("up", partial(attaching.move, place, subject, page, by=-1)),
            ("down", partial(attaching.move, place, subject, page, by=1)),
            ("out", partial(attaching.take_out, place, subject, page)),
        )
        name = self._materials.get(page.material, page.material)
        return ft.Row(
            [
                ft.Text(f"{name} {page.position} · {page.name}", expand=True),
                kit.button(words("scans.look"), self._looker(page)),
                *[
                    kit.button(words(f"scans.{key}"), self._changer(change))
                    for key, change in changes
                ],
            ]
        )

    def _changer(self, change: Callable[[], object]) -> kit.Action:
        async def act() -> None:
            await self._shell.do(change)
            await self._again()

        return self._shell.act(act)

    def _looker(self, page: PageShown) -> kit.Action:
        async def look() -> None:
            png = await self._shell.do(attaching.preview, self._shell.desk.place, page)
            self.picture.controls = [ft.Image(src=png, width=_PICTURE_WIDTH)]
            self._shell.page.update()

        return self._shell.act(look)
