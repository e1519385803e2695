"""The recovery key in the window: a forgotten passphrase, and a new key on paper."""

import flet as ft

from desk_app.components import kit
from desk_app.views.paper import print_button
from desk_app.views.shell import Shell


async def recover(shell: Shell) -> None:
    """Give somebody a new passphrase by the key on paper; then to the door."""
    words = shell.words
    key = ft.TextField(label=words("recover.key"), width=460)
    who = ft.TextField(label=words("login.login"), width=460)
    new = ft.TextField(
        label=words("recover.new"), password=True, can_reveal_password=True, width=460
    )

    async def make() -> None:
        given = (key.value or "", who.value or "", new.value or "")
        await shell.do(shell.desk.recover, *given)
        await shell.go("login")
        shell.show_note(words("recover.done", login=given[1]))

    kit.enter_goes_on([key, who, new], shell.act(make))
    make_button = kit.button(words("recover.make"), shell.act(make), primary=True)
    back = kit.button(words("recover.back"), shell.to("login"))
    shell.hint("door")
    shell.show(
        [
            kit.section(
                words("recover.title"), [key, who, new, ft.Row([make_button, back])]
            )
        ]
    )
    await kit.focus(key)


def show_key(shell: Shell, key: str, desk_name: str, *, then: str) -> None:
    """Show a fresh recovery key, this once; to the printer, never to a file."""
    words = shell.words

    async def page() -> bytes:
        return await shell.do(shell.desk.recovery_page, key, desk_name)

    shown = ft.Text(words("setup.recovery", key=key), size=18, selectable=True)
    paper = print_button(shell, words("setup.print"), words("setup.page"), page)
    noted = kit.button(words(f"setup.noted_{then}"), shell.to(then), primary=True)
    shell.show([kit.section(words("setup.page"), [shown, paper, noted])])
