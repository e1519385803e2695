"""New case: the item, the applicant, the item's form, the materials; one page.

Every change is saved as a draft within a second; F7 checks, F8 accepts. Faults are
shown at their fields, all at once, and the first of them takes the focus.
"""

import asyncio
import dataclasses
from collections.abc import Callable

import flet as ft
from pydantic import JsonValue

from desk_app.components import kit
from desk_app.components.choice import Choice
from desk_app.components.fields import FieldProps, FieldWidget, build
from desk_app.services import steps
from desk_app.services.shown import Draft
from desk_app.text.words import Words, problem_words
from desk_app.views.paper import paper_buttons
from desk_app.views.resident import read_back
from desk_app.views.scans import scans
from desk_app.views.shell import Shell
from desk_app.views.when_where import WhenWhere
from schemas.applicant import Organisation, Person, identity_of
from schemas.case import MaterialForm, MaterialTaken
from schemas.catalogue import Field, Item
from schemas.forms.values import read_day
from schemas.problems import Problem

_SAVE_AFTER_S = 0.4
_RECALL_AFTER_S = 0.2
_FOUND = 8


async def new(shell: Shell) -> None:
    """Find an item by Chinese words, pinyin initials or code."""
    words = shell.words
    found = ft.Column(spacing=2)
    hits: list[Item] = []

    async def begin(code: str) -> None:
        draft = await shell.do(shell.desk.new_draft, code)
        await FormPage(shell, draft).show()

    def choose(code: str) -> Callable[[], object]:
        return shell.act(lambda: begin(code))

    def look(text: str) -> None:
        hits[:] = shell.desk.find_items(text, limit=_FOUND)
        found.controls = [
            ft.TextButton(
                f"{item.code}  {item.name}",
                on_click=lambda _, code=item.code: choose(code)(),
            )
            for item in hits
        ]
        found.update()

    async def resume(draft_id: str) -> None:
        draft = await shell.do(shell.desk.draft, draft_id)
        await FormPage(shell, draft).show()

    def resuming(draft_id: str) -> Callable[[], object]:
        return shell.act(lambda: resume(draft_id))

    field = ft.TextField(
        label=words("new.find"),
        helper=words("new.choose"),
        autofocus=True,
        on_change=lambda e: look(e.control.value or ""),
        on_submit=lambda _: choose(hits[0].code)() if hits else None,
    )
    drafts = [
        kit.link(
            f"{row.item_name}  {row.applicant_name}",
            resuming(row.draft_id),
        )
        for row in await shell.do(shell.desk.drafts)
    ]
    shell.show(
        [
            kit.title(words("new.title")),
            field,
            found,
            kit.section(words("board.drafts"), [*drafts]),
            ft.Text(shell.desk.edition().notice, size=12),
        ]
    )
    look("")
    await kit.focus(field)


