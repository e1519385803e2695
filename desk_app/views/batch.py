"""One visit, many vessels: one draft shared, exceptions per vessel, one number each."""

import flet as ft
from pydantic import JsonValue

from desk_app.components import kit
from desk_app.components.choice import Choice
from desk_app.services import registers
from desk_app.services.batching import BatchLine, take_batch
from desk_app.services.shown import Draft
from desk_app.text.words import problem_words
from desk_app.views.shell import Shell
from schemas.applicant import Organisation, Person, identity_of
from schemas.problems import Code, Problem

_ASSIGNED = ("=", "\uff1d")
_BETWEEN = (";", "\uff1b")


async def batch(shell: Shell, person: Person | Organisation) -> None:
    """Show the list of vessels, take them, and show what became of each."""
    words, place = shell.words, shell.desk.place
    owned = await shell.do(registers.vessels_of, place, identity_of(person))
    drafts = [
        row
        for row in await shell.do(shell.desk.drafts)
        if row.applicant_name == person.name
    ]
    shared = Choice(
        words("people.shared"),
        [(each.draft_id, each.item_name) for each in drafts],
        value=drafts[0].draft_id if drafts else None,
    )
    names = ft.TextField(
        label=words("people.vessels"), multiline=True, min_lines=3, max_lines=12,
        value="\n".join(each.name for each in owned),
    )  # fmt: skip
    results = ft.Column(spacing=2)
    none_yet = words("people.no_shared")
    lacking = ft.Text(none_yet, color=kit.WARN, visible=not drafts)

    async def take() -> None:
        draft = await shell.do(shell.desk.draft, shared.value or "")
        own = _answers(shell, draft, names.value or "", owned)
        if not own:
            raise Problem(Code.NO_VESSELS)
        lines = await shell.do_long("people.taking", take_batch, place, draft, own)
        results.controls = [_outcome(shell, line) for line in lines]
        shell.page.update()

    shell.keys = {"Escape": shell.to("people"), "F8": shell.act(take)}
    shell.hint("step")
    shell.show(
        [
            kit.title(f"{words('people.batch_title')}  {person.name}"),
            kit.section(
                words("people.batch_title"),
                [
                    ft.Text(words("people.batch_hint")),
                    lacking,
                    shared.control,
                    names,
                    kit.button(words("new.accept"), shell.act(take), primary=True),
                    results,
                ],
            ),
        ]
    )
    await shared.focus()


def _answers(
    shell: Shell, draft: Draft, text: str, owned: tuple[registers.VesselShown, ...]
) -> dict[str, dict[str, JsonValue]]:
    """Return each vessel's own answers: from the register, then as typed beside it."""
    item = shell.desk.edition().item(draft.item_code)
    labels = {f.label: f.name for f in item.fields} if item else {}
    fields = frozenset(labels.values())
    known = {each.name: each for each in owned}
    answers: dict[str, dict[str, JsonValue]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, *typed = _split(line, _BETWEEN)
        own = registers.answers_from(known[name], fields) if name in known else {}
        for each in typed:
            label, *value = _split(each, _ASSIGNED)
            if label in labels and value:
                own[labels[label]] = value[0]
        answers[name] = own
    return answers


def _split(text: str, marks: tuple[str, str]) -> list[str]:
    return [each.strip() for each in text.replace(marks[1], marks[0]).split(marks[0])]


def _outcome(shell: Shell, line: BatchLine) -> ft.Control:
    if line.problem is None:
        return ft.Text(f"{line.vessel}  {line.number}", color=kit.INK)
    heading = problem_words(line.problem)[0]
    kept = shell.words("people.kept")
    said = f"{line.vessel}  [{int(line.problem.code)}] {heading} · {kept}"
    return ft.Text(said, color=kit.WARN)
