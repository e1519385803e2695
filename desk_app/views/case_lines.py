"""Lines of the case list that are built once and say another case when it changes.

To build twenty lines for each key takes the toolkit longer than to find the cases
(70 ms against 5); to change what stands in them, a few milliseconds.
"""

import flet as ft

from desk_app.components import kit
from desk_app.services.shown import CaseRow
from desk_app.views.finder import Hit
from desk_app.views.lamps import LampLine
from desk_app.views.shell import Shell


class CaseLine:
    """One line; it opens whichever case it says now."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._number = ""
        self._label = ft.Text("", size=15)
        self._name = ft.Text("", size=15, max_lines=1)
        self._state = ft.Text("", size=13, color=kit.SEA)
        self._item = ft.Text("", size=13, max_lines=2)
        self._lamp = LampLine()
        button = kit.line_button("", shell.act(self._open))
        button.content = self._label
        spans = (6.5, 5.5, 6.5, 5.5) if shell.frame.is_narrow else (3, 2.6, 3, 3.4)
        self._item.col = spans[2]
        line = ft.ResponsiveRow(
            [
                ft.Container(button, col=spans[0]),
                ft.Container(
                    ft.Column([self._name, self._state], spacing=0), col=spans[1]
                ),
                self._item,
                ft.Container(self._lamp.control, col=spans[3]),
            ],
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
            spacing=6,
            run_spacing=0,
        )
        self.hit = Hit(button, self._open, line)

    async def _open(self) -> None:
        await self._shell.open_case(self._number)

    def say(self, row: CaseRow) -> Hit:
        """Say a case; the hit's cells are what that changed."""
        words = self._shell.words
        mark = "" if row.synced else f" · {words('case.not_synced_short')}"
        self._number = row.number
        said = (
            (self._label, row.number),
            (self._name, row.applicant_name),
            (self._state, f"{words(f'state.{row.state}')}{mark}"),
            (self._item, f"{row.item_name}  {row.vessel}".rstrip()),
        )
        changed = self.hit.cells
        changed.clear()
        for cell, text in said:
            if cell.value != text:
                cell.value = text
                changed.append(cell)
        changed += self._lamp.light(row.deadline, words)
        return self.hit
