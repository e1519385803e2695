"""One draft on the screen: its answers, its widgets in order, and its keeping.

Rule 1: every change is on disk within a second; leaving the screen keeps at once.
Rule 2: one keeping at a time, the newest state last; none after the draft is done.
"""

import asyncio
import dataclasses
from collections.abc import Callable

import flet as ft
from pydantic import JsonValue

from desk_app.components import kit
from desk_app.components.fields import FieldProps, FieldWidget, build
from desk_app.services.drafting import CheckReport
from desk_app.services.shown import Draft
from desk_app.text.words import CHINA, problem_words
from desk_app.views.shell import Shell
from schemas.case import MaterialTaken
from schemas.catalogue import Item
from schemas.problems import Problem

_KEEP_AFTER_S = 0.4
# A field's label stands on its upper edge and reaches over it.
_LABEL = 12


class Sheet:
    """What the parts of the form page share."""

    def __init__(self, shell: Shell, draft: Draft, *, item: Item) -> None:
        self.shell = shell
        self.words = shell.words
        self.item = item
        self.draft = draft
        self.materials: dict[str, MaterialTaken] = {m.key: m for m in draft.materials}
        self.saved = ft.Text("", size=13, color=kit.GOOD)
        self.kept: list[Callable[[], object]] = []
        """Called after each keeping: parts that depend on other answers."""
        self._widgets: dict[str, FieldWidget] = {}
        self._order: list[str] = []
        self._soon: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()
        self._done = False

    def current(self) -> Draft:
        """Return the draft as it stands on the screen."""
        return dataclasses.replace(self.draft, materials=tuple(self.materials.values()))

    def add(
        self, props: FieldProps, change: Callable[[JsonValue], None]
    ) -> FieldWidget:
        """Build a field's widget; Enter in it goes on to the next one."""

        def on() -> None:
            self.shell.page.run_task(self.next, props.name)

        widget = _placed(props.name, build(props, change, on, self.words))
        self.register(props.name, widget)
        return widget

    def register(self, name: str, widget: FieldWidget) -> None:
        """Take a widget into the order in which Enter goes on."""
        self._widgets[name] = widget
        if name not in self._order:
            self._order.append(name)

    def value_of(self, name: str) -> JsonValue:
        """Return an answer as typed so far."""
        return self.draft.form.get(name)

    def set_answer(self, name: str, value: JsonValue) -> None:
        """Take one answer."""
        form = {**self.draft.form, name: value}
        self.draft = dataclasses.replace(self.draft, form=form)
        self.keep_soon()

    def set_applicant(self, part: str, text: str) -> None:
        """Take one particular of the applicant."""
        applicant = {**self.draft.applicant, part: text}
        self.draft = dataclasses.replace(self.draft, applicant=applicant)
        self.keep_soon()

    def set_material(self, key: str, taken: MaterialTaken | None) -> None:
        """Take how a material was handed over, or that nothing is said of it."""
        if taken is None:
            self.materials.pop(key, None)
        else:
            self.materials[key] = taken
        self.keep_soon()

    async def next(self, name: str) -> None:
        """Go on to the field after this one that is asked."""
        for following in self._order[self._order.index(name) + 1 :]:
            if self._widgets[following].control.visible:
                await self.focus(following)
                return

    async def focus(self, name: str | None = None) -> None:
        """Give the keyboard to a field, or to the first."""
        name = name or self._order[0]
        if name in self._widgets:
            await self._widgets[name].focus()

    async def show(self, name: str) -> None:
        """Give the keyboard to a field, and bring it into sight with its label.

        The toolkit does so for a field that gets the keyboard, not for one that has it
        already and was rolled out of sight.
        """
        rolling = self.shell.frame.rolling
        if name == self._order[0]:
            await rolling.to_top()
        else:
            await rolling.to(name, above=_LABEL)
        await self.focus(name)

    def keep_soon(self) -> None:
        """Keep the draft when the typing pauses."""
        self._forget_soon()
        self._soon = asyncio.get_running_loop().create_task(self._keep_later())

    def _forget_soon(self) -> None:
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None

    async def _keep_later(self) -> None:
        await asyncio.sleep(_KEEP_AFTER_S)
        self._soon = None
        try:
            await self.keep()
        except Problem as problem:
            self.shell.show_problem(problem)

    async def leave(self) -> None:
        """Keep what was typed last; called when the screen is left."""
        if not self._done:
            self.settle()
            await self.keep()

    async def keep(self) -> None:
        """Write the draft down now."""
        self._forget_soon()
        async with self._one_at_a_time:
            if self._done:
                return
            typed = self.draft.applicant.get("name", "")
            kept = await self.shell.do(self.shell.desk.save_draft, self.current())
            named = kept.applicant.get("name", "")
            if named != typed == self.draft.applicant.get("name", ""):
                # A code point or parts became their character: show it in the field.
                applicant = {**self.draft.applicant, "name": named}
                self.draft = dataclasses.replace(self.draft, applicant=applicant)
                self._widgets["applicant.name"].set_value(named)
        if kept.updated_at:
            at = f"{kept.updated_at.astimezone(CHINA):%H:%M:%S}"
            self.saved.value = self.words("new.saved", time=at)
            self.saved.color = kit.GOOD
            kit.refresh(self.saved)
        for each in self.kept:
            each()

    def finish(self) -> None:
        """Keep nothing more: the draft became a case, or was handed in."""
        self._done = True
        self._forget_soon()

    def settle(self) -> None:
        """Take what was typed into choices that still have the focus."""
        for widget in self._widgets.values():
            widget.settle()

    def show_faults(self, report: CheckReport) -> str | None:
        """Show every fault at its field; returns the name of the first."""
        first: str | None = None
        for widget in self._widgets.values():
            widget.set_fault(None)
        for fault in report.faults:
            if fault.field not in self._widgets or not fault.blocks:
                continue
            heading, _, do = problem_words(Problem(fault.code, **fault.params))
            said = f"[{int(fault.code)}] {heading} {do}"
            self._widgets[fault.field].set_fault(said)
        for name in self._order:
            blocked = any(f.field == name and f.blocks for f in report.faults)
            first = first or (name if blocked else None)
        count = sum(fault.blocks for fault in report.faults)
        key = "new.faults" if count else "new.no_faults"
        self.saved.value = self.words(key, count=count)
        self.saved.color = kit.WARN if count else kit.GOOD
        return first


def _placed(name: str, widget: FieldWidget) -> FieldWidget:
    """A widget that the screen can be rolled to by its name."""
    placed = ft.Column(
        [kit.place(name), widget.control],
        spacing=0,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return dataclasses.replace(widget, control=placed)
