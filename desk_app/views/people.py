"""Applicants and vessels: recalled by any mark, with what they own and what ends."""

import flet as ft

from desk_app.components import kit
from desk_app.services import registers
from desk_app.store.cases import CaseFilter
from desk_app.views.batch import batch
from desk_app.views.case_parts import certificate_line
from desk_app.views.cases import CaseList
from desk_app.views.finder import Finder, Hit, hit
from desk_app.views.shell import Shell
from schemas.applicant import Organisation, Person, identity_of

_FOUND = 8
_ENDING = 20


async def people(shell: Shell) -> None:
    """Show the registers."""
    words, place = shell.words, shell.desk.place

    async def look(text: str) -> list[Hit]:
        text = text.strip()
        if not text:
            return []
        persons = await shell.do(shell.desk.recall_applicants, text, limit=_FOUND)
        boats = await shell.do(registers.find_vessels, place, text)
        return [
            *[_person_hit(shell, each) for each in persons],
            *[_vessel_hit(shell, each.name, each.owner) for each in boats],
        ]

    finder = Finder(shell, words("people.find"), look)
    ending = await shell.do(registers.ending_soon, place)
    lines = [
        kit.link(
            f"{each.vessel}  {certificate_line(words, each)}",
            _case_opener(shell, each.number),
        )
        for each in ending[:_ENDING]
    ]
    shell.hint("find")
    shell.show(
        [
            kit.title(words("people.title")),
            *finder.controls,
            kit.section(
                words("people.ending_title"),
                [*lines] or [ft.Text(words("board.none"))],
            ),
        ]
    )
    await finder.begin()


def _case_opener(shell: Shell, number: str) -> kit.Action:
    async def go() -> None:
        await shell.open_case(number)

    return shell.act(go)


def _person_hit(shell: Shell, person: Person | Organisation) -> Hit:
    async def go() -> None:
        await owner(shell, person)

    label = f"{person.name}  ****{identity_of(person)[-4:]}  {person.phone}"
    return hit(shell, label, go)


def _vessel_hit(shell: Shell, name: str, owned_by: str) -> Hit:
    async def go() -> None:
        await vessel(shell, name)

    return hit(shell, f"{name}  ****{owned_by[-4:]}", go)


def _list_of(shell: Shell, wanted: CaseFilter) -> kit.Action:
    async def go() -> None:
        await CaseList(shell, wanted).show()

    return shell.act(go)


async def owner(shell: Shell, person: Person | Organisation) -> None:
    """Show one applicant: vessels, certificates, cases, and many vessels at once."""
    words, place, identity = shell.words, shell.desk.place, identity_of(person)
    boats = await shell.do(registers.vessels_of, place, identity)
    held = await shell.do(registers.certificates_of, place, owner=identity)
    agents = await shell.do(registers.agents_of, place, identity)

    async def many() -> None:
        await batch(shell, person)

    def opener(name: str) -> kit.Action:
        async def go() -> None:
            await vessel(shell, name)

        return shell.act(go)

    cases = _list_of(shell, CaseFilter(identity=identity))
    shell.keys = {"Escape": shell.to("people"), "F7": shell.act(many), "F6": cases}
    shell.hint("owner")
    shell.show(
        [
            kit.title(person.name),
            ft.Text(f"****{identity[-4:]}  {person.phone}\n{person.address}", size=16),
            ft.Row(
                [
                    kit.button(words("case.back"), shell.to("people")),
                    kit.button(words("people.cases"), cases),
                    kit.button(words("people.batch"), shell.act(many)),
                ]
            ),
            kit.section(
                words("people.owned"),
                [kit.link(each.name, opener(each.name)) for each in boats]
                or [ft.Text(words("find.none"))],
            ),
            _certificates(shell, held),
            kit.section(
                words("people.agents"),
                [_agent(shell, each) for each in agents]
                or [ft.Text(words("find.none"))],
            ),
        ]
    )


def _agent(shell: Shell, agent: registers.AgentShown) -> ft.Control:
    words = shell.words
    until = agent.valid_until.isoformat() if agent.valid_until else "—"
    key = "people.agent_ended" if agent.ended else "people.agent"
    said = words(
        key, name=agent.name, tail=agent.agent_id[-4:], relation=agent.relation,
        until=until,
    )  # fmt: skip
    return kit.link(said, _case_opener(shell, agent.number))


async def vessel(shell: Shell, name: str) -> None:
    """Show one vessel: whose it is, its certificates, its cases."""
    words, place = shell.words, shell.desk.place
    found = await shell.do(registers.find_vessels, place, name)
    known = next((each for each in found if each.name == name), None)
    held = await shell.do(registers.certificates_of, place, vessel=name)
    cases = _list_of(shell, CaseFilter(vessel=name))
    shell.keys = {"Escape": shell.to("people"), "F6": cases}
    shell.hint("owner")
    whose = words("people.whose", tail=known.owner[-4:]) if known else ""
    shell.show(
        [
            kit.title(name),
            ft.Text(whose, size=16),
            ft.Row(
                [
                    kit.button(words("case.back"), shell.to("people")),
                    kit.button(words("people.cases"), cases),
                ]
            ),
            _certificates(shell, held),
        ]
    )


def _certificates(
    shell: Shell, held: tuple[registers.CertificateShown, ...]
) -> ft.Control:
    words = shell.words
    lines = [
        kit.link(
            f"{each.vessel}  {certificate_line(words, each)}",
            _case_opener(shell, each.number),
        )
        for each in held
    ]
    return kit.section(
        words("people.certificates"), [*lines] or [ft.Text(words("find.none"))]
    )
