"""One case: state, clock, what may be done now, papers, scans, time line, data."""

import flet as ft

from desk_app.components import kit
from desk_app.services import papers, registers
from desk_app.services.shown import AnswerShown, CaseView
from desk_app.text.words import Words, local_time
from desk_app.views import step_forms
from desk_app.views.form import FormPage
from desk_app.views.lamps import lamp
from desk_app.views.preview import preview
from desk_app.views.scans import scans
from desk_app.views.shell import Shell
from schemas.case import Granted, Received, Refused, ReturnedForCorrection


async def show_case(shell: Shell, number: str) -> None:
    """Show one case."""
    words, desk = shell.words, shell.desk
    view = await shell.do(desk.case, number)
    kinds = await shell.do(papers.available, desk.place, number)
    row = view.row
    item = desk.edition().item(row.item_code)
    labels = {f.name: f.label for f in desk.edition().form_fields(item)} if item else {}
    names = {m.key: m.name for m in item.materials} if item else {}
    synced = words("case.synced" if row.synced else "case.not_synced")
    data = [
        _pair(labels.get(name, name), kit.plain(value))
        for name, value in view.application.form.items()
    ]
    materials = [
        _pair(names.get(each.key, each.key), Words("print")(f"form.{each.form}"))
        for each in view.application.materials
    ]
    official = view.official_number
    shell.keys = {"Escape": shell.to("cases")}
    where = words(f"papers.{view.papers}") + (f" {view.bag}" if view.bag else "")
    shell.show(
        [
            kit.title(words("case.title", number=number)),
            ft.Text(f"{row.item_name}\n{row.applicant_name} {row.id_masked}", size=16),
            ft.Text(
                f"{words(f'state.{row.state}')} · {synced}",
                size=18, color=kit.SEA, weight=ft.FontWeight.W_600,
            ),
            *[
                ft.Text(words(f"effect.{each}"), color=kit.WARN, size=16)
                for each in view.effects
            ],
            *([ft.Text(words("case.official", number=official))] if official else []),
            *_back_entry(shell, view),
            *[lamp(each, words) for each in view.deadlines],
            kit.section(words("case.steps"), [_steps(shell, view)]),
            kit.section(words("case.papers"), [_papers(shell, view, kinds)]),
            kit.section(
                words("case.answers"),
                [ft.Text(_said(words, each), size=16) for each in view.answers]
                or [ft.Text(words("board.none"))],
            ),
            kit.section(words("case.timeline"), [*_timeline(words, view)]),
            kit.section(words("case.data"), [*data]),
            kit.section(
                f"{words('case.materials')} · {where}",
                [*materials, await _scan_button(shell, view)],
            ),
            *await _ending(shell, view),
        ]
    )  # fmt: skip


def _back_entry(shell: Shell, view: CaseView) -> list[ft.Control]:
    if not view.back_entry_reason:
        return []
    text = shell.words("case.back_entry", reason=view.back_entry_reason)
    return [ft.Text(text, color=kit.WARN)]


def _steps(shell: Shell, view: CaseView) -> ft.Control:
    words, number = shell.words, view.row.number

    async def back() -> None:
        await show_case(shell, number)

    def button(kind: str) -> ft.Control:
        async def go() -> None:
            await step_forms.ask(shell, view, kind, back)

        return kit.button(words(f"event.{kind}"), shell.act(go))

    async def correct() -> None:
        draft = await shell.do(shell.desk.correction_draft, number)
        on_spot = "corrected_on_spot" in view.allowed
        await FormPage(shell, draft, on_spot=on_spot).show()

    buttons = [button(kind) for kind in view.allowed if kind in step_forms.ASKS]
    if {"case_resubmitted", "corrected_on_spot"} & set(view.allowed):
        resubmit = "case_resubmitted" in view.allowed
        key = "case.correct" if resubmit else "event.corrected_on_spot"
        buttons.insert(0, kit.button(words(key), shell.act(correct), primary=resubmit))
    buttons.append(kit.button(words("case.back"), shell.to("cases")))
    return ft.Row(buttons, wrap=True)


def _papers(shell: Shell, view: CaseView, kinds: tuple[str, ...]) -> ft.Control:
    number, printed = view.row.number, Words("print")

    async def back() -> None:
        await show_case(shell, number)

    def button(kind: str) -> ft.Control:
        async def go() -> None:
            pdf = await shell.do(papers.document, shell.desk.place, kind, number)
            await preview(
                shell, printed(f"{kind}.title"), f"{number}-{kind}", pdf, back
            )

        return kit.button(printed(f"{kind}.title"), shell.act(go))

    return ft.Row([button(kind) for kind in kinds], wrap=True)


async def _scan_button(shell: Shell, view: CaseView) -> ft.Control:
    async def back() -> None:
        await show_case(shell, view.row.number)

    async def go() -> None:
        await scans(shell, view.row.number, view.row.item_code, back)

    return kit.button(shell.words("scans.title"), shell.act(go))


async def _ending(shell: Shell, view: CaseView) -> list[ft.Control]:
    if not view.row.vessel:
        return []
    found = await shell.do(
        registers.ending_soon, shell.desk.place, vessel=view.row.vessel
    )
    words = shell.words
    lines = [
        ft.Text(
            words(
                "people.ended" if each.ended else "people.ending",
                certificate=each.certificate, day=each.valid_until.isoformat(),
            )
        )
        for each in found
    ]  # fmt: skip
    return [kit.section(words("people.ending_title"), [*lines])] if lines else []


def _timeline(words: Words, view: CaseView) -> list[ft.Control]:
    waiting = words("case.not_synced")
    return [
        ft.Text(
            f"{local_time(line.at)}  {words(f'event.{line.what}')}  {line.by}"
            f"  {line.detail}{'' if line.synced else '  · ' + waiting}"
        )
        for line in view.timeline
    ]


def _pair(label: str, value: str) -> ft.Control:
    return ft.Row(
        [ft.Text(label, width=240, color="#4A5F6D"), ft.Text(value, expand=True)]
    )


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
