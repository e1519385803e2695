"""What surrounds every screen: navigation on top, the screen, the keys below.

Rule 1: everything is drawn at 100 % and enlarged as a whole, so that nothing that a
        screen shows can be left small; the window's width shrinks by the same measure.
Rule 2: the header and the keys are hidden from residents.
Rule 3: what comes and goes above the screen keeps its place while it is empty. Where a
        sibling appears, the toolkit makes everything after it anew, and whoever was
        typing there would lose the keyboard.
Rule 4: a screen begins at its top, however far the one before was rolled; and PgDn
        rolls it wherever the keyboard is, or is nowhere.
"""

import asyncio
from typing import Final

import flet as ft

from desk_app.components import kit

SIZES: Final = (100, 110, 125, 150, 175, 200)
"""How large everything can be shown, in per cent."""
_NARROW: Final = 1000
_PADDING: Final = 20
_NO_SIZE_YET: Final = (1200.0, 820.0)
# Where the keyboard is within the screen, the toolkit rolls it by itself and says so
# within this time.
_BY_ITSELF_S: Final = 0.15
# The share of what is seen that PgDn rolls by: some lines are on both pages.
_PAGE: Final = 0.8
# How much of the window is the screen's, until it has said so itself.
_SCREENS_SHARE: Final = 0.5
_TOLD_EVERY_MS: Final = 30
_UNSEEN: Final = 0.001


class Frame:
    """The parts of the window that stay; `body` is the screen's."""

    def __init__(self, page: ft.Page, works: ft.Control) -> None:
        self._page = page
        self._percent = 100
        self.header = ft.Container(bgcolor=kit.SEA)
        self.above = ft.Container()
        self._speck = ft.Container(height=0)
        self.body = self._body()
        self._rolled = self._viewport = 0.0
        self.keys = ft.Text("", size=12, color=kit.INK)
        # One part without gaps: where neither is, nothing is to be seen of them.
        above = ft.Column(
            [works, self.above, self._speck],
            spacing=0,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
        self._between = ft.Column([above, self.body], expand=True)
        self._sheet = ft.Container(
            ft.Column(
                [
                    self.header,
                    ft.Container(self._between, padding=_PADDING, expand=True),
                    ft.Row([ft.Container(self.keys, padding=8, expand=True)]),
                ],
                expand=True,
                spacing=0,
            )
        )
        self._holder = ft.Stack([self._sheet])

    @property
    def percent(self) -> int:
        """How large everything is shown."""
        return self._percent

    @property
    def room(self) -> float:
        """How wide a screen may be, at the size that everything is shown."""
        width = self._page.width or _NO_SIZE_YET[0]
        return width * 100 / self._percent - 2 * _PADDING

    @property
    def is_narrow(self) -> bool:
        """Say whether a line of a list has to become two."""
        return self.room + 2 * _PADDING < _NARROW

    def build(self) -> None:
        """Put the frame on the page, and keep it as large as the window."""
        page = self._page
        page.padding = 0
        page.bgcolor = "#F7FAFB"
        page.on_resize = lambda _: self._fit()
        page.add(self._holder)
        self._fit()

    def show_header(self, control: ft.Control | None) -> None:
        """Show the line of screens, or nothing."""
        self.header.content = control
        self.header.padding = 8 if control else 0

    def show_above(self, control: ft.Control | None) -> None:
        """Show a problem, a note or a progress above the screen, or nothing."""
        self.above.content = control

    def _body(self) -> ft.Column:
        return ft.Column(
            scroll=ft.ScrollMode.AUTO,
            expand=True,
            spacing=14,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            on_scroll=self._on_scroll,
            scroll_interval=_TOLD_EVERY_MS,
        )

    def _on_scroll(self, event: ft.OnScrollEvent) -> None:
        self._rolled, self._viewport = event.pixels, event.viewport_dimension

    def show_body(self, controls: list[ft.Control], *, stays: bool) -> None:
        """Show a screen from its top; one that `stays` is rolled as it was."""
        if not stays:
            # What scrolls keeps its place whatever is put into it: it is made anew.
            self.body = self._body()
            self._rolled = self._viewport = 0.0
            self._between.controls[-1] = self.body
        self.body.controls = controls

    def enlarge(self, percent: int) -> None:
        """Show everything at one of SIZES; anything else is taken to the nearest."""
        self._percent = min(SIZES, key=lambda size: abs(size - percent))
        self._fit()

    def next_size(self, step: int) -> int:
        """Return the size a step larger or smaller."""
        at = SIZES.index(self._percent) + step
        return SIZES[max(0, min(at, len(SIZES) - 1))]

    async def roll_to(self, key: str) -> None:
        """Roll the screen until the part that bears this key is at its top."""
        await self.body.scroll_to(scroll_key=key)
        self._draw()

    async def roll_page(self, step: int) -> bool:
        """Roll the screen by nearly a page; returns whether there was anything left."""
        before = self._rolled
        await asyncio.sleep(_BY_ITSELF_S)
        if self._rolled != before:
            return True
        await self.body.scroll_to(delta=step * self._seen() * _PAGE)
        self._draw()
        await asyncio.sleep(_BY_ITSELF_S)
        return self._rolled != before

    def _seen(self) -> float:
        height = self._sheet.height or _NO_SIZE_YET[1]
        return self._viewport or height * _SCREENS_SHARE

    async def roll_up(self) -> None:
        """Show the screen from its beginning, wherever the keyboard is."""
        await self.body.scroll_to(offset=0)
        self._draw()

    def _draw(self) -> None:
        """Let the window be drawn again: it rolls no sooner, though nothing changed."""
        self._speck.height = 0 if self._speck.height else _UNSEEN
        kit.refresh(self._speck)

    def _fit(self) -> None:
        width = self._page.width or _NO_SIZE_YET[0]
        height = self._page.height or _NO_SIZE_YET[1]
        measure = self._percent / 100
        self._holder.width, self._holder.height = width, height
        self._sheet.width, self._sheet.height = width / measure, height / measure
        self._sheet.scale = ft.Scale(measure, alignment=ft.Alignment.TOP_LEFT)
        self._page.update()
