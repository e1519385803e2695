"""Settings: operators, and one's own passphrase."""

import flet as ft

from desk_app.components import kit
from desk_app.components.choice import Choice
from desk_app.services.preferences import prefer, preference
from desk_app.services.shown import OperatorRow
from desk_app.views.frame import SIZES
from desk_app.views.shell import Shell


def _secret(label: str) -> ft.TextField:
    return ft.TextField(label=label, password=True, can_reveal_password=True)


async def settings(shell: Shell) -> None:
    """Show the operators and the passphrase form."""
    words, desk = shell.words, shell.desk
    rows = await shell.do(desk.operators)
    login, name = (
        ft.TextField(label=words("operators.login")),
        ft.TextField(label=words("operators.name")),
    )
    supervisor = ft.Checkbox(label=words("operators.supervisor"))
    new, own = (
        _secret(words("operators.new_passphrase")),
        _secret(words("operators.own_passphrase")),
    )
    old, changed = (
        _secret(words("operators.old")),
        _secret(words("setup.passphrase")),
    )

    async def add() -> None:
        await shell.do(
            desk.add_operator,
            login=login.value or "",
            name=name.value or "",
            role="supervisor" if supervisor.value else "clerk",
            passphrase=new.value or "",
            own=own.value or "",
        )
        await shell.go("settings")

    async def change() -> None:
        await shell.do(desk.change_passphrase, old.value or "", changed.value or "")
        shell.show_note(words("operators.changed"))

    phone = ft.TextField(
        label=words("preferences.desk_phone"),
        value=await shell.do(preference, desk.place, "desk_phone"),
    )
    folder = ft.TextField(
        label=words("preferences.watched_folder"), value=str(shell.watched())
    )

    async def keep() -> None:
        await shell.do(prefer, desk.place, "desk_phone", phone.value or "")
        await shell.do(prefer, desk.place, "watched_folder", folder.value or "")
        shell.show_note(words("preferences.kept"))

    session = desk.session
    people = [_line(shell, row) for row in rows]
    blocks: list[ft.Control] = [
        kit.title(words("nav.settings")),
        kit.section(words("operators.title"), people),
    ]
    if session is not None and session.role == "supervisor":
        add_button = kit.button(words("operators.add"), shell.act(add))
        fields: list[ft.Control] = [login, name, supervisor, new, own, add_button]
        blocks.append(kit.section(words("operators.add"), fields))
        keep_button = kit.button(words("preferences.keep"), shell.act(keep))
        trail_button = kit.button(words("trail.title"), shell.to("trail"))
        blocks.append(
            kit.section(
                words("preferences.title"), [phone, folder, keep_button, trail_button]
            )
        )
    voids_button = kit.button(words("numbers.title"), shell.to("numbers"))
    blocks.append(kit.section(words("numbers.title"), [voids_button]))
    change_button = kit.button(words("operators.change"), shell.act(change))
    blocks.append(kit.section(words("operators.change"), [old, changed, change_button]))
    size_words = [
        (str(each), words("preferences.percent", percent=each)) for each in SIZES
    ]
    size = Choice(
        words("preferences.text_size"), size_words, value=str(shell.frame.percent),
        change=lambda key: shell.act(lambda: shell.resize(int(key or 100)))(),
    )  # fmt: skip
    blocks.insert(1, kit.section(words("preferences.text_size"), [size.control]))
    shell.hint("settings")
    shell.show(blocks)


def _line(shell: Shell, row: OperatorRow) -> ft.Control:
    words = shell.words
    role = words(f"operators.{row.role}" if row.active else "operators.former")

    async def remove() -> None:
        await shell.do(shell.desk.remove_operator, row.operator_id)
        await shell.go("settings")

    name = ft.Text(f"{row.name}  {role}", size=16)
    if not row.active:
        return name
    return ft.Row([name, kit.button(words("operators.remove"), shell.act(remove))])
