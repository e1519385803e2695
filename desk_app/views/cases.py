"""The list of cases: search as you type, filters, pages, export."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import flet as ft

from desk_app.components import kit
from desk_app.components.choice import Choice
from desk_app.services import exporting, reading
from desk_app.store.cases import COUNTED_TO, CaseFilter
from desk_app.views.case_lines import CaseLine
from desk_app.views.finder import Finder, Hit
from desk_app.views.pages import page_keys
from desk_app.views.shell import Shell
from schemas.case import CaseState
from schemas.problems import Code, Problem
from schemas.steps import PapersAt

_ROWS: Final = 20
_DAYS: Final = ("since", "until", "due_by")


async def cases(shell: Shell) -> None:
    """Show the list."""
    await CaseList(shell).show()


class CaseList:
    """The list's state: what is wanted, and which page."""

    def __init__(self, shell: Shell, wanted: CaseFilter | None = None) -> None:
        self.shell = shell
        self.wanted = wanted or CaseFilter()
        self.page = 0
        self.total = ft.Text("")
        self._found = 0
        self._lines: list[CaseLine] = []

    async def show(self) -> None:
        """Build the screen and look for the first time."""
        shell, words = self.shell, self.shell.words
        self._lines = []
        shell.keys = {
            **page_keys(
                shell, before=lambda: self._turn(-1), after=lambda: self._turn(1)
            ),
            "F7": shell.act(lambda: self._export("xlsx")),
        }
        shell.hint("cases")
        self.finder = Finder(
            shell, words("cases.search"), self._look, text=self.wanted.text
        )
        shell.show(
            [
                kit.title(words("cases.title")),
                self.finder.field,
                ft.Row(self._filters(), wrap=True),
                self.finder.list,
                ft.Row(
                    [
                        kit.button(words("cases.previous"), shell.keys["Ctrl+Page Up"]),
                        kit.button(words("cases.next"), shell.keys["Ctrl+Page Down"]),
                        kit.button(words("cases.xlsx"), shell.keys["F7"]),
                        kit.button(
                            words("cases.csv"), shell.act(lambda: self._export("csv"))
                        ),
                        self.total,
                    ],
                    wrap=True,
                ),
            ],
            again=self.finder.again,
        )
        await self.finder.begin()

    def _filters(self) -> list[ft.Control]:
        words, edition = self.shell.words, self.shell.desk.edition()
        every = ("", words("cases.any"))
        states = [every] + [(str(s), words(f"state.{s}")) for s in CaseState]
        items = [every] + [(i.code, f"{i.code} {i.name}") for i in edition.items]
        where = [every] + [(str(p), words(f"papers.{p}")) for p in PapersAt]
        choices = [("state", states), ("item", items), ("papers", where)]
        return [
            *[self._choice(name, options) for name, options in choices],
            *[self._day(name) for name in _DAYS],
        ]

    def _choice(self, name: str, options: list[tuple[str, str]]) -> ft.Control:
        return Choice(
            self.shell.words(f"cases.{name}"), options,
            value=getattr(self.wanted, name) or "",
            width=240, change=lambda key: self._filter(name, key),
        ).control  # fmt: skip

    def _day(self, name: str) -> ft.TextField:
        return ft.TextField(
            label=self.shell.words(f"cases.{name}"), width=150, dense=True,
            value=getattr(self.wanted, name) or "",
            hint_text="2026-12-31",
            on_submit=lambda e: self._filter(name, e.control.value),
            on_blur=lambda e: self._filter(name, e.control.value),
        )  # fmt: skip

    def _filter(self, name: str, value: str | None) -> None:
        given = (value or "").strip()
        day_off = name in _DAYS and given and not _is_day(given)

        async def wrong() -> None:
            raise Problem(Code.DAY_SHAPE, text=given)

        if day_off:
            self.shell.act(wrong)()
            return
        changed = self.wanted.with_one(name, given or None)
        if changed != self.wanted:
            self.wanted, self.page = changed, 0
            self.shell.act(self.finder.again)()

    async def _look(self, text: str) -> list[Hit]:
        if text != self.wanted.text:
            self.wanted, self.page = replace(self.wanted, text=text), 0
        shell = self.shell
        found = await shell.do(
            reading.list_cases, shell.desk.place, self.wanted, page=self.page,
            page_size=_ROWS,
        )  # fmt: skip
        self._found = found.total
        key = "cases.total" if found.total <= COUNTED_TO else "cases.more"
        total = min(found.total, COUNTED_TO)
        self.total.value = shell.words(key, total=total, page=self.page + 1)
        kit.refresh(self.total)
        self._lines += [CaseLine(shell) for _ in found.rows[len(self._lines) :]]
        return [
            line.say(row) for line, row in zip(self._lines, found.rows, strict=False)
        ]

    async def _turn(self, step: int) -> None:
        page = max(0, self.page + step)
        if page * _ROWS < self._found or page < self.page:
            self.page = page
            await self.finder.again()
            rolling = self.shell.frame.rolling
            if rolling.at > 0:
                await rolling.to_top()

    async def _export(self, kind: str) -> None:
        shell = self.shell
        path = Path(shell.desk.exports) / f"cases-{shell.stamp()}.{kind}"
        count = await shell.do_long(
            "cases.exporting", exporting.export_list, shell.desk.place, self.wanted,
            path,
        )  # fmt: skip
        key = "cases.cancelled" if count < 0 else "cases.exported"
        shell.show_note(shell.words(key, count=count, file=str(path)))


def _is_day(text: str) -> bool:
    parts = text.split("-")
    return [len(part) for part in parts] == [4, 2, 2] and "".join(parts).isdigit()
