"""The form's vessel: known ones offered, their answers taken over, what ends soon."""

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Final

import flet as ft
from pydantic import JsonValue

from desk_app.components import kit
from desk_app.services import registers
from desk_app.views.recall import Known, Recall
from desk_app.views.sheet import Sheet
from schemas.forms.values import is_empty

_KEYS: Final = ("Ctrl+4", "Ctrl+5", "Ctrl+6", "Ctrl+7")
FIELD: Final = "vessel_name_no"
Again = Callable[[str | None], Awaitable[None]]


class VesselPart:
    """What stands under the vessel's field."""

    def __init__(self, sheet: Sheet, again: Again) -> None:
        self.sheet = sheet
        self.again = again
        self.recall = Recall(sheet.shell, _KEYS, self._look)
        self._ending = ft.Column(spacing=2)
        self.control = ft.Column([self.recall.control, self._ending], spacing=2)

    async def begin(self) -> None:
        """Offer the applicant's own vessels, or show what ends for the one given."""
        vessel = self.sheet.value_of(FIELD)
        if isinstance(vessel, str) and vessel:
            await self._show_ending(vessel)
            return
        given = self.sheet.draft.applicant
        owner = given.get("id_number") or given.get("credit_code") or ""
        await self.recall.now(owner)

    def typed(self, value: JsonValue) -> None:
        """Look for what was typed."""
        self.recall.soon(str(value or ""))

    async def _look(self, text: str) -> list[Known]:
        shell = self.sheet.shell
        limit = len(_KEYS)
        find = registers.find_vessels
        found = await shell.do(find, shell.desk.place, text, limit=limit)
        if len(found) == 1:
            await self._show_ending(found[0].name)
        return [
            Known(f"{each.name} ****{each.owner[-4:]}", self._taker(each))
            for each in found
        ]

    def _taker(self, vessel: registers.VesselShown) -> Callable[[], Awaitable[None]]:
        async def take() -> None:
            sheet = self.sheet
            names = frozenset(each.name for each in sheet.item.fields)
            known = registers.answers_from(vessel, names)
            mine = {k: v for k, v in sheet.draft.form.items() if not is_empty(v)}
            form = {**known, **mine, FIELD: vessel.name}
            sheet.draft = dataclasses.replace(sheet.draft, form=form)
            await self.again(FIELD)

        return take

    async def _show_ending(self, vessel: str) -> None:
        shell, words = self.sheet.shell, self.sheet.words
        found = await shell.do(registers.ending_soon, shell.desk.place, vessel=vessel)
        self._ending.controls = [
            ft.Text(
                words(
                    "people.ended" if each.ended else "people.ending",
                    certificate=each.certificate, day=each.valid_until.isoformat(),
                ),
                color=kit.WARN, size=14,
            )
            for each in found
        ]  # fmt: skip
        kit.refresh(self._ending)
