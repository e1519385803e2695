"""Scans of a draft or case: add by file or watched folder, look, turn, order."""

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

import flet as ft

from desk_app.components import kit
from desk_app.components.choice import Choice
from desk_app.services import attaching
from desk_app.services.attaching import PageShown
from desk_app.views.shell import Shell
from schemas.problems import Code, Problem


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
        self.picture = ft.Column()

    async def show(self) -> None:
        words, shell = self.shell.words, self.shell
        pages = await shell.do(attaching.pages_of, shell.desk.place, self.subject)
        choice = Choice(
            words("scans.material"),
            tuple(self.materials.items()),
            value=self.material,
            change=self._choose,
        )
        self.path.on_submit = lambda _: shell.act(self._add_path)()
        waiting = await shell.do(attaching.new_scans, shell.watched(), frozenset())
        watched = [
            kit.button(f"{words('scans.take')} {path.name}", self._adder(path))
            for path in waiting[:8]
        ]
        shell.keys = {"Escape": shell.act(self.back)}
        shell.show(
            [
                kit.title(words("scans.title")),
                ft.Row([kit.button(words("case.back"), shell.act(self.back))]),
                kit.section(
                    words("scans.add"),
                    [
                        choice.control,
                        self.path,
                        ft.Row(
                            [
                                kit.button(
                                    words("scans.add"), shell.act(self._add_path)
                                ),
                                kit.button(
                                    words("scans.browse"), shell.act(self._browse)
                                ),
                                kit.button(
                                    words("scans.paste"), shell.act(self._paste)
                                ),
                            ]
                        ),
                        ft.Text(words("scans.watched", folder=str(shell.watched()))),
                        ft.Row([*watched], wrap=True),
                        *await self._reusable(),
                    ],
                ),
                kit.section(
                    words("scans.pages"),
                    [self._line(page) for page in pages]
                    or [ft.Text(words("scans.none"))],
                ),
                self.picture,
            ]
        )

    def _choose(self, material: str | None) -> None:
        self.material = material or self.material

    async def _add(self, path: Path) -> None:
        place = self.shell.desk.place
        try:
            raw = await self.shell.do(path.read_bytes)
        except OSError as error:
            raise Problem(Code.FILE_NOT_READABLE, file=str(path)) from error
        await self.shell.do(
            attaching.attach, place, self.subject, self.material,
            name=path.name, raw=raw,
        )  # fmt: skip
        await self.show()

    def _adder(self, path: Path) -> Callable[[], object]:
        async def add() -> None:
            await self._add(path)

        return self.shell.act(add)

    async def _add_path(self) -> None:
        path = Path((self.path.value or "").strip().strip('"'))
        await self._add(path)

    async def _browse(self) -> None:
        found = await ft.FilePicker().pick_files(allow_multiple=True)
        for file in found or []:
            if file.path:
                await self._add(Path(file.path))

    async def _paste(self) -> None:
        clipboard = ft.Clipboard()
        files = await clipboard.get_files()
        for file in files:
            await self._add(Path(file))
        if files:
            return
        raw = await clipboard.get_image()
        if not raw:
            raise Problem(Code.ATTACHMENT_NOT_READABLE, file="")
        await self.shell.do(
            attaching.attach, self.shell.desk.place, self.subject, self.material,
            name="clipboard.png", raw=raw,
        )  # fmt: skip
        await self.show()

    async def _reusable(self) -> list[ft.Control]:
        if not self.identity:
            return []
        place, words = self.shell.desk.place, self.shell.words
        today = date.fromisoformat(self.shell.today())
        found = await self.shell.do(
            attaching.reusable, place, self.identity, self.material,
            today=today.isoformat(),
        )  # fmt: skip

        def button(option: attaching.Reusable) -> ft.Control:
            async def take() -> None:
                await self.shell.do(attaching.reuse, place, self.subject, option)
                await self.show()

            text = words("scans.reuse", number=option.number, pages=option.pages)
            return kit.button(text, self.shell.act(take))

        return [button(option) for option in found]

    def _line(self, page: PageShown) -> ft.Control:
        words, shell = self.shell.words, self.shell
        place = shell.desk.place

        def act(verb: Callable[[], Awaitable[None]]) -> Callable[[], object]:
            async def then_show() -> None:
                await verb()
                await self.show()

            return shell.act(then_show)

        async def turn() -> None:
            await shell.do(attaching.turn, place, self.subject, page)

        async def up() -> None:
            await shell.do(attaching.move, place, self.subject, page, by=-1)

        async def down() -> None:
            await shell.do(attaching.move, place, self.subject, page, by=1)

        async def out() -> None:
            await shell.do(attaching.take_out, place, self.subject, page)

        async def look() -> None:
            png = await shell.do(attaching.preview, place, page)
            self.picture.controls = [ft.Image(src=png, width=700)]
            shell.page.update()

        name = self.materials.get(page.material, page.material)
        return ft.Row(
            [
                ft.Text(f"{name} {page.position} · {page.name}", expand=True),
                kit.button(words("scans.look"), shell.act(look)),
                kit.button(words("scans.turn"), act(turn)),
                kit.button(words("scans.up"), act(up)),
                kit.button(words("scans.down"), act(down)),
                kit.button(words("scans.out"), act(out)),
            ],
            wrap=False,
        )
