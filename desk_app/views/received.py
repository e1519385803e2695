"""After a case was received: its number, its first legal day, its receipt."""

import flet as ft

from desk_app.components import kit
from desk_app.services import papers
from desk_app.services.shown import CaseReceipt
from desk_app.text.words import Words
from desk_app.views.paper import print_pdf_of, save_pdf_of
from desk_app.views.preview import preview
from desk_app.views.shell import Shell


async def received(shell: Shell, receipt: CaseReceipt) -> None:
    """Show the number, and the keys for what usually follows."""
    words, number = shell.words, receipt.number
    name = f"{number}-receipt"

    async def again() -> None:
        await received(shell, receipt)

    async def save() -> None:
        await save_pdf_of(shell, name, receipt.pdf)

    async def to_printer() -> None:
        await print_pdf_of(shell, name, receipt.pdf)

    async def slip() -> None:
        pdf = await shell.do(papers.document, shell.desk.place, "slip", number)
        title = Words("print")("slip.title")
        await preview(shell, title, f"{number}-slip", pdf, again)

    async def open_case() -> None:
        await shell.open_case(number)

    steps = (
        ("F6", "new.print", to_printer), ("F7", "new.save_pdf", save),
        ("F8", "new.slip", slip),
    )  # fmt: skip
    shell.keys = {key: shell.act(verb) for key, _, verb in steps}
    shell.hint("received")
    day = receipt.notice_deadline.day.isoformat()
    onward = kit.button(words("new.open_case"), shell.act(open_case), primary=True)
    shell.show(
        [
            kit.title(words("new.done", number=number)),
            ft.Text(words("new.notice", day=day), size=16),
            ft.Text(words("case.not_synced"), color=kit.WARN, size=16),
            ft.Row(
                [
                    kit.button(f"{words(word)} {key}", shell.act(verb))
                    for key, word, verb in steps
                ],
                wrap=True,
            ),
            ft.Row([onward, kit.button(words("new.next"), shell.to("new"))]),
        ]
    )
    await shell.refresh_header()
    await kit.focus(onward)
