"""Applicants and vessels: recalled, with what ends soon, and many vessels at once."""

import flet as ft

from desk_app.components import kit
from desk_app.components.choice import Choice
from desk_app.services import registers
from desk_app.services.batching import take_batch
from desk_app.store.cases import CaseFilter
from desk_app.text.words import problem_words
from desk_app.views.cases import CaseList
from desk_app.views.shell import Shell
from schemas.applicant import Organisation, Person, identity_of


async def people(shell: Shell) -> None:
    """Show the registers."""
    words, place = shell.words, shell.desk.place
    found = ft.Column(spacing=6)

    async def look(text: str) -> None:
        persons = await shell.do(shell.desk.recall_applicants, text, limit=8)
        boats = (
            await shell.do(registers.find_vessels, place, text) if text.strip() else ()
        )
        found.controls = [
            *[_person(shell, each) for each in persons],
            *[_vessel(shell, each) for each in boats],
        ]
        found.update()

    field = ft.TextField(
        label=words("people.find"), autofocus=True,
        on_change=lambda e: shell.act(lambda: look(e.control.value or ""))(),
    )  # fmt: skip
    ending = await shell.do(registers.ending_soon, place)
    lines = [
        ft.Text(
            f"{each.vessel} "
            + words(
                "people.ended" if each.ended else "people.ending",
                certificate=each.certificate, day=each.valid_until.isoformat(),
            )
        )
        for each in ending[:20]
    ]  # fmt: skip
    shell.show(
        [
            kit.title(words("people.title")),
            field,
            found,
            kit.section(
                words("people.ending_title"),
                [*lines] or [ft.Text(words("board.none"))],
            ),
        ]
    )
    await kit.focus(field)


def _cases_of(shell: Shell, wanted: CaseFilter) -> ft.Control:
    async def go() -> None:
        await CaseList(shell, wanted).show()

    return kit.button(shell.words("people.cases"), shell.act(go))


def _person(shell: Shell, person: Person | Organisation) -> ft.Control:
    identity = identity_of(person)

    async def many() -> None:
        await batch(shell, person)

    return ft.Row(
        [
            ft.Text(f"{person.name}  ****{identity[-4:]}  {person.phone}", expand=True),
            _cases_of(shell, CaseFilter(identity=identity)),
            kit.button(shell.words("people.batch"), shell.act(many)),
        ]
    )


def _vessel(shell: Shell, vessel: registers.VesselShown) -> ft.Control:
    return ft.Row(
        [
            ft.Text(f"{vessel.name}  ****{vessel.owner[-4:]}", expand=True),
            _cases_of(shell, CaseFilter(vessel=vessel.name)),
        ]
    )


async def batch(shell: Shell, person: Person | Organisation) -> None:
    """One visit, many vessels: one draft shared, exceptions per vessel."""
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

    async def take() -> None:
        draft = await shell.do(shell.desk.draft, shared.value or "")
        wanted = [name.strip() for name in (names.value or "").splitlines()]
        known = {each.name: each for each in owned}
        item = shell.desk.edition().item(draft.item_code)
        fields = frozenset(f.name for f in item.fields) if item else frozenset[str]()
        own = {
            name: registers.answers_from(known[name], fields) if name in known else {}
            for name in wanted
            if name
        }
        lines = await shell.do(take_batch, place, draft, own)
        results.controls = [
            ft.Text(
                f"{line.vessel}  {line.number}"
                if line.problem is None
                else f"{line.vessel}  [{int(line.problem.code)}] "
                f"{problem_words(line.problem)[0]} · {words('people.kept')}",
                color=kit.INK if line.problem is None else kit.WARN,
            )
            for line in lines
        ]
        shell.page.update()

    shell.keys = {"Escape": shell.to("people"), "F8": shell.act(take)}
    shell.show(
        [
            kit.title(f"{words('people.batch')}  {person.name}"),
            kit.section(
                words("people.batch"),
                [
                    ft.Text(words("people.batch_hint")),
                    shared.control,
                    names,
                    kit.button(words("new.accept"), shell.act(take), primary=True),
                    results,
                ],
            ),
        ]
    )
