"""What a case page shows of a case: standing, answers, time line, data, materials."""

from typing import Final

import flet as ft

from desk_app.components import kit
from desk_app.services import registers
from desk_app.services.shown import AnswerShown, CaseView, TimelineLine
from desk_app.text.answer_words import answer_words
from desk_app.text.words import Words, local_time
from desk_app.views.lamps import lamp
from desk_app.views.shell import Shell

_LABEL_WIDTH: Final = 240
_BETWEEN: Final = "\uff1b"  # as the time line joins what a step said


def standing(shell: Shell, view: CaseView) -> list[ft.Control]:
    """Return what the case is, where it stands, and every legal day as a lamp."""
    words, row = shell.words, view.row
    synced = words("case.synced" if row.synced else "case.not_synced")
    said = [words(f"effect.{each}") for each in view.effects]
    if view.back_entry_reason:
        said.append(words("case.back_entry", reason=view.back_entry_reason))
    notes = []
    if view.official_number:
        notes.append(words("case.official", number=view.official_number))
    if view.visit is not None:
        place = f"{words(f'visit.{view.visit.kind}')} {view.visit.place}"
        notes.append(words("case.visit", place=place, visit=view.visit.visit_id))
    return [
        kit.title(words("case.title", number=row.number)),
        ft.Text(f"{row.item_name}\n{row.applicant_name} {row.id_masked}", size=16),
        ft.Text(
            f"{words(f'state.{row.state}')} · {synced}",
            size=18,
            color=kit.SEA,
            weight=ft.FontWeight.W_600,
        ),
        *_scans(words, view),
        *[ft.Text(each, color=kit.WARN, size=16) for each in said],
        *[ft.Text(each, size=15) for each in notes],
        *[lamp(each, words) for each in view.deadlines],
    ]


def _scans(words: Words, view: CaseView) -> list[ft.Control]:
    """Return how many scans the district has; the case is whole when it has all."""
    if not view.scans:
        return []
    said = words("case.scans", every=view.scans, there=view.scans_at_district)
    if view.scans_refused:
        said += words("case.scans_refused", count=view.scans_refused)
    whole = view.scans_at_district == view.scans
    return [ft.Text(said, color=kit.SEA if whole else kit.WARN, size=16)]


def answers(shell: Shell, view: CaseView) -> ft.Control:
    """Return what the district said."""
    words = shell.words
    lines = [ft.Text(_said(each), size=16) for each in view.answers]
    return kit.section(
        words("case.answers"), [*lines] or [ft.Text(words("case.no_answer"))]
    )


def _said(shown: AnswerShown) -> str:
    at, by = shown.answered_at, shown.answered_by
    return "\n".join(answer_words(shown.answer, at=at, by=by))


def timeline(shell: Shell, view: CaseView) -> ft.Control:
    """Return everything that happened, in order; what has not travelled says so."""
    words, narrow = shell.words, shell.frame.is_narrow
    lines = [_happened(words, each, narrow=narrow) for each in view.timeline]
    return kit.section(words("case.timeline"), [*lines])


def _happened(words: Words, line: TimelineLine, *, narrow: bool) -> ft.Control:
    what: list[ft.Control] = [
        ft.Text(local_time(line.at), size=14, width=130),
        ft.Text(words(f"event.{line.what}"), size=14, width=130),
        ft.Text(line.by, size=14, width=110),
    ]
    detail = ft.Text(_detail(words, line.detail), size=14)
    unsynced = "" if line.synced else words("case.not_synced_short")
    mark = ft.Text(unsynced, size=13, color=kit.WARN)
    if narrow:
        below = [detail] if line.detail else []
        return ft.Column([ft.Row([*what, mark], wrap=True), *below], spacing=0)
    detail.expand = True
    return ft.Row([*what, detail, mark])


def _detail(words: Words, detail: str) -> str:
    """Say what a step said: known choices in their words, the rest as it is."""
    parts = detail.split(_BETWEEN)
    return _BETWEEN.join(
        words(f"choice.{part}") if words.has(f"choice.{part}") else part
        for part in parts
    )


def answers_given(shell: Shell, view: CaseView) -> ft.Control:
    """Return the form's answers with their labels."""
    edition = shell.desk.edition_of(view.application.edition)
    item = edition.item(view.row.item_code)
    labels = {f.name: f.label for f in edition.form_fields(item)} if item else {}
    pairs = [
        _pair(labels.get(name, name), kit.plain(value))
        for name, value in view.application.form.items()
    ]
    return kit.section(shell.words("case.data"), [*pairs])


def materials(shell: Shell, view: CaseView, scans: ft.Control) -> ft.Control:
    """Return the materials, how they were handed over, and where the papers are."""
    words, printed = shell.words, Words("print")
    edition = shell.desk.edition_of(view.application.edition)
    item = edition.item(view.row.item_code)
    names = {m.key: m.name for m in item.materials} if item else {}
    where = words(f"papers.{view.papers}") + (f" {view.bag}" if view.bag else "")
    lines = []
    for each in view.application.materials:
        until = ""
        if each.valid_until:
            until = f"  {words('new.valid_until')} {each.valid_until}"
        said = f"{printed(f'form.{each.form}')}{until}"
        lines.append(_pair(names.get(each.key, each.key), said))
    owed = [names.get(key, key) for key in view.owed]
    if owed:
        said = words("case.owed", list="\u3001".join(owed))
        lines.append(ft.Text(said, color=kit.WARN))
    return kit.section(f"{words('case.materials')} · {where}", [*lines, scans])


async def ending(shell: Shell, view: CaseView) -> list[ft.Control]:
    """Return the other certificates of this boat that end within ninety days."""
    if not view.row.vessel:
        return []
    words = shell.words
    found = await shell.do(
        registers.ending_soon, shell.desk.place, vessel=view.row.vessel
    )
    lines = [ft.Text(certificate_line(words, each)) for each in found]
    title = words("case.ending_title", vessel=view.row.vessel)
    return [kit.section(title, [*lines])] if lines else []


def certificate_line(words: Words, shown: registers.CertificateShown) -> str:
    """Say which certificate ends when, or that it has ended."""
    return words(
        "people.ended" if shown.ended else "people.ending",
        certificate=shown.certificate,
        day=shown.valid_until.isoformat(),
    )


def _pair(label: str, value: str) -> ft.Control:
    return ft.Row(
        [
            ft.Text(label, width=_LABEL_WIDTH, color="#4A5F6D"),
            ft.Text(value, expand=True),
        ],
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
