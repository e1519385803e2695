"""Paper bags: what is in which bag, what is still here, and packing in one go."""

import flet as ft

from desk_app.components import kit
from desk_app.services import bags as verbs
from desk_app.services import sheets
from desk_app.services.shown import CaseRow
from desk_app.text.words import Words
from desk_app.views.board import case_line
from desk_app.views.preview import preview
from desk_app.views.shell import Shell
from schemas.steps import PapersAt

_SHOWN = 40


async def bags(shell: Shell) -> None:
    """Show the bags, and the papers that are still at the window."""
    words, place = shell.words, shell.desk.place
    known = await shell.do(verbs.bags, place)
    here = await shell.do(verbs.at_town, place, limit=_SHOWN)
    number = ft.TextField(label=words("bags.number"), dense=True, width=320)
    ticks = {row.number: ft.Checkbox(value=False) for row in here}
    every = ft.Checkbox(label=words("bags.all"))

    def tick_all() -> None:
        for tick in ticks.values():
            tick.value = every.value
        shell.page.update()

    every.on_change = lambda _: tick_all()

    async def pack() -> None:
        chosen = [name for name, tick in ticks.items() if tick.value]
        bag = (number.value or "").strip().upper()
        done = await shell.do_long("bags.moving", verbs.pack, place, bag, chosen)
        await bags(shell)
        _say(shell, bag, done)

    number.on_submit = lambda _: shell.act(pack)()
    shell.keys = {"F8": shell.act(pack)}
    shell.hint("bags")
    none: list[ft.Control] = [ft.Text(words("bags.none"))]
    shell.show(
        [
            kit.title(words("bags.title")),
            kit.section(
                words("bags.known"), [_bag(shell, each) for each in known] or none
            ),
            kit.section(
                words("bags.here"),
                [
                    ft.Text(words("bags.hint"), size=14),
                    ft.Row(
                        [number, every,
                         kit.button(words("bags.pack"), shell.act(pack), primary=True)],
                        wrap=True,
                    ),
                    *[_tickable(shell, row, ticks[row.number]) for row in here],
                ],
            ),
        ]
    )  # fmt: skip
    await kit.focus(number)


def _tickable(shell: Shell, row: CaseRow, tick: ft.Checkbox) -> ft.Control:
    line = case_line(shell, row)
    line.expand = True
    return ft.Row([tick, line])


def _bag(shell: Shell, bag: verbs.Bag) -> ft.Control:
    words, place = shell.words, shell.desk.place

    async def back() -> None:
        await bags(shell)

    async def handover() -> None:
        pdf = await shell.do(sheets.handover_list, place, bag.bag)
        title = Words("print")("handover.title")
        await preview(shell, title, f"{bag.bag}-handover", pdf, back)

    async def look() -> None:
        await _inside(shell, bag)

    buttons = [
        kit.button(words("bags.inside"), shell.act(look)),
        kit.button(words("bags.handover"), shell.act(handover)),
    ]
    following = {
        PapersAt.BAG: (PapersAt.DISTRICT, PapersAt.TOWN),
        PapersAt.DISTRICT: (PapersAt.BAG, PapersAt.TOWN),
        PapersAt.TOWN: (PapersAt.RETURNED,),
    }
    buttons += [
        kit.button(words(f"bags.to_{to}"), _mover(shell, bag, to))
        for to in following.get(bag.where, ())
    ]
    said = words("bags.line", bag=bag.bag, count=bag.count)
    where = words(f"choice.{bag.where}")
    return ft.Row(
        [ft.Text(f"{said} · {where}", size=16, width=360), *buttons], wrap=True
    )


def _mover(shell: Shell, bag: verbs.Bag, to: PapersAt) -> kit.Action:
    async def move() -> None:
        place = shell.desk.place
        done = await shell.do_long("bags.moving", verbs.move_bag, place, bag.bag, to)
        await bags(shell)
        _say(shell, bag.bag, done)

    return shell.act(move)


async def _inside(shell: Shell, bag: verbs.Bag) -> None:
    rows = await shell.do(verbs.in_bag, shell.desk.place, bag.bag)
    shell.keys = {"Escape": shell.to("bags")}
    shell.show(
        [
            kit.title(shell.words("bags.line", bag=bag.bag, count=len(rows))),
            ft.Row([kit.button(shell.words("case.back"), shell.to("bags"))]),
            kit.section("", [case_line(shell, row) for row in rows]),
        ]
    )


def _say(shell: Shell, bag: str, done: tuple[verbs.Moved, ...]) -> None:
    failed = [each for each in done if each.problem is not None]
    if failed and failed[0].problem is not None:
        shell.show_problem(failed[0].problem)
        return
    shell.show_note(shell.words("bags.done", bag=bag, count=len(done)))
