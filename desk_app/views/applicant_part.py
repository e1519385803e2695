"""The form's applicant: a person or a body, known from earlier visits or new."""

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Final

import flet as ft
from pydantic import JsonValue

from desk_app.components import kit
from desk_app.components.fields import FieldProps
from desk_app.views.recall import Known, Recall
from desk_app.views.sheet import Sheet
from schemas.applicant import Organisation, Person, identity_of

_KEYS: Final = ("Ctrl+1", "Ctrl+2", "Ctrl+3")
_RECALLED_BY: Final = {"name", "id_number", "credit_code", "phone"}
# A person has no credit code and a body no id; before a choice both are asked.
_NOT_ASKED: Final = {"person": "credit_code", None: "", "": ""}
_PARTS: Final = ("kind", "name", "id_number", "credit_code", "phone", "address")
_TYPES: Final = {"id_number": "id_number", "credit_code": "uscc", "phone": "phone"}
Again = Callable[[str | None], Awaitable[None]]


class ApplicantPart:
    """`again` shows the whole page anew, the keyboard at the named field."""

    def __init__(self, sheet: Sheet, again: Again) -> None:
        self.sheet = sheet
        self.again = again
        self.recall = Recall(sheet.shell, _KEYS, self._look)
        self._fields = {part: self._field(part) for part in _PARTS}
        self.controls: list[ft.Control] = [
            *self._fields.values(), self.recall.control
        ]  # fmt: skip
        self._ask_by_kind()

    def _ask_by_kind(self) -> None:
        unasked = _NOT_ASKED.get(self.sheet.draft.applicant.get("kind"), "id_number")
        for part, control in self._fields.items():
            control.visible = part != unasked

    def _field(self, part: str) -> ft.Control:
        sheet, words = self.sheet, self.sheet.words
        value = sheet.draft.applicant.get(part, "")
        options: tuple[str, ...] = ()
        if part == "kind":
            kinds = sheet.item.applicant_kinds
            options = tuple(words(f"applicant.{each}") for each in kinds)
            value = words(f"applicant.{value}") if value else ""
        label = words("applicant.name_hint" if part == "name" else f"applicant.{part}")
        props = FieldProps(
            name=f"applicant.{part}",
            label=label,
            type="select" if part == "kind" else _TYPES.get(part, "text"),
            unit=None,
            required=False,
            options=options,
            columns=(),
            value=value,
            hint="",
        )
        return sheet.add(props, lambda value: self._take(part, value)).control

    def _take(self, part: str, value: JsonValue) -> None:
        text = str(value or "")
        sheet = self.sheet
        if part == "kind":
            kinds = sheet.item.applicant_kinds
            names = {sheet.words(f"applicant.{each}"): str(each) for each in kinds}
            text = names.get(text, text)
        sheet.set_applicant(part, text)
        if part in _RECALLED_BY:
            self.recall.soon(text)
        if part == "kind":
            self._ask_by_kind()
            for control in self._fields.values():
                kit.refresh(control)

    async def _look(self, text: str) -> list[Known]:
        shell = self.sheet.shell
        kinds = set(self.sheet.item.applicant_kinds)
        found = await shell.do(shell.desk.recall_applicants, text, limit=len(_KEYS))
        return [
            Known(f"{each.name} ****{identity_of(each)[-4:]}", self._taker(each))
            for each in found
            if each.kind in kinds
        ]

    def _taker(self, who: Person | Organisation) -> Callable[[], Awaitable[None]]:
        async def take() -> None:
            given = who.model_dump(mode="json", exclude={"contact_note"})
            applicant = {name: str(value) for name, value in given.items()}
            sheet = self.sheet
            sheet.draft = dataclasses.replace(sheet.draft, applicant=applicant)
            await self.again(self._first_of_item())

        return take

    def _first_of_item(self) -> str | None:
        fields = self.sheet.item.fields
        return fields[0].name if fields else None
