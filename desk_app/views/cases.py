"""The list of cases: search as you type, filters, pages, export."""

import asyncio
from dataclasses import replace
from pathlib import Path

import flet as ft

from desk_app.components import kit
from desk_app.components.choice import Choice
from desk_app.services import exporting, reading
from desk_app.store.cases import COUNTED_TO, CaseFilter
from desk_app.views.board import case_line
from desk_app.views.shell import Shell
from schemas.case import CaseState

_ROWS = 20
# Long enough that a fast typist asks once a word, short enough to feel at once.
_AFTER_TYPING_S = 0.06


async def cases(shell: Shell) -> None:
    """Show the list."""
    await CaseList(shell).show()


class CaseList:
    """The list's state: what is wanted, and which page."""

    def __init__(self, shell: Shell, wanted: CaseFilter | None = None) -> None:
        self.shell = shell
        self.wanted = wanted or CaseFilter()
        self.page = 0
        self.rows = ft.Column(spacing=0)
        self.total = ft.Text("")
        self.progress = ft.Row(visible=False)
        self.stop = False
        self._asked = 0

    async def show(self) -> None:
        """Build the screen and look for the first time."""
        shell, words = self.shell, self.shell.words
        field = ft.TextField(
            label=words("cases.search"), autofocus=True, value=self.wanted.text,
            on_change=lambda e: shell.act(lambda: self._typed(e.control.value or ""))(),
        )  # fmt: skip
        shell.keys = {
            "Page Down": shell.act(lambda: self._turn(1)),
            "Page Up": shell.act(lambda: self._turn(-1)),
            "Escape": self._cancel,
        }
        shell.show(
            [
                kit.title(words("cases.title")),
                field,
                ft.Row(self._filters(), wrap=True),
                self.rows,
                ft.Row(
                    [
                        kit.button(
                            words("cases.previous"), shell.act(lambda: self._turn(-1))
                        ),
                        kit.button(
                            words("cases.next"), shell.act(lambda: self._turn(1))
                        ),
                        kit.button(
                            words("cases.xlsx"),
                            shell.act(lambda: self._export("xlsx")),
                        ),
                        kit.button(
                            words("cases.csv"), shell.act(lambda: self._export("csv"))
                        ),
                        self.total,
                        self.progress,
                    ],
                    wrap=True,
                ),
            ]
        )
        await self._look()

    def _filters(self) -> list[ft.Control]:
        words, shell = self.shell.words, self.shell
        edition = shell.desk.edition()
        states = [("", words("cases.any"))] + [
            (str(state), words(f"state.{state}")) for state in CaseState
        ]
        items = [("", words("cases.any"))] + [
            (item.code, f"{item.code} {item.name}") for item in edition.items
        ]

        def choice(name: str, options: list[tuple[str, str]]) -> ft.Control:
            return Choice(
                words(f"cases.{name}"), options,
                value=getattr(self.wanted, name) or "",
                width=260, change=lambda key: self._filter(name, key),
            ).control  # fmt: skip

        def day(name: str) -> ft.TextField:
            return ft.TextField(
                label=words(f"cases.{name}"), width=150, dense=True,
                value=getattr(self.wanted, name) or "",
                on_submit=lambda e: self._filter(name, e.control.value),
                on_blur=lambda e: self._filter(name, e.control.value),
            )  # fmt: skip

        return [
            choice("state", states), choice("item", items), day("since"), day("until")
        ]  # fmt: skip

    def _filter(self, name: str, value: str | None) -> None:
        changed = self.wanted.with_one(name, value or None)
        if changed != self.wanted:
            self.wanted, self.page = changed, 0
            self.shell.act(self._look)()

    async def _typed(self, text: str) -> None:
        self.wanted, self.page = replace(self.wanted, text=text), 0
        self._asked += 1
        mine = self._asked
        await asyncio.sleep(_AFTER_TYPING_S)
        if mine == self._asked:
            await self._look()

    async def _look(self) -> None:
        shell, mine = self.shell, self._asked
        found = await shell.do(
            reading.list_cases, shell.desk.place, self.wanted, page=self.page,
            page_size=_ROWS,
        )  # fmt: skip
        if mine != self._asked:
            # A later letter was typed while this was looked up.
            return
        self.rows.controls = [case_line(shell, row) for row in found.rows] or [
            ft.Text(shell.words("cases.empty"))
        ]
        key = "cases.total" if found.total <= COUNTED_TO else "cases.more"
        total = min(found.total, COUNTED_TO)
        self.total.value = shell.words(key, total=total, page=self.page + 1)
        self.rows.update()
        self.total.update()

    async def _turn(self, step: int) -> None:
        self.page = max(0, self.page + step)
        await self._look()

    def _cancel(self) -> None:
        self.stop = True

    async def _export(self, kind: str) -> None:
        shell, words = self.shell, self.shell.words
        self.stop = False
        done = ft.Text("")
        self.progress.controls = [
            ft.ProgressRing(width=18, height=18), done,
            kit.button(words("cases.cancel"), self._cancel),
        ]  # fmt: skip
        self.progress.visible = True
        shell.page.update()

        loop = asyncio.get_running_loop()

        def progress(count: int) -> bool:
            done.value = str(count)
            loop.call_soon_threadsafe(done.update)
            return not self.stop

        path = Path(shell.desk.exports) / f"cases-{shell.stamp()}.{kind}"
        path.parent.mkdir(parents=True, exist_ok=True)
        count = await shell.do(
            exporting.export_list, shell.desk.place, self.wanted, path,
            progress=progress,
        )  # fmt: skip
        self.progress.visible = False
        key = "cases.cancelled" if count < 0 else "cases.exported"
        shell.show_note(words(key, count=count, file=str(path)))
