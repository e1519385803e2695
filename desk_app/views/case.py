"""One case: its state, deadlines, time line, the district's answers, and data."""

import json

import flet as ft
from pydantic import JsonValue

from desk_app.components import kit
from desk_app.services.shown import AnswerShown
from desk_app.text.words import Words, local_time
from desk_app.views.form import FormPage
from desk_app.views.lamps import lamp
from desk_app.views.paper import paper_buttons
from desk_app.views.shell import Shell
from schemas.case import CaseState, Granted, Received, Refused, ReturnedForCorrection


async def show_case(shell: Shell, number: str) -> None:
    """Show one case."""
    words, desk = shell.words, shell.desk
    view = await shell.do(desk.case, number)
    row = view.row
    item = desk.edition().item(row.item_code)
    labels = {f.name: f.label for f in desk.edition().form_fields(item)} if item else {}
    names = {m.key: m.name for m in item.materials} if item else {}
    synced = words("case.synced" if row.synced else "case.not_synced")

    async def correct() -> None:
        draft = await shell.do(desk.correction_draft, number)
        await FormPage(shell, draft).show()

    async def reprint() -> bytes:
        return await shell.do(desk.receipt_pdf, number)

    actions: list[ft.Control] = [kit.button(words("case.back"), shell.to("cases"))]
    actions += paper_buttons(shell, number, reprint)
    if row.state is CaseState.RETURNED:
        actions.append(
            kit.button(words("case.correct"), shell.act(correct), primary=True)
        )
    head = f"{words(f'state.{row.state}')} · {synced}"
    data = [
        _pair(labels.get(name, name), _plain(value))
        for name, value in view.application.form.items()
    ]
    materials = [
        _pair(names.get(each.key, each.key), Words("print")(f"form.{each.form}"))
        for each in view.application.materials
    ]
    timeline = [
        ft.Text(
            f"{local_time(line.at)}  {words(f'event.{line.what}')}  {line.by}"
            f"  {line.detail}{'' if line.synced else '  · ' + words('case.not_synced')}"
        )
        for line in view.timeline
    ]
    official = view.official_number
    shell.keys = {"Escape": shell.to("cases")}
    shell.show(
        [
            kit.title(words("case.title", number=number)),
            ft.Text(f"{row.item_name}\n{row.applicant_name} {row.id_masked}", size=16),
            ft.Text(head, size=18, color=kit.SEA, weight=ft.FontWeight.W_600),
            *([ft.Text(words("case.official", number=official))] if official else []),
            *[lamp(each, words) for each in view.deadlines],
            ft.Row(actions, wrap=True),
            kit.section(
                words("case.answers"),
                [ft.Text(_said(words, each), size=16) for each in view.answers]
                or [ft.Text(words("board.none"))],
            ),
            kit.section(words("case.timeline"), [*timeline]),
            kit.section(words("case.data"), [*data]),
            kit.section(words("case.materials"), [*materials]),
        ]
    )


def _pair(label: str, value: str) -> ft.Control:
    return ft.Row([ft.Text(label, width=240, color="#4A5F6D"), ft.Text(value)])


def _plain(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "✓" if value else "—"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _said(words: Words, shown: AnswerShown) -> str:
    answer = shown.answer
    said = words(f"event.answer_{answer.kind}")
    lines = [f"{local_time(shown.answered_at)}  {shown.answered_by}  {said}"]
    match answer:
        case Received(official_number=official) if official:
            lines.append(words("case.official", number=official))
        case ReturnedForCorrection(what_is_missing=missing, reason=reason):
            lines += [words("case.missing", text=each) for each in missing]
            lines.append(reason)
        case Granted(licence_number=licence):
            lines.append(words("case.licence", text=licence))
        case Refused(reason=reason, remedies=remedies):
            lines.append(words("case.refused", text=reason))
            lines.append(words("case.remedies", text=remedies))
        case _:
            pass
    return "\n".join(lines)
