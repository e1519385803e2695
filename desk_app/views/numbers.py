"""Numbers without a case and spoiled blanks: void them with a reason, see them all."""

import flet as ft

from desk_app.components import kit
from desk_app.components.choice import Choice
from desk_app.services import numbering
from desk_app.views.shell import Shell


async def numbers(shell: Shell) -> None:
    """Show what was voided and the two ways to void."""
    words, place = shell.words, shell.desk.place
    found = await shell.do(numbering.voids, place)
    because = Choice(
        words("numbers.because"),
        [(each, words(f"days.gap_{each}")) for each in numbering.BECAUSE],
        value="void",
    )
    why = ft.TextField(label=words("numbers.reason"))
    control = ft.TextField(label=words("numbers.control"))
    spoiled = ft.TextField(label=words("numbers.reason"))

    async def void_number() -> None:
        chosen = next(e for e in numbering.BECAUSE if e == (because.value or "void"))
        number = await shell.do(
            numbering.void_next_number, place, why.value or "", chosen
        )
        await shell.go("numbers")
        shell.show_note(words("numbers.voided", number=number))

    async def void_blank() -> None:
        given = control.value or ""
        await shell.do(numbering.void_blank, place, given, spoiled.value or "")
        await shell.go("numbers")
        shell.show_note(words("numbers.voided", number=given.strip().upper()))

    because.done = lambda: shell.page.run_task(kit.focus, why)
    kit.enter_goes_on([why], shell.act(void_number))
    kit.enter_goes_on([control, spoiled], shell.act(void_blank))
    shell.keys = {"Escape": shell.to("settings")}
    shell.show(
        [
            kit.title(words("numbers.title")),
            kit.section(
                words("numbers.number"),
                [
                    ft.Text(words("numbers.hint"), size=14),
                    because.control,
                    why,
                    kit.button(words("numbers.void"), shell.act(void_number)),
                    *_lines(found.numbers),
                ],
            ),
            kit.section(
                words("numbers.blank"),
                [
                    ft.Text(
                        words("numbers.out", list="  ".join(found.blanks_out) or "-")
                    ),
                    control,
                    spoiled,
                    kit.button(words("numbers.spoil"), shell.act(void_blank)),
                    *_lines(found.blanks),
                ],
            ),
        ]
    )


def _lines(voided: tuple[tuple[str, str], ...]) -> list[ft.Control]:
    return [ft.Text(f"{number}  {reason}", size=14) for number, reason in voided]
