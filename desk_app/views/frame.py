"""What surrounds every screen: navigation on top, the screen, the keys below.

Rule 1: everything is drawn at 100 % and enlarged as a whole, so that nothing that a
        screen shows can be left small; the window's width shrinks by the same measure.
Rule 2: the header and the keys are hidden from residents.
Rule 3: what comes and goes above the screen keeps its place while it is empty. Where a
        sibling appears, the toolkit makes everything after it anew, and whoever was
        typing there would lose the keyboard.
Rule 4: a field that has the keyboard is in sight with what belongs to it: its label
        above, and what is said or can be chosen below.
"""

import itertools
from collections.abc import Iterable
from typing import Final

import flet as ft

from desk_app.components import kit
from desk_app.views.caret import Caret, fields_in
from desk_app.views.rolling import Rolling

SIZES: Final = (100, 110, 125, 150, 175, 200)
"""How large everything can be shown, in per cent."""
_NARROW: Final = 1000
_PADDING: Final = 20
_NO_SIZE_YET: Final = (1200.0, 820.0)
_UNSEEN: Final = ("#00FFFFFF", "#00FFFFFE")
# Around the caret: a label above it; below it a fault, or a line or two of choices.
_IN_SIGHT: Final = ft.Padding(left=20, right=20, top=44, bottom=84)


class Frame:
    """The parts of the window that stay; `body` is the screen's."""

    def __init__(self, page: ft.Page, works: ft.Control) -> None:
        self._page = page
        self._percent = 100
        self._shades = itertools.cycle(_UNSEEN)
        self.header = ft.Container(bgcolor=kit.SEA)
        self.above = ft.Container()
        self._speck = ft.Container(height=0)
        self.rolling = Rolling(self._draw)
        self.caret = Caret()
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
    def body(self) -> ft.Column:
        """What the screen's controls are in."""
        return self.rolling.body

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

    def show_body(self, controls: list[ft.Control], *, stays: bool) -> None:
        """Show a screen from its top; one that `stays` is rolled as it was."""
        if not stays:
            self._between.controls[-1] = self.rolling.anew()
        self.body.controls = controls
        self.attend(controls)

    def attend(self, controls: Iterable[ft.Control]) -> None:
        """Give every field among these what all fields of a screen have."""
        for field in fields_in(controls):
            field.scroll_padding = _IN_SIGHT
            self.caret.attend(field)

    def hold(self, step: int) -> None:
        """Leave screen and caret as they are: PgDn (1) or PgUp (-1) was pressed."""
        self.rolling.hold()
        self.caret.hold(step)

    def enlarge(self, percent: int) -> None:
        """Show everything at one of SIZES; anything else is taken to the nearest."""
        self._percent = min(SIZES, key=lambda size: abs(size - percent))
        self._fit()

    def next_size(self, step: int) -> int:
        """Return the size a step larger or smaller."""
        at = SIZES.index(self._percent) + step
        return SIZES[max(0, min(at, len(SIZES) - 1))]

    def _draw(self) -> None:
        """Let the window be drawn again: it rolls no sooner, though nothing changed."""
        # Nothing may move by it: a thousandth of a pixel blurs letters otherwise.
        self._speck.bgcolor = next(self._shades)
        kit.refresh(self._speck)

    def _fit(self) -> None:
        width = self._page.width or _NO_SIZE_YET[0]
        height = self._page.height or _NO_SIZE_YET[1]
        measure = self._percent / 100
        self._holder.width, self._holder.height = width, height
        self._sheet.width, self._sheet.height = width / measure, height / measure
        self._sheet.scale = ft.Scale(measure, alignment=ft.Alignment.TOP_LEFT)
        self._page.update()
