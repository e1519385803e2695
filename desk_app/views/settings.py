"""Settings: operators, and one's own passphrase."""

import flet as ft

from desk_app.components import kit
from desk_app.components.choice import Choice
from desk_app.services import budgeting
from desk_app.services.preferences import prefer, preference
from desk_app.services.shown import OperatorRow
from desk_app.views.frame import SIZES
from desk_app.views.recovery import show_key
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
        _secret(words("recover.new")),
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

    budget = ft.TextField(
        label=words("budget.label"),
        value=str(await shell.do(budgeting.own_limit, desk.place)),
    )

    async def keep() -> None:
        text = (budget.value or "0").strip()
        size = int(text) if text.isdecimal() else -1
        await shell.do(budgeting.set_limit, desk.place, size)
        await shell.do(prefer, desk.place, "desk_phone", phone.value or "")
        await shell.do(prefer, desk.place, "watched_folder", folder.value or "")
        shell.show_note(words("preferences.kept"))

    async def renew() -> None:
        key = await shell.do(desk.renew_recovery_key, own.value or "")
        show_key(shell, key, "", then="settings")

    kit.enter_goes_on([login, name, new, own], shell.act(add))
    kit.enter_goes_on([old, changed], shell.act(change))
    kit.enter_goes_on([phone, folder, budget], shell.act(keep))
    session = desk.session
    supervising = session is not None and session.role == "supervisor"
    people = [_line(shell, row, new, own, manage=supervising) for row in rows]
    blocks: list[ft.Control] = [
        kit.title(words("nav.settings")),
        kit.section(words("operators.title"), people),
    ]
    if supervising:
        add_button = kit.button(words("operators.add"), shell.act(add))
        renew_button = kit.button(words("operators.new_recovery"), shell.act(renew))
        hint = ft.Text(words("operators.reset_hint"))
        buttons = ft.Row([add_button, renew_button], wrap=True)
        fields: list[ft.Control] = [login, name, supervisor, new, own, hint, buttons]
        blocks.append(kit.section(words("operators.add"), fields))
        keep_button = kit.button(words("preferences.keep"), shell.act(keep))
        trail_button = kit.button(words("trail.title"), shell.to("trail"))
        blocks.append(
            kit.section(
                words("preferences.title"),
                [phone, folder, budget, keep_button, trail_button],
            )
        )
    voids_button = kit.button(words("numbers.title"), shell.to("numbers"))
    blocks.append(kit.section(words("numbers.title"), [voids_button]))
    change_button = kit.button(words("operators.change"), shell.act(change))
    blocks.append(kit.section(words("operators.change"), [old, changed, change_button]))
    blocks.insert(1, _text_size(shell))
    shell.hint("settings")
    shell.show(blocks)


def _text_size(shell: Shell) -> ft.Control:
    words = shell.words
    sizes = [(str(each), words("preferences.percent", percent=each)) for each in SIZES]
    choice = Choice(
        words("preferences.text_size"), sizes, value=str(shell.frame.percent),
        change=lambda key: shell.act(lambda: shell.resize(int(key or 100)))(),
    )  # fmt: skip
    return kit.section(words("preferences.text_size"), [choice.control])


def _line(
    shell: Shell, row: OperatorRow, new: ft.TextField, own: ft.TextField, *,
    manage: bool,
) -> ft.Control:  # fmt: skip
    words, desk = shell.words, shell.desk
    role = words(f"operators.{row.role}" if row.active else "operators.former")

    async def remove() -> None:
        await shell.do(desk.remove_operator, row.operator_id)
        await shell.go("settings")

    async def reset() -> None:
        given = (row.operator_id, new.value or "", own.value or "")
        await shell.do(desk.reset_passphrase, *given)
        await shell.go("settings")
        shell.show_note(words("operators.reset_done", login=row.login))

    name = ft.Text(f"{row.name}  {role}", size=16)
    if not row.active or not manage:
        return name
    buttons = [
        kit.button(words("operators.reset"), shell.act(reset)),
        kit.button(words("operators.remove"), shell.act(remove)),
    ]
    return ft.Row([name, *buttons], wrap=True)
