"""Help without a line: how to do things, and the law of each item as far as known."""

from collections.abc import Awaitable, Callable
from typing import Final

import flet as ft

from desk_app.components import kit
from desk_app.services import sheets
from desk_app.views.finder import Finder, Hit, hit
from desk_app.views.preview import preview
from desk_app.views.shell import Shell
from schemas.catalogue import Item

_FOUND: Final = 12
_TOPICS: Final = ("keys", "receive", "correct", "defer", "deliver", "offline", "blanks")


async def handbook(shell: Shell) -> None:
    """Show the topics, and find an item."""
    words = shell.words

    def opener(item: Item) -> Callable[[], Awaitable[None]]:
        async def go() -> None:
            await _item(shell, item)

        return go

    async def look(text: str) -> list[Hit]:
        found = shell.desk.find_items(text, limit=_FOUND)
        return [hit(shell, f"{each.code}  {each.name}", opener(each)) for each in found]

    finder = Finder(shell, words("help.find"), look)
    topics = [
        kit.section(
            words(f"help.{each}_title"), [ft.Text(words(f"help.{each}"), size=15)]
        )
        for each in _TOPICS
    ]
    shell.hint("find")
    shell.show([kit.title(words("help.title")), *finder.controls, *topics])
    await finder.begin()


async def _item(shell: Shell, item: Item) -> None:
    words = shell.words

    async def back() -> None:
        await _item(shell, item)

    async def told() -> None:
        pdf = await shell.do(sheets.told_for_item, shell.desk.place, item.code)
        await preview(shell, item.name, item.code, pdf, back)

    async def blank() -> None:
        pdfs = await shell.do(sheets.blank_forms, shell.desk.place, item.code, 1)
        await preview(shell, item.name, f"{item.code}-blank", pdfs[0], back)

    basis = [
        ft.Text(
            f"{each.law}（{each.version or ''}）{each.article or words('help.null')}"
            f"  · {words(f'text_status.{each.text_status}')}\n{each.note or ''}"
        )
        for each in item.legal_basis
    ]
    limits = words(
        "help.limits",
        statutory=item.statutory_limit.days or "—",
        promised=item.promised_limit.days if item.promised_limit.days is not None
        else "—",
    )  # fmt: skip
    shell.keys = {
        "Escape": shell.to("help"), "F6": shell.act(told), "F7": shell.act(blank)
    }  # fmt: skip
    shell.hint("item")
    shell.show(
        [
            kit.title(f"{item.code}  {item.name}"),
            ft.Row(
                [
                    kit.button(words("case.back"), shell.to("help")),
                    kit.button(words("help.told"), shell.act(told)),
                    kit.button(words("help.blank"), shell.act(blank)),
                ]
            ),
            kit.section(
                words("help.authority"),
                [
                    ft.Text(f"{item.category} · {item.case_kind}"),
                    ft.Text(
                        f"{item.authority.decision_level}  · "
                        + words(f"certainty.{item.authority.confidence}")
                    ),
                    ft.Text(limits),
                    ft.Text(item.fee.note or "—"),
                    ft.Text(item.renewal_lead or ""),
                ],
            ),
            kit.section(words("help.basis"), [*basis]),
            kit.section(
                words("new.materials"),
                [
                    ft.Text(f"{m.name} · {m.form} · {m.condition or ''}")
                    for m in item.materials
                ],
            ),
            ft.Text(shell.desk.edition().notice, size=12),
        ]
    )
