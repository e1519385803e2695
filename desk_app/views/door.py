"""The door: first set-up with its recovery key, and logging in."""

import flet as ft

from desk_app.components import kit
from desk_app.views.recovery import show_key
from desk_app.views.shell import Shell


def _field(label: str, *, value: str = "", secret: bool = False) -> ft.TextField:
    return ft.TextField(
        label=label, value=value, password=secret, can_reveal_password=secret, width=460
    )


async def login(shell: Shell) -> None:
    """Log in by name and passphrase; Enter goes on."""
    words = shell.words
    who = _field(words("login.login"))
    passphrase = _field(words("login.passphrase"), secret=True)

    async def enter() -> None:
        await shell.do(shell.desk.unlock, who.value or "", passphrase.value or "")
        await shell.resize_as_remembered()
        await shell.go("board")
        shell.page.run_task(shell.rounds.recount)

    kit.enter_goes_on([who, passphrase], shell.act(enter))
    who.autofocus = True
    shell.hint("door")
    shell.show(
        [
            kit.title(words("app.title")),
            kit.section(
                words("login.title"),
                [
                    who,
                    passphrase,
                    kit.button(words("login.enter"), shell.act(enter), primary=True),
                    kit.button(words("recover.open"), shell.to("recover")),
                ],
            ),
        ]
    )
    await kit.focus(who)


async def setup(shell: Shell) -> None:
    """Make the vault; the recovery key is shown this once."""
    words = shell.words
    desk_name = _field(words("setup.desk_name"))
    town = _field(words("setup.town"), value="350305107")
    who, name = _field(words("setup.login")), _field(words("setup.name"))
    passphrase = _field(words("setup.passphrase"), secret=True)

    async def make() -> None:
        key = await shell.do(
            shell.desk.set_up,
            desk_name=desk_name.value or "",
            town=town.value or "",
            login=who.value or "",
            name=name.value or "",
            passphrase=passphrase.value or "",
        )
        show_key(shell, key, desk_name.value or "", then="login")

    fields = [desk_name, town, who, name, passphrase]
    kit.enter_goes_on(fields, shell.act(make))
    shell.hint("door")
    make_button = kit.button(words("setup.make"), shell.act(make), primary=True)
    shell.show([kit.section(words("setup.title"), [*fields, make_button])])
    await kit.focus(desk_name)
