"""The line: where the conversation stands, sending now, and enrolment."""

from pathlib import Path

import flet as ft

from desk_app.components import kit
from desk_app.services import fresh_keys
from desk_app.services.shown import SyncStatus
from desk_app.text.words import Words, local_time, problem_words
from desk_app.views.quarantine import quarantine_section
from desk_app.views.shell import Shell
from desk_app.views.sticks import paper_section, stick_section
from schemas.problems import Code, Problem


async def line(shell: Shell) -> None:
    """Show the line, or the way to enrol."""
    words = shell.words
    status = await shell.do(shell.desk.sync_status)
    fingerprint = await shell.do(shell.desk.fingerprint)
    theirs = await shell.do(shell.desk.district_fingerprint)
    marks = [
        ft.Text(words("enrol.own", fingerprint=fingerprint), selectable=True),
        ft.Text(words("enrol.theirs", fingerprint=theirs or "-"), selectable=True),
    ]
    controls: list[ft.Control] = [
        kit.title(words("sync.title")),
        kit.section(words("sync.title"), [*_standing(words, status)]),
        kit.button(words("sync.now"), shell.act(shell.send_now), primary=True),
    ]
    fresh = await _fresh_keys(shell, status)
    controls.extend([fresh] if fresh is not None else [])
    if not status.enrolled:
        controls.append(kit.section(words("enrol.title"), [*_enrolment(shell), *marks]))
    else:
        quarantined = await quarantine_section(shell)
        controls.extend([quarantined] if quarantined is not None else [])
        controls += [await stick_section(shell), paper_section(shell)]
        controls.append(kit.section(words("enrol.title"), [*marks]))
        controls.append(kit.button(words("backup.title"), shell.to("backup")))
    # An address that is being typed is not wiped by a sending.
    shell.show(controls, again=(lambda: line(shell)) if status.enrolled else None)


def _standing(words: Words, status: SyncStatus) -> list[ft.Control]:
    contact = status.last_contact_at
    lines = [
        words(
            "sync.line",
            waiting=status.waiting,
            contact=local_time(contact) if contact else "-",
        )
    ]
    if status.oldest_waiting_at:
        lines.append(words("sync.oldest", time=local_time(status.oldest_waiting_at)))
    if status.scans_waiting:
        size = f"{status.scan_bytes_waiting / 2**20:.1f}"
        lines.append(words("sync.scans", count=status.scans_waiting, size=size))
    if status.next_try_at:
        lines.append(words("sync.next_try", time=local_time(status.next_try_at)))
    if status.last_problem:
        heading = problem_words(Problem(status.last_problem))[0]
        code = int(status.last_problem)
        lines.append(words("sync.problem", code=code, title=heading))
    for batch in status.refused:
        heading = problem_words(Problem(batch.code))[0]
        lines.append(
            words(
                "sync.refused",
                first=batch.first,
                last=batch.last,
                code=int(batch.code),
                title=heading,
            )
        )
    return [ft.Text(each, size=15) for each in lines]


async def _fresh_keys(shell: Shell, status: SyncStatus) -> ft.Control | None:
    """At 320 and 300: who may, asks; then the fingerprint to read out, until a yes."""
    words = shell.words
    request = await shell.do(fresh_keys.asked, shell.desk.place)
    refused = status.last_problem
    if not status.enrolled or (request is None and refused not in fresh_keys.ASKS_AT):
        return None
    room = "known" if refused is Code.DEVICE_UNKNOWN else "fresh"
    if request is not None:
        room = fresh_keys.about(request)

    async def ask() -> None:
        await shell.do(fresh_keys.ask, shell.desk.place)
        await shell.send_now()
        await shell.go("sync")

    if request is None:
        said = [
            ft.Text(words(f"{room}.help"), size=15),
            kit.button(words(f"{room}.ask"), shell.act(ask), primary=True),
        ]
    else:
        mark = fresh_keys.asked_fingerprint(request)
        said = [
            ft.Text(words(f"{room}.mark", fingerprint=mark), selectable=True),
            ft.Text(words(f"{room}.pending"), size=15),
            kit.button(words("fresh.poll"), shell.act(ask)),
        ]
    return kit.section(words(f"{room}.title"), [*said])


def _enrolment(shell: Shell) -> list[ft.Control]:
    words = shell.words
    url = ft.TextField(label=words("enrol.url"))
    code = ft.TextField(label=words("enrol.code"))
    file = ft.TextField(label=words("enrol.grant_file"))
    state = ft.Text("", size=16)

    async def ask() -> None:
        said = await shell.desk.enrol_with_code(url.value or "", code.value or "")
        state.value = words(f"enrol.{said}")
        shell.page.update()

    async def poll() -> None:
        said = await shell.desk.poll_grant()
        if said == "granted":
            await shell.go("sync")
            return
        state.value = words(f"enrol.{said}")
        shell.page.update()

    async def apply() -> None:
        text = await shell.do(_read, file.value or "")
        await shell.do(shell.desk.apply_grant, text)
        await shell.go("sync")

    return [
        url,
        code,
        ft.Row(
            [
                kit.button(words("enrol.ask"), shell.act(ask), primary=True),
                kit.button(words("enrol.poll"), shell.act(poll)),
            ]
        ),
        file,
        kit.button(words("enrol.apply"), shell.act(apply)),
        state,
    ]


def _read(name: str) -> str:
    try:
        return Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(Code.FILE_NOT_READABLE, file=name) from error
