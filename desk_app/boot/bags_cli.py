"""Commands for paper bags: what is in which, packing, and where they are now."""

from typing import Annotated

import typer

from desk_app.boot.session import Json, Login, fail, out, show, unlocked, watched
from desk_app.services import bags
from desk_app.text.words import Words
from schemas.steps import PapersAt

app = typer.Typer(help="Paper bags: the originals of several cases travel together.")
Bag = Annotated[str, typer.Argument(help="The bag's own number.")]


@app.command("list")
def bags_list(
    context: typer.Context, login: Login = None, as_json: Json = False
) -> None:
    """List the bags and where they are."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        found = bags.bags(desk.place)
        show(
            [{"bag": b.bag, "where": b.where, "cases": b.count} for b in found],
            as_json=as_json,
            lines=[
                f"{words('bags.line', bag=b.bag, count=b.count)} "
                f"{words(f'choice.{b.where}')}"
                for b in found
            ],
        )


@app.command("show")
def bags_show(
    context: typer.Context, bag: Bag, login: Login = None, as_json: Json = False
) -> None:
    """List the cases whose papers are, or last were, in a bag."""
    with unlocked(context.obj, login) as desk:
        rows = bags.in_bag(desk.place, bag)
        show(
            [{"number": r.number, "state": r.state, "item": r.item_code} for r in rows],
            as_json=as_json,
            lines=[f"{r.number} {r.applicant_name} {r.item_name}" for r in rows],
        )


@app.command("pack")
def bags_pack(
    context: typer.Context,
    bag: Bag,
    numbers: Annotated[list[str], typer.Argument(help="Case numbers.")],
    login: Login = None,
) -> None:
    """Put the papers of cases into a bag; one that is refused stops none."""
    with unlocked(context.obj, login) as desk:
        with watched("bags.moving") as watch:
            done = bags.pack(desk.place, bag, numbers, progress=watch)
        _tell(bag, done)
        watch.check()


@app.command("move")
def bags_move(
    context: typer.Context,
    bag: Bag,
    to: Annotated[PapersAt, typer.Option(help="Where the bag's papers are now.")],
    login: Login = None,
) -> None:
    """Note for every case of a bag where its papers are now."""
    with unlocked(context.obj, login) as desk:
        with watched("bags.moving") as watch:
            done = bags.move_bag(desk.place, bag, to, progress=watch)
        _tell(bag, done)
        watch.check()


def _tell(bag: str, done: tuple[bags.Moved, ...]) -> None:
    failed = [each for each in done if each.problem is not None]
    moved = len(done) - len(failed)
    out.print(Words("desk")("bags.done", bag=bag, count=moved))
    for each in failed:
        out.print(each.number, markup=False)
    if failed and failed[0].problem is not None:
        fail(failed[0].problem)
