"""The form of one draft: applicant, answers, materials, when and where; one page.

F7 checks, F8 receives, F6 is for scans, F10 for the applicant to read it back. Faults
are shown at their fields, all at once, and the first of them takes the keyboard.
"""

from typing import Final

import flet as ft

from desk_app.components import kit
from desk_app.components.fields import FieldProps
from desk_app.services import steps
from desk_app.services.shown import Draft
from desk_app.views import resident
from desk_app.views.applicant_part import ApplicantPart
from desk_app.views.materials_part import MaterialsPart
from desk_app.views.received import received
from desk_app.views.scans import scans
from desk_app.views.sheet import Sheet
from desk_app.views.shell import Shell
from desk_app.views.vessel_part import FIELD as VESSEL
from desk_app.views.vessel_part import VesselPart
from desk_app.views.when_where import WhenWhere
from schemas.catalogue import Field
from schemas.problems import Code, Problem
from schemas.steps import PapersAt

_NOT_ASKED: Final = {"signature", "derived"}


class FormPage:
    """The page of one draft: a new case, or the correction of one."""

    def __init__(self, shell: Shell, draft: Draft, *, on_spot: bool = False) -> None:
        item = shell.desk.edition().item(draft.item_code)
        if item is None:
            raise Problem(Code.ITEM_UNKNOWN, item=draft.item_code)
        self.shell = shell
        self.words = shell.words
        self.item = item
        self.on_spot = on_spot
        self.sheet = Sheet(shell, draft, item=item)
        self._reason = ft.TextField(label=self.words("case.reason"), dense=True)
        self._when = WhenWhere(shell)

    async def show(self, first: str | None = None, *, stays: bool = False) -> None:
        """Show the page and give the keyboard to a field, or to the first."""
        shell, sheet, words = self.shell, self.sheet, self.words
        correcting = bool(sheet.draft.answers_case)
        accept = self.resubmit if correcting else self.accept
        shell.keys = {
            "F6": shell.act(self.scan),
            "F7": shell.act(self.check),
            "F8": shell.act(accept),
            "F10": shell.act(self.read_back),
        }
        self._applicant = ApplicantPart(sheet, self._again)
        self._vessel = VesselPart(sheet, self._again)
        own = [control for each in self.item.fields for control in self._field(each)]
        every = shell.desk.edition().form_fields(self.item)
        common = [
            control
            for each in every[len(self.item.fields) :]
            if each.type not in _NOT_ASKED
            for control in self._field(each)
        ]
        self._materials = MaterialsPart(sheet)
        self._materials.show()
        shell.keys["Ctrl+M"] = shell.act(self._materials.all_originals)
        shell.hint("correction" if correcting else "form")
        shell.before_leaving(sheet.leave)
        last: ft.Control = self._reason
        if not correcting:
            last = kit.section(words("new.where"), self._when.controls)
        shell.show(
            [
                kit.title(f"{self.item.name}  {self.item.code}"),
                sheet.saved,
                kit.section(words("new.applicant"), self._applicant.controls),
                kit.section(words("new.form"), own),
                kit.section(words("new.common"), common),
                kit.section(words("new.materials"), [self._materials.control]),
                last,
                self._buttons(correcting=correcting),
            ],
            stays=stays,
        )
        if self._asks_vessel():
            await self._vessel.begin()
        await sheet.focus(first)

    def _buttons(self, *, correcting: bool) -> ft.Control:
        words, shell = self.words, self.shell
        key = "case.resubmit" if correcting else "new.accept"
        accept = self.resubmit if correcting else self.accept
        return ft.Row(
            [
                kit.button(words("new.check"), shell.act(self.check)),
                kit.button(words("new.scan"), shell.act(self.scan)),
                kit.button(words("new.read_back"), shell.act(self.read_back)),
                kit.button(words(key), shell.act(accept), primary=True),
            ],
            wrap=True,
        )

    def _asks_vessel(self) -> bool:
        return any(each.name == VESSEL for each in self.item.fields)

    def _field(self, field: Field) -> list[ft.Control]:
        edition, sheet = self.shell.desk.edition(), self.sheet
        props = FieldProps(
            name=field.name,
            label=field.label,
            type=field.type,
            unit=field.unit,
            required=field.required,
            options=edition.options(field),
            columns=field.rules.columns,
            value=sheet.value_of(field.name),
            hint=field.note or "",
        )
        if field.name != VESSEL:
            widget = sheet.add(props, lambda value: sheet.set_answer(field.name, value))
            return [widget.control]

        def typed(value: object) -> None:
            sheet.set_answer(field.name, str(value or ""))
            self._vessel.typed(str(value or ""))

        return [sheet.add(props, typed).control, self._vessel.control]

    async def _again(self, first: str | None = None) -> None:
        await self.sheet.keep()
        self.sheet.finish()
        await self._new_page(self.sheet.current()).show(first, stays=True)

    def _new_page(self, draft: Draft) -> "FormPage":
        page = FormPage(self.shell, draft, on_spot=self.on_spot)
        page._when, page._reason = self._when, self._reason
        return page

    async def _back(self) -> None:
        # What another screen changed meanwhile is not to be written over.
        self.sheet.finish()
        draft = await self.shell.do(self.shell.desk.draft, self.sheet.draft.draft_id)
        await self._new_page(draft).show()

    async def scan(self) -> None:
        """Look at and add scans; back to the form afterwards."""
        await self.sheet.leave()
        draft = self.sheet.draft
        person = draft.applicant
        identity = person.get("id_number") or person.get("credit_code") or ""
        await scans(self.shell, draft.draft_id, draft.item_code, self._back, identity)

    async def read_back(self) -> None:
        """Turn the window to the applicant."""
        await self.sheet.leave()
        await resident.read_back(self.shell, self.sheet.current(), self._back)

    async def check(self) -> None:
        """Show every fault at its field."""
        sheet, shell = self.sheet, self.shell
        await sheet.leave()
        self._materials.show()
        report = await shell.do(shell.desk.check, sheet.current())
        first = sheet.show_faults(report)
        shell.page.update()
        if first is not None:
            await sheet.show(first)

    async def accept(self) -> None:
        """Receive: the number, the deadline, the receipt."""
        sheet, shell = self.sheet, self.shell
        await sheet.leave()
        try:
            receipt = await shell.do(
                shell.desk.receive_case, sheet.draft.draft_id, self._when.value()
            )
        except Problem:
            await self.check()
            raise
        sheet.finish()
        if bag := self._when.bag:
            move = steps.move_papers
            await shell.do(
                move, shell.desk.place, receipt.number, PapersAt.BAG, bag=bag
            )
        await received(shell, receipt)

    async def resubmit(self) -> None:
        """Hand the correction in."""
        sheet, shell = self.sheet, self.shell
        await sheet.leave()
        draft, reason = sheet.current(), self._reason.value or ""
        try:
            if self.on_spot:
                place = shell.desk.place
                await shell.do(steps.correct_on_spot, place, draft, what=reason)
            else:
                await shell.do(shell.desk.resubmit, draft, reason)
        except Problem:
            await self.check()
            raise
        sheet.finish()
        await shell.go("cases")
