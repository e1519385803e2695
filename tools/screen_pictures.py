"""Make the pictures of every screen for the user manual, in the real window.

Usage: python -m tools.screen_pictures [FOLDER] (default docs/manual/screens). It needs
Xvfb and the window's system packages. Everything shown is invented: a district on
loopback and a desk with cases in many states, thrown away at the end.
"""

import asyncio
import contextlib
import dataclasses
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Final

import flet as ft
from PIL import Image, ImageDraw

from desk_app.boot.hands import real_hands
from desk_app.boot.window import SCREENS, dress, forgive_late_answers
from desk_app.config.places import places
from desk_app.services import attaching, backing, bags, fresh_keys, papers, steps
from desk_app.services.desk import Desk
from desk_app.services.preferences import prefer
from desk_app.services.shown import Draft
from desk_app.services.syncing import keys_of
from desk_app.text.words import Words, problem_words
from desk_app.views import batch, case, people, resident, step_forms
from desk_app.views.form import FormPage
from desk_app.views.preview import preview
from desk_app.views.received import received
from desk_app.views.scans import scans
from desk_app.views.shell import Shell
from schemas.case import Granted, MaterialTaken, ReturnedForCorrection
from schemas.problems import Code, Problem
from schemas.steps import Acceptance
from sync.district.reconcile.answering import answer_case
from sync.district.reconcile.filing import reconcile_once
from sync.district.reconcile.publishing import publish_notice
from sync.seal.keys import SigningKey
from tests.support.rigs import PASSPHRASE, Island, an_island, known_by, take_case
from tests.support.screen import (
    WINDOW,
    Keyboard,
    a_display,
    press_and_see,
    settle,
    wait_until,
)
from tools.sample_cases import sample_applicant, sample_form, sample_materials

FOLDER = Path(__file__).parent.parent / "docs" / "manual" / "screens"
ITEMS: Final = (
    "HY01-02", "HY03-02", "HY05-01", "HY12-01", "HY06-01", "HY01-02", "HY04-03",
    "HY01-04",
)  # fmt: skip
# An octree keeps the small lamps their colours, which a median cut would take.
COLORS: Final = 256
WIDTH: Final = 1000
# Taken before somebody logs in, or after everything else.
_LATER: Final = {"setup", "login", "recover", "resident"}


class Work:
    """Cases in many states, as after a week at the window."""

    def __init__(self, island: Island) -> None:
        self.island = island
        self.desk = desk = island.desk
        desk.add_operator(
            login="chen", name="陈窗口", role="clerk", passphrase=PASSPHRASE,
            own=PASSPHRASE,
        )  # fmt: skip
        prefer(desk.place, "desk_phone", "0594-0000000（示例）")
        # No folder of the machine that makes the pictures is to be seen.
        prefer(desk.place, "watched_folder", "D:\\高拍仪")
        desk.unlock("chen", PASSPHRASE)
        self.numbers = [
            take_case(desk, code, seed=seed) for seed, code in enumerate(ITEMS, start=1)
        ]
        desk.unlock("lin", PASSPHRASE)
        numbers = self.numbers
        for number in numbers[:3]:
            steps.accept_case(desk.place, number, Acceptance.FULL)
        steps.request_correction(
            desk.place, numbers[4], missing=("宗海图", "海域使用论证材料"),
            due=desk.working_day(10), reason="图件未盖章",
        )  # fmt: skip
        bags.pack(desk.place, "FD-0001", numbers[:3], progress=lambda _: True)
        bags.pack(desk.place, "FD-0002", numbers[5:7], progress=lambda _: True)
        self.send()
        now, place = datetime.now(UTC), island.district
        granted = Granted(licence_number="(示)证第0001号")
        answer_case(place.record, numbers[0], granted, by="区审核", now=now)
        missing = ReturnedForCorrection(
            what_is_missing=("船舶所有权取得证明原件",), reason="复印件不清"
        )
        answer_case(place.record, numbers[1], missing, by="区审核", now=now)
        self.send()
        bags.move_bag(
            desk.place, "FD-0001", bags.PapersAt.DISTRICT, progress=lambda _: True
        )
        steps.result_arrived(desk.place, numbers[0], what="海洋渔业捕捞许可证（示例）")
        self.draft = self._a_draft("HY12-01", seed=0)
        desk.save_draft(self.draft)
        attaching.attach(
            desk.place, self.draft.draft_id, self.draft.materials[0].key,
            name="scan1.png", raw=_a_page(),
        )  # fmt: skip
        attaching.attach(
            desk.place, self.draft.draft_id, self.draft.materials[0].key,
            name="scan2.pdf", raw=_some_pages(3),
        )  # fmt: skip

    def send(self) -> None:
        """Bring what waits to the district, and what it says back."""
        place = self.island.district
        asyncio.run(self.desk.sync(impatient=True))
        reconcile_once(place.sealed, place.record, place.keys, now=datetime.now(UTC))
        asyncio.run(self.desk.sync(impatient=True))

    def _a_draft(self, code: str, *, seed: int) -> Draft:
        edition = self.desk.edition()
        item = edition.item(code)
        if item is None:
            raise LookupError(code)
        return dataclasses.replace(
            self.desk.new_draft(code),
            applicant=sample_applicant(item, seed=seed),
            form=sample_form(item, edition, seed=seed),
            materials=tuple(map(MaterialTaken.model_validate, sample_materials(item))),
        )


