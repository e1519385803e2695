"""New case: find the item by words, initials or code, or go on with a draft."""

from collections.abc import Awaitable, Callable

import flet as ft

from desk_app.components import kit
from desk_app.services.shown import DraftRow
from desk_app.text.words import local_time
from desk_app.views.finder import Finder, Hit, hit
from desk_app.views.form import FormPage
from desk_app.views.shell import Shell
from schemas.catalogue import Item

_FOUND = 8


async def new(shell: Shell) -> None:
    """Show the way to a form; Enter takes the first hit, Down goes into the list."""
    words = shell.words

    def begin(item: Item) -> Callable[[], Awaitable[None]]:
        async def go() -> None:
            draft = await shell.do(shell.desk.new_draft, item.code)
            await FormPage(shell, draft).show()

        return go

    async def look(text: str) -> list[Hit]:
        found = shell.desk.find_items(text, limit=_FOUND)
        return [hit(shell, f"{each.code}  {each.name}", begin(each)) for each in found]

    finder = Finder(shell, words("new.find"), look, helper=words("new.choose"))
    drafts = await shell.do(shell.desk.drafts)
    lines = [_draft(shell, row) for row in drafts]
    shell.hint("find")
    shell.show(
        [
            kit.title(words("new.title")),
            *finder.controls,
            kit.section(
                words("new.drafts"), [*lines] or [ft.Text(words("new.no_drafts"))]
            ),
            ft.Text(shell.desk.edition().notice, size=12),
        ]
    )
    await finder.begin()


def _draft(shell: Shell, row: DraftRow) -> ft.Control:
    words = shell.words

    async def resume() -> None:
        draft = await shell.do(shell.desk.draft, row.draft_id)
        on_spot = False
        if draft.answers_case:
            view = await shell.do(shell.desk.case, draft.answers_case)
            on_spot = "corrected_on_spot" in view.allowed
        await FormPage(shell, draft, on_spot=on_spot).show()

    why = ft.TextField(label=words("new.discard_reason"), dense=True, visible=False)

    async def discard() -> None:
        if not why.visible:
            why.visible = True
            shell.page.update()
            await kit.focus(why)
            return
        await shell.do(shell.desk.discard_draft, row.draft_id, why.value or "")
        await shell.go("new")
        shell.show_note(words("new.discarded"))

    why.on_submit = lambda _: shell.act(discard)()
    at = local_time(row.updated_at)
    label = f"{row.item_name}  {row.applicant_name}"
    by = words("new.draft_by", name=row.operator_name, time=at)
    return ft.Column(
        [
            ft.Row(
                [
                    ft.Container(
                        kit.line_button(label, shell.act(resume)), expand=True
                    ),
                    ft.Text(by, size=13),
                    kit.button(words("new.discard"), shell.act(discard)),
                ]
            ),
            why,
        ],
        spacing=0,
    )