class FormPage:
    """The page of one draft."""

    def __init__(self, shell: Shell, draft: Draft, *, on_spot: bool = False) -> None:
        self.shell = shell
        self.draft = draft
        self.words = shell.words
        self.on_spot = on_spot
        edition = shell.desk.edition()
        item = edition.item(draft.item_code)
        if item is None:
            message = "a draft is of a known item"
            raise LookupError(message)
        self.item = item
        self._widgets: dict[str, FieldWidget] = {}
        self._order: list[str] = []
        self._materials: dict[str, MaterialTaken] = {m.key: m for m in draft.materials}
        self._due = ft.Column(spacing=6)
        self._saved = ft.Text("", size=12, color=kit.GOOD)
        self._recalled = ft.Column(spacing=0)
        self._reason = ft.TextField(label=self.words("case.reason"), dense=True)
        self._when = WhenWhere(self.words)
        self._save_task: asyncio.Task[None] | None = None
        self._recall_task: asyncio.Task[None] | None = None

    async def show(self, first: str | None = None) -> None:
        """Show the page and put the focus on a field, or on the first."""
        words, shell = self.words, self.shell
        accept = self.resubmit if self.draft.answers_case else self.accept
        key = "case.resubmit" if self.draft.answers_case else "new.accept"
        shell.keys = {
            "F8": shell.act(accept),
            "F7": shell.act(self.check),
            "F6": shell.act(self.scan),
            "F10": shell.act(self.read_back),
        }
        edition = shell.desk.edition()
        applicant = [self._widget(*each).control for each in self._applicant_fields()]
        own = [self._of_item(field) for field in self.item.fields]
        common = [
            self._of_item(field)
            for field in edition.form_fields(self.item)[len(self.item.fields) :]
            if field.type not in {"signature", "derived"}
        ]
        shell.show(
            [
                kit.title(f"{self.item.name}  {self.item.code}"),
                self._saved,
                kit.section(words("new.applicant"), [*applicant, self._recalled]),
                kit.section(words("new.form"), own),
                kit.section(words("new.common"), common),
                kit.section(words("new.materials"), [self._due]),
                *(
                    [self._reason]
                    if self.draft.answers_case
                    else [kit.section(words("new.where"), self._when.controls)]
                ),
                ft.Row(
                    [
                        kit.button(words("new.check"), shell.act(self.check)),
                        kit.button(words("new.scan"), shell.act(self.scan)),
                        kit.button(words("new.read_back"), shell.act(self.read_back)),
                        kit.button(words(key), shell.act(accept), primary=True),
                    ]
                ),
            ]
        )
        self._show_due()
        await self._focus(first or self._order[0])

    def _applicant_fields(self) -> list[tuple[str, str, str, tuple[str, ...]]]:
        words = self.words
        kinds = tuple(words(f"applicant.{each}") for each in self.item.applicant_kinds)
        kind = self.draft.applicant.get("kind")
        # A person has no credit code and a body no id; before a choice both are shown.
        not_asked = {"person": "credit_code", None: ""}.get(kind, "id_number")
        every = [
            ("applicant.kind", words("applicant.kind"), "select", kinds),
            ("applicant.name", words("applicant.name_hint"), "text", ()),
            ("applicant.id_number", words("applicant.id_number"), "id_number", ()),
            ("applicant.credit_code", words("applicant.credit_code"), "uscc", ()),
            ("applicant.phone", words("applicant.phone"), "phone", ()),
            ("applicant.address", words("applicant.address"), "text", ()),
        ]
        return [each for each in every if each[0] != f"applicant.{not_asked}"]

    def _widget(
        self, name: str, label: str, kind: str, options: tuple[str, ...]
    ) -> FieldWidget:
        part = name.removeprefix("applicant.")
        value: JsonValue = self.draft.applicant.get(part, "")
        if part == "kind" and value:
            value = self.words(f"applicant.{value}")
        props = FieldProps(
            name,
            label,
            kind,
            None,
            required=False,
            options=options,
            columns=(),
            value=value,
            hint="",
        )
        return self._add(props, lambda value: self._set_applicant(part, value))

    def _of_item(self, field: Field) -> ft.Control:
        edition = self.shell.desk.edition()
        props = FieldProps(
            field.name,
            field.label,
            field.type,
            field.unit,
            field.required,
            edition.options(field),
            field.rules.columns,
            self.draft.form.get(field.name),
            field.note or "",
        )
        return self._add(props, lambda value: self._set(field.name, value)).control

    def _add(
        self, props: FieldProps, change: Callable[[JsonValue], None]
    ) -> FieldWidget:
        def done() -> None:
            self.shell.page.run_task(self._next, props.name)

        widget = build(props, change, done, self.words)
        self._widgets[props.name] = widget
        self._order.append(props.name)
        return widget

    async def _next(self, name: str) -> None:
        index = self._order.index(name) + 1
        if index < len(self._order):
            await self._focus(self._order[index])

    async def _focus(self, name: str) -> None:
        if name in self._widgets:
            await self._widgets[name].focus()

    def _set(self, name: str, value: JsonValue) -> None:
        self.draft = dataclasses.replace(
            self.draft, form={**self.draft.form, name: value}
        )
        self._save_soon()

    def _set_applicant(self, part: str, value: JsonValue) -> None:
        text = str(value or "")
        if part == "kind":
            kinds = self.item.applicant_kinds
            names = {self.words(f"applicant.{each}"): str(each) for each in kinds}
            text = names.get(text, text)
        self.draft = dataclasses.replace(
            self.draft, applicant={**self.draft.applicant, part: text}
        )
        if part in {"name", "id_number", "phone"}:
            self._recall_soon(text)
        self._save_soon()
        if part == "kind":
            self.shell.act(self._kind_chosen)()

    async def _kind_chosen(self) -> None:
        await self._save()
        await self._again("applicant.name")

    async def _again(self, first: str | None = None) -> None:
        draft = dataclasses.replace(
            self.draft, materials=tuple(self._materials.values())
        )
        await FormPage(self.shell, draft, on_spot=self.on_spot).show(first)

    async def scan(self) -> None:
        """Look at and add scans; back to the form afterwards."""
        await self._save()
        person = self.draft.applicant
        identity = person.get("id_number") or person.get("credit_code") or ""
        draft = self.draft
        await scans(self.shell, draft.draft_id, draft.item_code, self._again, identity)

    async def read_back(self) -> None:
        """Turn the window to the applicant."""
        await self._save()

        async def back() -> None:
            draft = await self.shell.do(self.shell.desk.draft, self.draft.draft_id)
            await FormPage(self.shell, draft, on_spot=self.on_spot).show()

        await read_back(self.shell, self.draft, back)

    def _recall_soon(self, text: str) -> None:
        if self._recall_task is not None:
            self._recall_task.cancel()
        self._recall_task = asyncio.get_running_loop().create_task(self._recall(text))

    async def _recall(self, text: str) -> None:
        # Looked up when the typing pauses, never between two keys.
        await asyncio.sleep(_RECALL_AFTER_S)
        verb = self.shell.desk.recall_applicants
        known = await self.shell.do(verb, text, limit=3)
        self._recalled.controls = [
            ft.TextButton(
                f"{self.words('new.known')}: {each.name} {identity_of(each)[-4:]}",
                on_click=lambda _, who=each: self.shell.act(lambda: self._take(who))(),
            )
            for each in known
        ]
        self._recalled.update()

    async def _take(self, who: Person | Organisation) -> None:
        given = who.model_dump(mode="json", exclude={"contact_note"})
        applicant = {name: str(value) for name, value in given.items()}
        self.draft = dataclasses.replace(self.draft, applicant=applicant)
        await self._save()
        await FormPage(self.shell, self.draft).show()

    def _save_soon(self) -> None:
        if self._save_task is not None:
            self._save_task.cancel()
        self._save_task = asyncio.get_running_loop().create_task(self._save_later())

    async def _save_later(self) -> None:
        await asyncio.sleep(_SAVE_AFTER_S)
        try:
            await asyncio.shield(self._save())
        except Problem as problem:
            self.shell.show_problem(problem)

    async def _save(self) -> None:
        draft = dataclasses.replace(
            self.draft, materials=tuple(self._materials.values())
        )
        kept = await self.shell.do(self.shell.desk.save_draft, draft)
        typed = self.draft.applicant.get("name", "")
        named = kept.applicant.get("name", "")
        self.draft = dataclasses.replace(self.draft, materials=kept.materials)
        if named != typed:
            # A code point or parts became their character: show it in the field.
            self.draft = dataclasses.replace(self.draft, applicant=kept.applicant)
            self._widgets["applicant.name"].set_value(named)
        at = f"{kept.updated_at:%H:%M:%S}" if kept.updated_at else ""
        self._saved.value = self.words("new.saved", time=at)
        self._saved.update()

    def _settle(self) -> None:
        """Take what was typed into choices that still have the focus."""
        for widget in self._widgets.values():
            widget.settle()

    def _show_due(self) -> None:
        report = self.shell.desk.check(self.draft)
        lines = [due for due in report.materials if due.verdict != "does_not"]
        self._due.controls = [
            self._material(due.material.key, due.material.name, due.material.condition)
            for due in lines
        ]
        self._due.update()

    def _material(self, key: str, name: str, condition: str | None) -> ft.Control:
        printed = Words("print")
        kept = self._materials.get(key)
        hint = self.words("new.due_when", condition=condition) if condition else ""

        def set_form(form: str | None) -> None:
            if form is None:
                self._materials.pop(key, None)
                self._save_soon()
                return
            until = kept.valid_until if (kept := self._materials.get(key)) else None
            self._materials[key] = MaterialTaken(
                key=key, form=MaterialForm(form), valid_until=until
            )
            self._save_soon()

        def set_until(text: str) -> None:
            taken = self._materials.get(key)
            day = read_day(text)
            ends.error = self.words("new.not_a_day") if text and day is None else None
            ends.update()
            if taken is None or (text and day is None):
                return
            self._materials[key] = taken.model_copy(update={"valid_until": day})
            self._save_soon()

        name_of_widget = f"material.{key}"
        choice = Choice(
            self.words("new.handed_over"),
            [(str(form), printed(f"form.{form}")) for form in MaterialForm],
            value=str(kept.form) if kept else None,
            change=set_form,
            done=lambda: self.shell.page.run_task(self._next, name_of_widget),
            width=240,
        )
        self._widgets[name_of_widget] = FieldWidget(
            choice.control, choice.focus, choice.set_fault, settle=choice.settle
        )
        if name_of_widget not in self._order:
            self._order.append(name_of_widget)
        ends = ft.TextField(
            label=self.words("new.valid_until"),
            value=kept.valid_until or "" if kept else "",
            dense=True,
            width=150,
            on_blur=lambda e: set_until(e.control.value or ""),
        )
        label = ft.Column(
            [ft.Text(name), ft.Text(hint, size=12, visible=bool(hint))], spacing=0
        )
        label.expand = True
        return ft.Row([label, ends, choice.control])

    async def check(self) -> None:
        """Show every fault at its field."""
        self._settle()
        await self._save()
        self._show_due()
        report = await self.shell.do(
            self.shell.desk.check,
            dataclasses.replace(self.draft, materials=tuple(self._materials.values())),
        )
        first: str | None = None
        for widget in self._widgets.values():
            widget.set_fault(None)
        for fault in report.faults:
            heading, _, _ = problem_words(Problem(fault.code, **fault.params))
            if fault.field in self._widgets and fault.blocks:
                self._widgets[fault.field].set_fault(f"[{int(fault.code)}] {heading}")
                first = first or fault.field
        count = sum(fault.blocks for fault in report.faults)
        self._saved.value = self.words("new.faults", count=count) if count else ""
        self.shell.page.update()
        if first is not None:
            await self._focus(first)

    async def accept(self) -> None:
        """Accept: the number, the deadline, the receipt."""
        self._settle()
        await self._save()
        try:
            receipt = await self.shell.do(
                self.shell.desk.receive_case, self.draft.draft_id, self._when.value()
            )
        except Problem:
            await self.check()
            raise
        words, number = self.words, receipt.number

        async def pdf() -> bytes:
            return receipt.pdf

        day = receipt.notice_deadline.day.isoformat()
        self.shell.keys = {}
        self.shell.show(
            [
                kit.title(words("new.done", number=number)),
                ft.Text(words("new.notice", day=day), size=16),
                ft.Text(words("case.not_synced"), color=kit.WARN),
                ft.Row(paper_buttons(self.shell, number, pdf)),
                kit.button(words("new.next"), self.shell.to("new"), primary=True),
            ]
        )
        await self.shell.refresh_header()

    async def resubmit(self) -> None:
        """Hand the correction in."""
        await self._save()
        draft = dataclasses.replace(
            self.draft, materials=tuple(self._materials.values())
        )
        reason = self._reason.value or ""
        if self.on_spot:
            place = self.shell.desk.place
            await self.shell.do(steps.correct_on_spot, place, draft, what=reason)
        else:
            await self.shell.do(self.shell.desk.resubmit, draft, reason)
        await self.shell.go("cases")