def _a_page() -> bytes:
    """An invented scan: lines of a form, and a round stamp that says nothing."""
    page = Image.new("RGB", (620, 877), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((30, 30, 590, 847), outline="#335577", width=3)
    for y in range(120, 800, 40):
        pen.line((70, y, 550, y), fill="#AABBCC")
    pen.ellipse((400, 650, 540, 790), outline="#C02020", width=4)
    out = BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def _some_pages(count: int) -> bytes:
    """What a scanner with a feeder makes of several sheets."""
    first, *rest = (Image.open(BytesIO(_a_page())) for _ in range(count))
    out = BytesIO()
    first.save(out, "PDF", save_all=True, append_images=rest, resolution=72)
    return out.getvalue()


class Walk:
    """Goes through the screens and takes each one's picture."""

    def __init__(self, page: ft.Page, work: Work, display: str, folder: Path) -> None:
        self.work = work
        self.desk = work.desk
        self.shell = Shell(page, self.desk, SCREENS, case.show_case)
        self.keyboard = Keyboard(display)
        self.folder = folder
        self.taken: set[str] = set()

    async def picture(self, name: str) -> None:
        """Wait until the window is still, and keep what it shows."""
        await asyncio.to_thread(settle, self.keyboard)
        shrink(self.keyboard.look(), self.folder / f"{name}.png")
        self.taken.add(name)
        print(name, flush=True)

    async def screen(self, name: str, work: Awaitable[object] | None = None) -> None:
        """Show a screen and take its picture; without work, the screen of that name."""
        await (work if work is not None else self.shell.go(name))
        await self.picture(name)

    async def type(self, text: str) -> None:
        """Type into the field that has the keyboard."""
        await asyncio.to_thread(settle, self.keyboard)
        await asyncio.to_thread(self.keyboard.type, text)

    async def go(self) -> None:
        """All screens, in the order of a day."""
        shell, desk = self.shell, self.desk
        desk.lock()
        await shell.start()
        await self.picture("login")
        await self.screen("recover")
        await shell.do(desk.unlock, "lin", PASSPHRASE)
        await shell.rounds.recount()
        await self.screen("board")
        await self._taking()
        await self._case()
        await self._lists()
        await self._without_a_line()
        await self._settings()
        await self._resident()

    async def _taking(self) -> None:
        shell, desk, draft = self.shell, self.desk, self.work.draft
        await self.screen("new")
        await self.type("hyyyb")
        await self.picture("new-find")
        fresh = await shell.do(desk.new_draft, "HY01-02")
        page = FormPage(shell, fresh)
        await self.screen("form", page.show())
        await page.check()
        await self.picture("form-faults")
        first = f"material.{draft.materials[0].key}"
        await self.screen("materials", FormPage(shell, draft).show(first))
        known = FormPage(shell, dataclasses.replace(draft, applicant={}))
        await known.show("applicant.name")
        await self.type("1390000")
        await self.picture("form-recall")
        back = FormPage(shell, draft).show
        # What a drag says is the same wherever one is possible.
        shell.drops.begin()
        await self.screen("scans", scans(shell, draft.draft_id, draft.item_code, back))
        shell.drops.over(is_over=True)
        await self.picture("scans-drag")
        shell.drops.over(is_over=False)
        await asyncio.to_thread(press_and_see, self.keyboard, "ctrl+Next")
        await asyncio.to_thread(press_and_see, self.keyboard, "ctrl+Next")
        await self.picture("scans-pages")
        await shell.go("board")
        await shell.do(desk.save_draft, draft)
        receipt = await shell.do(desk.receive_case, draft.draft_id)
        await self.screen("received", received(shell, receipt))
        self.work.numbers.append(receipt.number)

    async def _case(self) -> None:
        shell, desk, numbers = self.shell, self.desk, self.work.numbers
        await self.screen("case", shell.open_case(numbers[2]))
        await self.screen("case-received", shell.open_case(numbers[7]))

        async def back() -> None:
            await shell.open_case(numbers[7])

        kinds = (
            ("step-accept", numbers[7], "case_accepted"),
            ("step-correction", numbers[7], "correction_requested"),
            ("step-refuse", numbers[7], "case_not_accepted"),
            ("step-deliver", numbers[0], "result_delivered"),
        )
        for name, number, kind in kinds:
            view = await shell.do(desk.case, number)
            await self.screen(name, step_forms.ask(shell, view, kind, back))
        pdf = await shell.do(papers.document, desk.place, "receipt", numbers[7])
        title = Words("print")("receipt.title")
        await self.screen("preview", preview(shell, title, "receipt", pdf, back))
        await self.screen("case-returned", shell.open_case(numbers[1]))

    async def _lists(self) -> None:
        shell, desk = self.shell, self.desk
        await self.screen("cases")
        await self.type("9900")
        await self.picture("cases-search")
        await self.screen("people")
        person = desk.case(self.work.numbers[0]).application.applicant
        await self.screen("owner", people.owner(shell, person))
        await self.screen("batch", batch.batch(shell, person))
        for name in ("deliveries", "bags", "days", "figures", "sync", "help"):
            await self.screen(name)
        await self.type("HY0102")
        await asyncio.to_thread(press_and_see, self.keyboard, "Return")
        await self.picture("help-item")

    async def _without_a_line(self) -> None:
        """A stick, receipts on paper, and what the district gave out."""
        shell, record = self.shell, self.work.island.district.record
        await asyncio.to_thread(take_case, self.desk, "HY12-01", seed=99)
        await shell.go("sync")
        # The window's own directory is a throw-away folder: no real path is shown.
        await asyncio.to_thread(Path("U盘").mkdir)
        self._stick_field().value = "U盘"
        shell.page.update()
        await asyncio.to_thread(press_and_see, self.keyboard, "F6")
        await self.picture("stick")
        await shell.frame.body.scroll_to(offset=-1)
        await self.picture("paper-receipts")
        now = datetime.now(UTC)
        publish_notice(
            record, "六月一日起受理点轮流停电检修，请提前打印空白表备用。（示例）",
            until=None, by="区办公室", today=now.date(), now=now,
        )  # fmt: skip
        await asyncio.to_thread(self.work.send)
        await self.screen("notices", shell.go("board"))
        await self._forgotten()

    async def _forgotten(self) -> None:
        """A district that was put back knows this desk by a key of before."""
        shell, district = self.shell, self.work.island.district
        known_by(district, SigningKey.generate())
        await shell.go("sync")
        await asyncio.to_thread(press_and_see, self.keyboard, "F9")
        await shell.do(fresh_keys.ask, self.desk.place)
        await self.screen("known", shell.go("sync"))
        known_by(district, keys_of(self.desk.place).signing)
        await asyncio.to_thread(self.work.send)

    def _stick_field(self) -> ft.TextField:
        label = self.shell.words("stick.folder")
        fields: list[ft.Control] = [*self.shell.frame.body.controls]
        while fields:
            each = fields.pop()
            if isinstance(each, ft.TextField) and each.label == label:
                return each
            fields += getattr(each, "controls", None) or []
            inner = getattr(each, "content", None)
            fields += [inner] if isinstance(inner, ft.Control) else []
        raise LookupError(label)

    async def _settings(self) -> None:
        shell, place = self.shell, self.desk.place
        # Relative, as the stick's: no real path is shown.
        await asyncio.to_thread(Path("备份盘").mkdir)
        await shell.do(backing.choose_folder, place, "备份盘")
        for name in SCREENS:
            if name not in self.taken and name not in _LATER:
                await self.screen(name)
        shell.frame.enlarge(150)
        await self.screen("board-150", shell.go("board"))
        shell.frame.enlarge(100)
        await shell.go("board")
        shell.show_problem(Problem(Code.NO_PRINTER))
        await self.picture("problem")

    async def _resident(self) -> None:
        shell, desk = self.shell, self.desk

        async def back() -> None:
            await shell.go("board")

        draft = self.work._a_draft("HY01-04", seed=2)  # noqa: SLF001 - own kind
        await self.screen("resident-read", resident.read_back(shell, draft, back))
        shell.for_resident(on=False)
        await self.screen("resident")
        number = self.work.numbers[0]
        tail = desk.case(number).row.id_masked[-4:]
        await self.type(number)
        await asyncio.to_thread(press_and_see, self.keyboard, "Return")
        await self.type(tail)
        await asyncio.to_thread(press_and_see, self.keyboard, "Return")
        await self.picture("resident-own")


def shrink(picture: Image.Image, path: Path) -> None:
    """Save a picture small: fewer pixels, few colours."""
    height = round(picture.height * WIDTH / picture.width)
    small = picture.resize((WIDTH, height), Image.Resampling.LANCZOS)
    path.parent.mkdir(parents=True, exist_ok=True)
    few = small.quantize(COLORS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


async def first_run(page: ft.Page, display: str, folder: Path) -> None:
    """The first screen of a desk that was never set up."""
    with tempfile.TemporaryDirectory() as home:
        desk = Desk(places(Path(home)), real_hands())
        await Shell(page, desk, SCREENS, case.show_case).start()
        keyboard = Keyboard(display)
        # The window comes in its own size, and takes ours a moment later.
        await asyncio.to_thread(wait_until, lambda: page.height == WINDOW[3])
        await asyncio.to_thread(settle, keyboard)
        shrink(keyboard.look(), folder / "setup.png")
    page.clean()


Main = Callable[[ft.Page], Awaitable[None]]


def walk_of(work: Work, display: str, folder: Path, failures: list[str]) -> Main:
    async def main(page: ft.Page) -> None:
        dress(page)
        forgive_late_answers(page)
        try:
            await first_run(page, display, folder)
            await Walk(page, work, display, folder).go()
        except Problem as problem:
            failures.append(f"{problem} {problem_words(problem)}")
        finally:
            await page.window.destroy()

    return main


def run_window(main: Main) -> None:
    ft.context.disable_auto_update()
    ft.run(main, assets_dir=str(files("assets")))


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    os.environ["LIBGL_ALWAYS_SOFTWARE"] = "1"
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as name, a_display() as display:
        os.environ["DISPLAY"] = display
        temporary = Path(name)
        folder = folder.absolute()
        with an_island(temporary) as island, contextlib.chdir(temporary):
            work = Work(island)
            run_window(walk_of(work, display, folder.resolve(), failures))
            island.desk.unlock("lin", PASSPHRASE)
    if failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    main()
