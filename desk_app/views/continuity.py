"""Backups, drills, and what befell this desk: shown, and acted on by supervisors."""

from datetime import datetime
from pathlib import Path

import flet as ft

from desk_app.components import kit
from desk_app.services import backing, freezing, healing, renumbering, restoring
from desk_app.services.continuity import Continuity, continuity, incident_seen
from desk_app.text.words import Words, local_time
from desk_app.views.shell import Shell


async def warnings(shell: Shell) -> list[ft.Control]:
    """What the board says of it: what happened, frozen numbers, backup and drill."""
    words, desk = shell.words, shell.desk
    state = await shell.do(continuity, desk.place, desk.places)
    # A number on two papers is a task of its own, further down.
    said = [
        _incident(words, each.what, each.detail)
        for each in state.unseen
        if each.what != "number_on_two_papers"
    ]
    if state.frozen:
        until = state.frozen_until or "-"
        said.append(words(f"frozen.{state.frozen}", day=until))
    said += [
        words("numbers.shared", old=each.old, new=each.new)
        for each in state.shared_numbers
    ]
    lines: list[ft.Control] = [ft.Text(each, color=kit.WARN, size=16) for each in said]
    if said:
        lines.append(kit.button(words("backup.look"), shell.to("backup")))
    lines.append(ft.Text(_safety(words, state), size=12))
    return lines


def _incident(words: Words, what: str, detail: dict[str, str]) -> str:
    shown = {
        name: local_time(datetime.fromisoformat(value))
        if name.endswith("_at")
        else value
        for name, value in detail.items()
    }
    return words(f"incident.{what}", **shown)


def _safety(words: Words, state: Continuity) -> str:
    backup = words("backup.none")
    if state.last_backup_at is not None:
        backup = words("backup.last", time=local_time(state.last_backup_at))
    drill = words("backup.drill_never")
    if state.last_drill_at is not None:
        drill = words(
            "backup.drill_last", time=local_time(state.last_drill_at),
            seconds=f"{state.last_drill_s:.1f}",
        )  # fmt: skip
    return f"{backup}　{drill}"


async def backup(shell: Shell) -> None:
    """Show the screen."""
    desk = shell.desk
    state = await shell.do(continuity, desk.place, desk.places)
    session = desk.session
    leads = session is not None and session.role == "supervisor"
    shell.show(
        [
            kit.title(shell.words("backup.title")),
            *_happened(shell, state),
            *_numbers(shell, state, leads=leads),
            *_backups(shell, state, leads=leads),
        ],
        again=None,
    )


def _happened(shell: Shell, state: Continuity) -> list[ft.Control]:
    words, desk = shell.words, shell.desk

    def line(what: str, detail: dict[str, str], at: str, incident: int) -> ft.Control:
        async def seen() -> None:
            await shell.do(incident_seen, desk.place, incident)
            await shell.go("backup")

        when = local_time(datetime.fromisoformat(at))
        text = f"{when}  {_incident(words, what, detail)}"
        return ft.Row(
            [
                ft.Text(text, size=15, expand=True),
                kit.button(words("incident.seen"), shell.act(seen)),
            ]
        )

    lines = [line(e.what, e.detail, e.at, e.id) for e in state.unseen]
    if state.cloned:

        async def only() -> None:
            await shell.do(healing.declare_only, desk.place)
            await shell.go("backup")

        lines.append(ft.Text(words("incident.clone_help"), size=14))
        lines.append(kit.button(words("incident.only_copy"), shell.act(only)))
    return [kit.section(words("incident.title"), lines)] if lines else []


def _numbers(shell: Shell, state: Continuity, *, leads: bool) -> list[ft.Control]:
    words, desk = shell.words, shell.desk
    lines: list[ft.Control] = []
    if state.frozen:
        day = state.frozen_until or "-"
        lines.append(ft.Text(words(f"frozen.{state.frozen}", day=day), size=15))
    if state.frozen == "restored" and leads:
        last = ft.TextField(label=words("numbers.last_on_paper"))

        async def resume() -> None:
            await shell.do(freezing.resume_after, desk.place, last.value or "")
            await shell.go("backup")
            shell.show_note(words("numbers.resumed"))

        lines += [last, kit.button(words("numbers.resume"), shell.act(resume))]

    def shared(old: str, new: str) -> ft.Control:
        async def told() -> None:
            await shell.do(renumbering.told, desk.place, new)
            await shell.go("backup")

        text = words("numbers.shared", old=old, new=new)
        return ft.Row(
            [
                ft.Text(text, size=15, expand=True),
                kit.button(words("numbers.told"), shell.act(told)),
            ]
        )

    lines += [shared(each.old, each.new) for each in state.shared_numbers]
    return [kit.section(words("numbers.after_restore"), lines)] if lines else []


def _backups(shell: Shell, state: Continuity, *, leads: bool) -> list[ft.Control]:
    words, desk = shell.words, shell.desk
    folder = ft.TextField(label=words("backup.folder"), value=state.folder)
    key = ft.TextField(label=words("backup.drill_key"), password=True)

    async def keep() -> None:
        await shell.do(backing.choose_folder, desk.place, folder.value or "")
        shell.show_note(words("backup.folder_kept"))

    async def make() -> None:
        made = await shell.do_long(
            "works.backup", backing.back_up, desk.place, desk.places
        )
        await shell.go("backup")
        shell.show_note(words("backup.made", file=str(Path(made.file).name)))

    async def drill() -> None:
        done = await shell.do_long(
            "works.drill", restoring.drill, desk.place, desk.places,
            recovery_key=key.value or None,
        )  # fmt: skip
        await shell.go("backup")
        word = "drill.good" if done.good else "drill.bad"
        shell.show_note(
            words(
                word, seconds=f"{done.took_ms / 1000:.1f}", lost=done.entries_lost,
                back=done.entries_from_district, drafts=done.drafts_lost,
            )
        )  # fmt: skip

    async def prepare() -> None:
        await shell.do(backing.prepare, desk.place, desk.places, key.value or "")
        await shell.go("backup")
        shell.show_note(words("backup.prepared"))

    kit.enter_goes_on([key], shell.act(drill if state.prepared else prepare))
    kit.enter_goes_on([folder], shell.act(keep))
    lines: list[ft.Control] = [ft.Text(_safety(words, state), size=15)]
    if not state.prepared:
        lines += [key, kit.button(words("backup.prepare"), shell.act(prepare))]
    else:
        lines.append(kit.button(words("backup.now"), shell.act(make), primary=True))
        lines += [key, kit.button(words("backup.drill"), shell.act(drill))]
    if leads:
        lines += [folder, kit.button(words("backup.keep_folder"), shell.act(keep))]
    return [kit.section(words("backup.title"), lines)]
