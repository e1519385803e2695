"""Scans of a draft or case: by file, drag, paste or camera; look, turn, order.

Rule 1: the watched folder is looked at while this screen is shown, and nothing in it
        is taken by itself.
Rule 2: what came from the watched folder is removed there once the vault has it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

import flet as ft

from desk_app.components import kit
from desk_app.components.choice import Choice
from desk_app.services import attaching, scan_files
from desk_app.views.scan_lines import ScanLines
from desk_app.views.shell import Shell
from schemas.problems import Code, Problem

_LOOK_EVERY_S: Final = 1.5
_OFFERED: Final = 8


async def scans(
    shell: Shell,
    subject: str,
    item_code: str,
    back: Callable[[], Awaitable[None]],
    identity: str = "",
) -> None:
    """Show the pages by material; each key and button is named on the screen."""
    await _Scans(shell, subject, item_code, back, identity).show()


class _Scans:
    def __init__(
        self,
        shell: Shell,
        subject: str,
        item_code: str,
        back: Callable[[], Awaitable[None]],
        identity: str,
    ) -> None:
        self.shell = shell
        self.subject = subject
        self.back = back
        self.identity = identity
        item = shell.desk.edition().item(item_code)
        self.materials = {m.key: m.name for m in item.materials} if item else {}
        self.material = next(iter(self.materials), "other")
        self.path = ft.TextField(label=shell.words("scans.path"), dense=True)
        self.path.on_submit = lambda _: shell.act(self._add_path)()
        self.lines = ScanLines(shell, subject, self.materials, self.show)
        self._waiting: tuple[Path, ...] = ()
        self._shown = 0
        self._offered = ft.Row(wrap=True)
        self._dragging = ft.Text(visible=False)

    async def show(self) -> None:
        words, shell = self.shell.words, self.shell
        pages = await shell.do(attaching.pages_of, shell.desk.place, self.subject)
        shell.keys = {
            "Escape": shell.act(self.back),
            "F7": shell.act(self._add_path),
            "F8": shell.act(self._take_newest),
            "Ctrl+V": shell.act(self._paste_key),
            **self.lines.keys(),
        }
        shell.hint("scans")
        self._waiting = await shell.do(scan_files.new_scans, shell.watched())
        self._offer()
        shell.show(
            [
                kit.title(words("scans.title")),
                ft.Row([kit.button(words("case.back"), shell.act(self.back))]),
                kit.section(words("scans.add"), await self._ways()),
                kit.section(
                    words("scans.pages"),
                    [*self.lines.controls(pages)] or [ft.Text(words("scans.none"))],
                ),
                self.lines.picture,
            ]
        )
        self._shown = shell.shown
        shell.drops.offer(self._add, self._drag_over)
        await kit.focus(self.path)
        shell.page.run_task(self._watch, shell.shown)

    async def _ways(self) -> list[ft.Control]:
        words, shell = self.shell.words, self.shell
        choice = Choice(
            words("scans.material"),
            tuple(self.materials.items()),
            value=self.material,
            change=self._choose,
        )
        self._say_drag()
        folder = words("scans.watched", folder=str(shell.watched()))
        buttons = (
            ("scans.add_path", self._add_path),
            ("scans.browse", self._browse),
            ("scans.paste", self._paste),
        )
        return [
            choice.control,
            self.path,
            ft.Row([kit.button(words(key), shell.act(verb)) for key, verb in buttons]),
            self._dragging,
            ft.Text(folder),
            self._offered,
            *await self._reusable(),
        ]

    def _choose(self, material: str | None) -> None:
        self.material = material or self.material
        self._say_drag()
        kit.refresh(self._dragging)

    def _drag_over(self, is_over: bool) -> None:  # noqa: FBT001 - what the drag says
        self._say_drag(is_over=is_over)
        kit.refresh(self._dragging)

    def _say_drag(self, *, is_over: bool = False) -> None:
        key = "scans.let_go" if is_over else "scans.drag"
        material = self.materials.get(self.material, self.material)
        self._dragging.value = self.shell.words(key, material=material)
        self._dragging.visible = self.shell.drops.are_possible
        self._dragging.color = kit.GOOD if is_over else None
        self._dragging.weight = ft.FontWeight.BOLD if is_over else None

    def _offer(self) -> None:
        words = self.shell.words
        self._offered.controls = [
            kit.button(f"{words('scans.take')} {path.name}", self._taker(path))
            for path in self._waiting[:_OFFERED]
        ]

    async def _watch(self, shown: int) -> None:
        """Look at the folder until another screen is shown."""
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            if self.shell.shown != shown or self.shell.desk.session is None:
                return
            found = await self.shell.do(scan_files.new_scans, self.shell.watched())
            if found != self._waiting and self.shell.shown == shown:
                self._waiting = found
                self._offer()
                kit.refresh(self._offered)

    def _taker(self, path: Path) -> Callable[[], object]:
        async def take() -> None:
            place = self.shell.desk.place
            await self.shell.do_long(
                "scans.adding", scan_files.take_in, place, self.subject, self.material,
                path,
            )  # fmt: skip
            await self.show()

        return self.shell.act(take)

    async def _take_newest(self) -> None:
        folder = self.shell.watched()
        found = await self.shell.do(scan_files.new_scans, folder)
        if not found:
            raise Problem(Code.FOLDER_HAS_NONE, folder=str(folder))
        self._taker(found[0])()

    def _is_here(self) -> bool:
        return self.shell.shown == self._shown

    async def _add(self, paths: Sequence[Path]) -> None:
        try:
            await self.shell.do_long(
                "scans.adding", scan_files.attach_files, self.shell.desk.place,
                self.subject, self.material, paths,
            )  # fmt: skip
        except Problem:
            # Where one was left out, the others are there.
            if self._is_here():
                await self.show()
            raise
        await self.show()

    async def _add_path(self) -> None:
        text = (self.path.value or "").strip().strip('"')
        if text:
            self.path.value = ""
            await self._add([Path(text)])

    async def _browse(self) -> None:
        title = self.shell.words("choosing.scans")
        paths = await self.shell.choosing.files(title, here=self._is_here)
        if paths:
            await self._add(paths)

    async def _paste_key(self) -> None:
        # Text goes into the field by the toolkit's own hand.
        await self._from_clipboard()

    async def _paste(self) -> None:
        if not await self._from_clipboard():
            raise Problem(Code.CLIPBOARD_EMPTY)

    async def _from_clipboard(self) -> bool:
        clipboard = ft.Clipboard()
        files = await clipboard.get_files()
        if files:
            await self._add([Path(file) for file in files])
            return True
        raw = await clipboard.get_image()
        if not raw:
            return False
        await self.shell.do(
            attaching.attach, self.shell.desk.place, self.subject, self.material,
            name="clipboard.png", raw=raw,
        )  # fmt: skip
        await self.show()
        return True

    async def _reusable(self) -> list[ft.Control]:
        if not self.identity:
            return []
        place, words = self.shell.desk.place, self.shell.words
        found = await self.shell.do(
            attaching.reusable, place, self.identity, self.material,
            today=self.shell.today(),
        )  # fmt: skip

        def button(option: attaching.Reusable) -> ft.Control:
            async def take() -> None:
                await self.shell.do(attaching.reuse, place, self.subject, option)
                await self.show()

            text = words("scans.reuse", number=option.number, pages=option.pages)
            return kit.button(text, self.shell.act(take))

        return [button(option) for option in found]
