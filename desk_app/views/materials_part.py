"""The form's list of materials: what is due, how each was handed over, until when."""

from typing import Final

import flet as ft

from desk_app.components import kit
from desk_app.components.choice import Choice
from desk_app.components.fields import FieldWidget
from desk_app.text.words import Words
from desk_app.views.sheet import Sheet
from schemas.case import MaterialForm, MaterialTaken
from schemas.catalogue import Material
from schemas.forms.check import MaterialDue
from schemas.forms.values import read_day

_CHOICE_WIDTH: Final = 240


class MaterialsPart:
    """The materials that the answers so far make due."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.control = ft.Column(spacing=6)
        self._shown: tuple[str, ...] = ()
        sheet.kept.append(self.show_if_changed)

    def show(self) -> None:
        """Show what is due now."""
        due = self._due()
        self._shown = tuple(line.material.key for line in due)
        self.control.controls = [self._line(line.material) for line in due]
        self.sheet.shell.frame.attend([self.control])

    def show_if_changed(self) -> None:
        """Show it again where an answer made a material due, or no longer due."""
        if tuple(line.material.key for line in self._due()) != self._shown:
            self.show()
            kit.refresh(self.control)

    async def all_originals(self) -> None:
        """Take every material of which nothing was said as handed over, original."""
        for line in self._due():
            key = line.material.key
            if key not in self.sheet.materials:
                taken = MaterialTaken(key=key, form=MaterialForm.ORIGINAL)
                self.sheet.set_material(key, taken)
        self.show()
        kit.refresh(self.control)

    def _due(self) -> list[MaterialDue]:
        report = self.sheet.shell.desk.check(self.sheet.current())
        return [due for due in report.materials if due.verdict != "does_not"]

    def _line(self, material: Material) -> ft.Control:
        sheet, words, key = self.sheet, self.sheet.words, material.key
        name = f"material.{key}"
        choice = self._choice(material)
        choice.control.controls.insert(0, kit.place(name))
        sheet.register(
            name,
            FieldWidget(
                choice.control, choice.focus, choice.set_fault, settle=choice.settle
            ),
        )
        hints = [
            words("new.due_when", condition=material.condition)
            if material.condition
            else "",
            words("new.deferrable") if material.deferrable else "",
        ]
        said = "  ".join(filter(None, hints))
        label = ft.Column(
            [ft.Text(material.name), ft.Text(said, size=12, visible=bool(said))],
            spacing=0,
        )
        return kit.beside(
            label, [self._until(key), choice.control],
            narrow=sheet.shell.frame.is_narrow,
        )  # fmt: skip

    def _choice(self, material: Material) -> Choice:
        sheet, key = self.sheet, material.key
        printed = Words("print")
        kept = sheet.materials.get(key)
        forms = [
            form
            for form in MaterialForm
            if form is not MaterialForm.DEFERRED or material.deferrable
        ]

        def take(form: str | None) -> None:
            if form is None:
                sheet.set_material(key, None)
                return
            before = sheet.materials.get(key)
            until = before.valid_until if before else None
            taken = MaterialTaken(key=key, form=MaterialForm(form), valid_until=until)
            sheet.set_material(key, taken)

        return Choice(
            sheet.words("new.handed_over"),
            [(str(form), printed(f"form.{form}")) for form in forms],
            value=str(kept.form) if kept else None,
            change=take,
            done=lambda: sheet.shell.page.run_task(sheet.next, f"material.{key}"),
            width=_CHOICE_WIDTH,
        )

    def _until(self, key: str) -> ft.TextField:
        sheet, words = self.sheet, self.sheet.words
        kept = sheet.materials.get(key)

        def take(text: str) -> None:
            taken = sheet.materials.get(key)
            day = read_day(text)
            field.error = words("new.not_a_day") if text and day is None else None
            kit.refresh(field)
            if taken is not None and not (text and day is None):
                changed = taken.model_copy(update={"valid_until": day})
                sheet.set_material(key, changed)

        field = ft.TextField(
            label=words("new.valid_until"),
            value=(kept.valid_until or "") if kept else "",
            dense=True,
            width=150,
            on_blur=lambda e: take(e.control.value or ""),
        )
        return field
