"""Commands for entries that would not go through: list, retry, settle."""

from typing import Annotated

import typer

from desk_app.boot.session import Json, Login, out, show, unlocked
from desk_app.services import quarantining
from desk_app.text.words import Words, local_time, number_words

app = typer.Typer(help="Entries that the district would not take, each with its task.")
Epoch = Annotated[int, typer.Argument(help="The epoch, as listed.")]
Sequence = Annotated[int, typer.Argument(help="The sequence, as listed.")]


@app.command("list")
def quarantine_list(
    context: typer.Context, login: Login = None, as_json: Json = False
) -> None:
    """List what waits for a supervisor, in order of the journal."""
    words = Words("desk")
    with unlocked(context.obj, login) as desk:
        tasks = quarantining.tasks(desk.place)
        show(
            [
                {"epoch": t.epoch, "sequence": t.sequence, "problem": t.problem,
                 "reason": t.reason, "found_by": t.found_by, "state": t.state,
                 "found_at": t.found_at}
                for t in tasks
            ],
            as_json=as_json,
            lines=[
                words(
                    "quarantine.line", epoch=t.epoch, sequence=t.sequence,
                    code=t.problem, title=number_words(t.problem)[0],
                    state=words(f"quarantine.{t.state}"),
                    time=local_time(quarantining.found(t)),
                )
                for t in tasks
            ],
        )  # fmt: skip


@app.command("retry")
def quarantine_retry(
    context: typer.Context, epoch: Epoch, sequence: Sequence, login: Login = None
) -> None:
    """Offer an entry again, inside a new one; supervisors only."""
    with unlocked(context.obj, login) as desk:
        quarantining.retry(desk.place, epoch, sequence)
        out.print(Words("desk")("quarantine.offered_again"))


@app.command("settle")
def quarantine_settle(
    context: typer.Context,
    epoch: Epoch,
    sequence: Sequence,
    note: Annotated[str, typer.Option(help="Why nothing more is to be done.")],
    login: Login = None,
) -> None:
    """Close the task with a reason; supervisors only. The entry stays on record."""
    with unlocked(context.obj, login) as desk:
        quarantining.settle(desk.place, epoch, sequence, note=note)
        out.print(Words("desk")("quarantine.closed"))
